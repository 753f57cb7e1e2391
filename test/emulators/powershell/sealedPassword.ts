import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt, type KeyObject } from "node:crypto";
import { z } from "zod";

/**
 * Wire contract: a password by AES-256 in CBC mode with PKCS #7 padding, and the key for that by RSA-OAEP with SHA-1 and
 * the key that `Get-HvReplicaKey` gave last; everything in base64.
 */
export const sealedPasswordSchema = z.strictObject({ key: z.base64(), iv: z.base64(), data: z.base64() });

/** The key of one process for one password. */
export class PasswordKey {
  readonly #private: KeyObject;
  /** The public half: big-endian numbers in base64. */
  readonly publicHalf: { readonly modulus: string; readonly exponent: string };

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    this.#private = privateKey;
    const { n = "", e = "" } = publicKey.export({ format: "jwk" });
    const base64 = (text: string): string => Buffer.from(text, "base64url").toString("base64");
    this.publicHalf = { modulus: base64(n), exponent: base64(e) };
  }

  /** The password; `undefined` when it was encrypted for another key. */
  open({ key, iv, data }: z.output<typeof sealedPasswordSchema>): string | undefined {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    try {
      const aesKey = privateDecrypt({ key: this.#private, padding, oaepHash: "sha1" }, Buffer.from(key, "base64"));
      const decipher = createDecipheriv("aes-256-cbc", aesKey, Buffer.from(iv, "base64"));
      return Buffer.concat([decipher.update(Buffer.from(data, "base64")), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}
