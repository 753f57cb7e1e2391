import { hasFlag, ntlmFlag } from "./acceptorFlags";

const signature = Buffer.from("NTLMSSP\0", "latin1");
/** Fixed parts, in bytes. Source: MS-NLMP 2.2.1.2 and 2.2.1.3. */
const challengeHead = 56;
const authenticateHead = 64;
const micAt = 72;
const micBytes = 16;

/** A message that is none of NTLM. */
export class NtlmMalformed extends Error {
  constructor(what: string) {
    super(`not an NTLM message: ${what}`);
    this.name = "NtlmMalformed";
  }
}

/** The number of a message: 1 negotiate, 2 challenge, 3 authenticate. */
export function messageType(token: Buffer): number {
  if (token.length < 12 || !token.subarray(0, 8).equals(signature)) throw new NtlmMalformed("no signature");
  return token.readUInt32LE(8);
}

/** The flags of the first message. Source: MS-NLMP 2.2.1.1. */
export function readNegotiate(token: Buffer): number {
  if (messageType(token) !== 1 || token.length < 16) throw new NtlmMalformed("no NEGOTIATE_MESSAGE");
  return token.readUInt32LE(12);
}

/** Writes a CHALLENGE_MESSAGE. Source: MS-NLMP 2.2.1.2. */
export function writeChallenge(message: {
  readonly flags: number;
  readonly targetName: string;
  readonly serverChallenge: Buffer;
  readonly targetInfo: Buffer;
}): Buffer {
  const target = Buffer.from(message.targetName, "utf16le");
  const head = Buffer.alloc(challengeHead);
  signature.copy(head);
  head.writeUInt32LE(2, 8);
  writeField(head, 12, target.length, challengeHead);
  head.writeUInt32LE(message.flags >>> 0, 20);
  message.serverChallenge.copy(head, 24);
  writeField(head, 40, message.targetInfo.length, challengeHead + target.length);
  // Version 10.0, build 20348, NTLM revision 15 (MS-NLMP 2.2.2.10); nobody reads it.
  Buffer.from([10, 0, 0x7c, 0x4f, 0, 0, 0, 15]).copy(head, 48);
  return Buffer.concat([head, target, message.targetInfo]);
}

/** An AUTHENTICATE_MESSAGE. Source: MS-NLMP 2.2.1.3. */
export interface AuthenticateMessage {
  readonly flags: number;
  readonly ntResponse: Buffer;
  readonly domain: string;
  readonly user: string;
  readonly encryptedSessionKey: Buffer;
  /** Missing when its payload begins where the code would be. */
  readonly mic: Buffer | undefined;
  /** The message as it was before the code was put into it. */
  readonly withoutMic: Buffer;
}

/** @throws NtlmMalformed */
export function readAuthenticate(token: Buffer): AuthenticateMessage {
  if (messageType(token) !== 3 || token.length < authenticateHead) throw new NtlmMalformed("no AUTHENTICATE_MESSAGE");
  const flags = token.readUInt32LE(60);
  if (!hasFlag(flags, ntlmFlag.unicode)) throw new NtlmMalformed("its texts are not Unicode");
  const offsets = [12, 20, 28, 36, 44, 52].map((at) => readField(token, at));
  const [, ntResponse, domain, user, , sessionKey] = offsets.map(({ value }) => value);
  const payloadAt = Math.min(
    ...offsets.filter(({ value }) => value.length > 0).map(({ offset }) => offset),
    token.length,
  );
  const hasMic = payloadAt >= micAt + micBytes;
  return {
    flags,
    ntResponse: ntResponse ?? Buffer.alloc(0),
    domain: domain?.toString("utf16le") ?? "",
    user: user?.toString("utf16le") ?? "",
    encryptedSessionKey: sessionKey ?? Buffer.alloc(0),
    mic: hasMic ? token.subarray(micAt, micAt + micBytes) : undefined,
    withoutMic: hasMic
      ? Buffer.concat([token.subarray(0, micAt), Buffer.alloc(micBytes), token.subarray(micAt + micBytes)])
      : token,
  };
}

function writeField(message: Buffer, at: number, length: number, offset: number): void {
  message.writeUInt16LE(length, at);
  message.writeUInt16LE(length, at + 2);
  message.writeUInt32LE(offset, at + 4);
}

function readField(message: Buffer, at: number): { offset: number; value: Buffer } {
  const length = message.readUInt16LE(at);
  const offset = message.readUInt32LE(at + 4);
  if (length > 0 && offset + length > message.length) throw new NtlmMalformed("a field ends behind the message");
  return { offset, value: length === 0 ? Buffer.alloc(0) : message.subarray(offset, offset + length) };
}
