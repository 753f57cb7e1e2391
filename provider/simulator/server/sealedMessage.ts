import { type Charset, charsetOf, TextRefused } from "./charset";

/** The content type of a sealed message. Source: MS-WSMV 2.2.9.1.1.1. */
export const sealedType =
  'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"';

const protocol = "application/HTTP-SPNEGO-session-encrypted";
const boundary = "--Encrypted Boundary";
/** A signature of NTLM has 16 bytes; what is longer belongs to no session of this door. */
const longestHeader = 256;

/** A sealed message as it was sent. */
export interface SealedMessage {
  readonly charset: Charset;
  /** How long it is unsealed. */
  readonly length: number;
  readonly header: Buffer;
  readonly data: Buffer;
}

/** Whether a content type says that the body is sealed. */
export function isSealed(contentType: string): boolean {
  return /^multipart\/encrypted\b/i.test(contentType) && contentType.includes(protocol);
}

/**
 * Reads a sealed body: two parts, of which the second has no empty line before its bytes. The example of the specification
 * has a blank after the dashes of a boundary, its grammar lacks `type=`: both are taken.
 * @throws TextRefused
 */
export function readSealed(body: Buffer): SealedMessage {
  // One byte is one character here, so that a match tells where bytes begin.
  const text = body.toString("latin1");
  const head =
    /^\s*-- ?Encrypted Boundary\r\n\s*Content-Type: *application\/HTTP-SPNEGO-session-encrypted\r\n\s*OriginalContent: *(?:type=)?(application\/soap\+xml;[^\r\n]*?)Length=(\d{1,9})\r\n-- ?Encrypted Boundary\r\n\s*Content-Type: *application\/octet-stream\r\n/i.exec(
      text,
    );
  const end = /-- ?Encrypted Boundary--(?:\r\n)?$/.exec(text);
  const [whole, originalContent, length] = head ?? [];
  if (whole === undefined || originalContent === undefined || end === null)
    throw new TextRefused("not the two parts of a sealed message");
  const sealed = body.subarray(whole.length, end.index);
  const headerLength = sealed.length < 4 ? Infinity : sealed.readUInt32LE(0);
  if (headerLength > longestHeader || 4 + headerLength > sealed.length)
    throw new TextRefused("the length of the signature does not fit");
  return {
    charset: charsetOf(originalContent),
    length: Number(length),
    header: sealed.subarray(4, 4 + headerLength),
    data: sealed.subarray(4 + headerLength),
  };
}

/** Writes a sealed body; `length` is the one before it was sealed. */
export function writeSealed(
  charset: Charset,
  length: number,
  { header, data }: { readonly header: Buffer; readonly data: Buffer },
): Buffer {
  const headerLength = Buffer.alloc(4);
  headerLength.writeUInt32LE(header.length);
  const original = `type=application/soap+xml;charset=${charset.toUpperCase()};Length=${length}`;
  const lines = [
    boundary,
    `\tContent-Type: ${protocol}`,
    `\tOriginalContent: ${original}`,
    boundary,
    "\tContent-Type: application/octet-stream",
    "",
  ];
  return Buffer.concat([
    Buffer.from(lines.join("\r\n"), "latin1"),
    headerLength,
    header,
    data,
    Buffer.from(`${boundary}--\r\n`, "latin1"),
  ]);
}
