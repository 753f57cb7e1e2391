import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { isObject, isSecret, mapChildren, secret, secretSignature, signatureKey, type PropertyValue } from "./values";

// The CLI's passphrase secrets provider (pulumi/pulumi, pkg/secrets/passphrase and sdk/go/common/resource/config/crypt.go):
// AES-256-GCM, key from PBKDF2-SHA256, texts as `v1:<nonce>:<ciphertext and tag>`, the salt followed by an encrypted "pulumi".
const iterations = 1_000_000;
const keyLength = 32;
const saltLength = 8;
const nonceLength = 12;
const tagLength = 16;
const knownText = "pulumi";

/** Encrypts the secrets of one stack: they are never on disk in clear. */
export class SecretBox {
  /** What the state keeps, to make the same key again. */
  readonly salt: string;
  readonly #key: Buffer;

  /**
   * @param salt - from the state, or nothing for a new stack.
   * @throws Error when the passphrase is not the one that the state was written with.
   */
  constructor(passphrase: string, salt?: string) {
    const [version, encodedSalt = "", ...sealedProof] = (salt ?? "").split(":");
    const raw = salt === undefined ? randomBytes(saltLength) : Buffer.from(encodedSalt, "base64");
    if (salt !== undefined && version !== "v1") throw new Error(`unknown kind of secrets in the state: "${version}"`);
    this.#key = pbkdf2Sync(passphrase, raw, iterations, keyLength, "sha256");
    this.salt = salt ?? `v1:${raw.toString("base64")}:${this.#seal(knownText)}`;
    if (salt !== undefined && this.#tryOpen(sealedProof.join(":")) !== knownText) {
      throw new Error("incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE to the correct passphrase");
    }
  }

  /** Replaces every secret by its encrypted form, at any depth. */
  sealAll(value: PropertyValue): PropertyValue {
    if (!isSecret(value)) return mapChildren(value, (child) => this.sealAll(child));
    return { [signatureKey]: secretSignature, ciphertext: this.#seal(JSON.stringify(value.value)) };
  }

  /** Undoes {@link sealAll}. */
  openAll(value: PropertyValue): PropertyValue {
    if (!isSealed(value)) return mapChildren(value, (child) => this.openAll(child));
    const text = this.#tryOpen(value.ciphertext);
    if (text === undefined) throw new Error("a secret in the state cannot be opened: the state was changed by hand");
    return secret(JSON.parse(text) as PropertyValue);
  }

  #seal(text: string): string {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  }

  #tryOpen(text: string): string | undefined {
    const [, nonce = "", sealed = ""] = text.split(":");
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, Buffer.from(nonce, "base64"));
    try {
      decipher.setAuthTag(bytes.subarray(-tagLength));
      return Buffer.concat([decipher.update(bytes.subarray(0, -tagLength)), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}

/** Whether there is a secret, in clear or encrypted, so that a key is needed at all: making one takes a third of a second. */
export function holdsSecret(value: PropertyValue): boolean {
  if (isSecret(value) || isSealed(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

function isSealed(value: PropertyValue): value is { ciphertext: string } {
  return isObject(value) && value[signatureKey] === secretSignature && typeof value["ciphertext"] === "string";
}
