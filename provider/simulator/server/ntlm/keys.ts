import { createHash, createHmac } from "node:crypto";
import { hasFlag, ntlmFlag } from "./acceptorFlags";
import { md4 } from "./md4Digest";

/** Which way a message goes. */
export type Direction = "client-to-server" | "server-to-client";

/** `NTOWFv2`, which stands for the password. Source: MS-NLMP 3.3.2. */
export function ntowfV2(password: string, user: string, domain: string): Buffer {
  const hash = md4(Buffer.from(password, "utf16le"));
  return hmacMd5(hash, Buffer.from(upperCase(user) + domain, "utf16le"));
}

/** `HMAC_MD5`. */
export function hmacMd5(key: Buffer, data: Buffer): Buffer {
  return createHmac("md5", key).update(data).digest();
}

/** `SIGNKEY`. Source: MS-NLMP 3.4.5.2. */
export function signingKey(sessionKey: Buffer, direction: Direction): Buffer {
  return md5(Buffer.concat([sessionKey, magic(direction, "signing")]));
}

/** `SEALKEY` with extended session security. Source: MS-NLMP 3.4.5.3. */
export function sealingKey(sessionKey: Buffer, flags: number, direction: Direction): Buffer {
  const bytes = hasFlag(flags, ntlmFlag.key128) ? 16 : hasFlag(flags, ntlmFlag.key56) ? 7 : 5;
  return md5(Buffer.concat([sessionKey.subarray(0, bytes), magic(direction, "sealing")]));
}

function magic(direction: Direction, use: "signing" | "sealing"): Buffer {
  return Buffer.from(`session key to ${direction} ${use} key magic constant\0`, "latin1");
}

function md5(data: Buffer): Buffer {
  return createHash("md5").update(data).digest();
}

/** One character for one character, as Windows does it: "ß" stays. */
function upperCase(text: string): string {
  return text.replace(/./gsu, (one) => (one.toUpperCase().length === one.length ? one.toUpperCase() : one));
}
