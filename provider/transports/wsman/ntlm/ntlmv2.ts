import { createHash, createHmac } from "node:crypto";
import { md4 } from "./md4";
import { Rc4 } from "./rc4";
import { toWindowsUpperCase, type UserName } from "./userName";

/** Text as Windows writes it. */
export function utf16(text: string): Buffer {
  return Buffer.from(text, "utf16le");
}

/** `HMAC_MD5` of MS-NLMP, section 6. */
export function hmacMd5(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  const hmac = createHmac("md5", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** What Windows keeps of a password: as good as the password itself. */
export function ntHash(password: string): Buffer {
  return md4(utf16(password));
}

/** `NTOWFv2`, the key that proves the password. Source: MS-NLMP, section 3.3.2. */
export function responseKey(passwordHash: Buffer, { user, domain }: UserName): Buffer {
  return hmacMd5(passwordHash, utf16(toWindowsUpperCase(user) + domain));
}

/** What a response is made from. */
export interface ResponseInput {
  readonly serverChallenge: Buffer;
  /** 8 random bytes of the client. */
  readonly clientChallenge: Buffer;
  /** Windows file time, 8 bytes. */
  readonly time: Buffer;
  /** The host's target information with what the client adds. */
  readonly targetInfo: Buffer;
}

/** The proof of the password and the key that both sides have from it. Source: MS-NLMP, section 3.3.2 (`ComputeResponse`). */
export function ntlmv2Response(key: Buffer, { serverChallenge, clientChallenge, time, targetInfo }: ResponseInput) {
  const versions = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]);
  const zeros = Buffer.alloc(4);
  const blob = Buffer.concat([versions, time, clientChallenge, zeros, targetInfo, zeros]);
  const proof = hmacMd5(key, serverChallenge, blob);
  return { ntResponse: Buffer.concat([proof, blob]), sessionBaseKey: hmacMd5(key, proof) };
}

/** `RC4K`: the session key as it travels. With NTLMv2 the key exchange key is the session base key (section 3.4.5.1). */
export function encryptSessionKey(sessionBaseKey: Buffer, sessionKey: Buffer): Buffer {
  return new Rc4(sessionBaseKey).apply(sessionKey);
}

/** Who encrypts. */
export type Direction = "client-to-server" | "server-to-client";

/** `SIGNKEY` and `SEALKEY` with extended session security and 128 bit. Source: MS-NLMP, sections 3.4.5.2 and 3.4.5.3. */
export function directionKey(sessionKey: Buffer, direction: Direction, use: "signing" | "sealing"): Buffer {
  return createHash("md5")
    .update(sessionKey)
    .update(`session key to ${direction} ${use} key magic constant\0`)
    .digest();
}

/** The earliest timestamp of Windows file time, in milliseconds before 1970. Source: MS-DTYP, section 2.3.3. */
const fileTimeOffsetMs = 11_644_473_600_000n;
const ticksOfMs = 10_000n;

/** A timestamp as Windows file time: steps of 100 ns since 1601. */
export function fileTime(ms: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((BigInt(Math.floor(ms)) + fileTimeOffsetMs) * ticksOfMs);
  return bytes;
}
