import type { SecurityContext } from "../securityContext";

/**
 * An encrypted message on plain HTTP: `multipart/encrypted` of two parts, the first describing the message, the second holding the
 * length of the header as four bytes, little-endian, the header, and the data. Source: MS-WSMV, section 2.2.9.1.
 */

const boundary = "Encrypted Boundary";

/** By the scheme of the context. */
const protocols = {
  Negotiate: "application/HTTP-SPNEGO-session-encrypted",
  Kerberos: "application/HTTP-Kerberos-session-encrypted",
} as const;

/** The decrypted message. */
export interface Opened {
  readonly body: Buffer;
  /** `application/soap+xml;charset=UTF-16`. */
  readonly mediaType: string;
}

/** A response is not encrypted in the form that it says, or cannot be decrypted. */
export class SealError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SealError";
  }
}

export function sealedMediaType({ scheme }: SecurityContext): string {
  return `multipart/encrypted;protocol="${protocols[scheme]}";boundary="${boundary}"`;
}

export function isSealed(mediaType: string | undefined): boolean {
  return /^\s*multipart\/(x-multi-)?encrypted\s*(;|$)/i.test(mediaType ?? "");
}

/** The body of a request. Lines within a part begin with a tab, and nothing stands between the data and the last boundary. */
export async function sealMessage(context: SecurityContext, message: Buffer, mediaType: string): Promise<Buffer> {
  const { header, data } = await context.seal(message);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const head = [
    `--${boundary}`,
    `\tContent-Type: ${protocols[context.scheme]}`,
    `\tOriginalContent: type=${mediaType};Length=${message.length}`,
    `--${boundary}`,
    "\tContent-Type: application/octet-stream",
    "",
  ].join("\r\n");
  return Buffer.concat([Buffer.from(head), length, header, data, Buffer.from(`--${boundary}--\r\n`)]);
}

// The grammar of the specification has no `type=`, and its example has a space before the boundary's name.
const start = /^-- ?Encrypted Boundary\r\n/;
const described = /^\s*OriginalContent:\s*(?:type=)?(.+?);\s*Length=(\d{1,10})\s*$/im;
const octets = /\r\n-- ?Encrypted Boundary\r\n[\t ]*Content-Type:[\t ]*application\/octet-stream[\t ]*\r\n/i;
const ends = ["--Encrypted Boundary--", "-- Encrypted Boundary--"];

/** More than the first part and the head of the second need. */
const longestHead = 1_024;

/**
 * Opens the body of a reply.
 * @throws {@link SealError}
 */
export async function openMessage(context: SecurityContext, body: Buffer): Promise<Opened> {
  const head = body.toString("latin1", 0, longestHead);
  const second = octets.exec(head);
  const [, mediaType, length] = described.exec(head.slice(0, second?.index)) ?? [];
  if (!start.test(head) || second === null || mediaType === undefined || length === undefined) {
    throw new SealError("the encrypted response does not have its two parts");
  }
  const sealed = body.subarray(second.index + second[0].length, endOf(body));
  if (sealed.length < 4) throw new SealError("the encrypted response is cut off");
  const headerLength = sealed.readUInt32LE(0);
  if (headerLength > sealed.length - 4) throw new SealError("the encrypted response is cut off");
  const message = await opened(context, sealed.subarray(4, 4 + headerLength), sealed.subarray(4 + headerLength));
  // Encryption may have padded it.
  if (message.length < Number(length)) throw new SealError("the encrypted response is shorter than it says");
  return { body: message.subarray(0, Number(length)), mediaType };
}

/** The last boundary: what stands before it may contain anything. */
function endOf(body: Buffer): number {
  const end = Math.max(...ends.map((text) => body.lastIndexOf(text)));
  if (end === -1) throw new SealError("the encrypted response is cut off");
  return end;
}

async function opened(context: SecurityContext, header: Buffer, data: Buffer): Promise<Buffer> {
  try {
    return await context.unseal(header, data);
  } catch (error) {
    throw new SealError("the response cannot be decrypted", { cause: error });
  }
}
