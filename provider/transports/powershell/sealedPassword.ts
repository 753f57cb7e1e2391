import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import { z } from "zod";

/** What `Get-HvReplicaKey` answers: the public half of a key that its process has just made, big-endian numbers in base64. */
export const keyShape = z.object({ modulus: z.base64(), exponent: z.base64() });

/** A password that only the process with the private half can read: AES-256 in CBC mode, its key by RSA-OAEP with SHA-1. */
export interface SealedPassword {
  readonly key: string;
  readonly iv: string;
  readonly data: string;
}

/**
 * Encrypts a password for one process. A transcript or a log of script blocks keeps the lines that the process has read: with
 * this they hold nothing that anybody can use. SHA-1 is what OAEP means in Windows PowerShell 5.1, and safe in it.
 */
export function sealPassword(password: string, { modulus, exponent }: z.output<typeof keyShape>): SealedPassword {
  const jwk = { kty: "RSA", n: toBase64Url(modulus), e: toBase64Url(exponent) };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  const aesKey = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", aesKey, iv);
  const data = Buffer.concat([cipher.update(password, "utf8"), cipher.final()]);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const key = publicEncrypt({ key: publicKey, padding, oaepHash: "sha1" }, aesKey);
  return { key: key.toString("base64"), iv: iv.toString("base64"), data: data.toString("base64") };
}

function toBase64Url(base64: string): string {
  return Buffer.from(base64, "base64").toString("base64url");
}
