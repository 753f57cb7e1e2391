/** The encodings that the service takes; it answers in the one of the request. Source: `wsmerror.h`, unsupported encoding. */
export type Charset = "utf-8" | "utf-16";

/** What cannot be read as text. */
export class TextRefused extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(why, options);
    this.name = "TextRefused";
  }
}

const byteOrderMark = "\uFEFF";

/** The charset that a content type names; UTF-8 when it names none. @throws TextRefused for any other. */
export function charsetOf(contentType: string): Charset {
  const named = /charset="?([^";\s]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? "utf-8";
  if (named === "utf-8") return "utf-8";
  if (named === "utf-16" || named === "utf-16le") return "utf-16";
  throw new TextRefused(`the character set ${named} is not supported`);
}

/** @throws TextRefused for bytes that are no text in this encoding. */
export function decode(bytes: Buffer, charset: Charset): string {
  const isBigEndian = charset === "utf-16" && bytes[0] === 0xfe && bytes[1] === 0xff;
  try {
    const label = charset === "utf-8" ? "utf-8" : isBigEndian ? "utf-16be" : "utf-16le";
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TextRefused(`the text is not ${charset}`, { cause });
  }
}

/** Text as bytes; UTF-16 with its low bytes first and a mark that says so. */
export function encode(text: string, charset: Charset): Buffer {
  return charset === "utf-8" ? Buffer.from(text, "utf8") : Buffer.from(`${byteOrderMark}${text}`, "utf16le");
}

/** How many bytes a text takes. */
export function octetsOf(text: string, charset: Charset): number {
  return charset === "utf-8" ? Buffer.byteLength(text) : 2 * text.length;
}
