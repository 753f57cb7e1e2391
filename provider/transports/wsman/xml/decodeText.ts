import { XmlError } from "./readXml";

/** The encodings that WS-Management knows. Source: MS-WSMV, section 2.2.1 (UTF-8 and UTF-16). */
type Encoding = "utf-8" | "utf-16le" | "utf-16be";

const names: ReadonlyMap<string, Encoding> = new Map([
  ["utf-8", "utf-8"],
  ["utf8", "utf-8"],
  ["us-ascii", "utf-8"],
  ["utf-16", "utf-16le"],
  ["utf-16le", "utf-16le"],
  ["utf-16be", "utf-16be"],
]);

/**
 * The text of a reply. A byte order mark says how it is written, then the zero bytes of a "<" in UTF-16, then `charset`: a
 * proxy may have put its own there.
 * @throws {@link XmlError} for another encoding, or bytes that are not text in this one.
 */
export function decodeText(bytes: Buffer, charset: string | undefined): string {
  const encoding = encodingOf(bytes, charset);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new XmlError(`its bytes are not text in ${encoding}`);
  }
}

function encodingOf(bytes: Buffer, charset: string | undefined): Encoding {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  const less = 0x3c;
  if (first === less && second === 0) return "utf-16le";
  if (first === 0 && second === less) return "utf-16be";
  if (charset === undefined) return "utf-8";
  const named = names.get(charset.toLowerCase());
  if (named === undefined)
    throw new XmlError(`it is written in ${JSON.stringify(charset.slice(0, 40))}, not in UTF-8 or UTF-16`);
  // Said to be UTF-16 and begun with neither zero byte: it is UTF-8, as every document starts with "<".
  return first === less ? "utf-8" : named;
}

/** The `charset` of a media type: `application/soap+xml;charset=UTF-8`. */
export function charsetOf(mediaType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)"?/i.exec(mediaType ?? "")?.[1];
}
