import { timingSafeEqual } from "node:crypto";
import { ReplicaResyncError } from "../../../core/errors";
import { type Direction, directionKey, hmacMd5 } from "./ntlmv2";
import { Rc4 } from "./rc4";

/** Form of the signature with extended session security. Source: MS-NLMP, section 2.2.2.9.2. */
const signatureVersion = 1;
const signatureLength = 16;
const checksumLength = 8;

/**
 * The messages of one direction, in their order: key stream and sequence number continue from one to the next. Source: MS-NLMP,
 * sections 3.4.3 and 3.4.4.2 (with key exchange).
 */
export class MessageStream {
  readonly #cipher: Rc4;
  readonly #signingKey: Buffer;
  #sequence = 0;

  constructor(sessionKey: Buffer, direction: Direction) {
    this.#cipher = new Rc4(directionKey(sessionKey, direction, "sealing"));
    this.#signingKey = directionKey(sessionKey, direction, "signing");
  }

  seal(message: Buffer): { readonly header: Buffer; readonly data: Buffer } {
    const data = this.#cipher.apply(message);
    return { header: this.#sign(message), data };
  }

  /** @throws {@link ReplicaResyncError} when the signature does not fit; no later message can be opened then. */
  unseal(header: Buffer, data: Buffer): Buffer {
    const message = this.#cipher.apply(data);
    const signature = this.#sign(message);
    if (header.length === signatureLength && timingSafeEqual(signature, header)) return message;
    // The caller that sent it has seen our request: what that asked for may have been done.
    throw new ReplicaResyncError("BAD_REPLY", "the signature of the host's encrypted message is wrong", {
      effect: "unknown",
    });
  }

  #sign(message: Buffer): Buffer {
    const signature = Buffer.alloc(signatureLength);
    signature.writeUInt32LE(signatureVersion);
    signature.writeUInt32LE(this.#sequence, signatureLength - 4);
    const checksum = hmacMd5(this.#signingKey, signature.subarray(signatureLength - 4), message);
    this.#cipher.apply(checksum.subarray(0, checksumLength)).copy(signature, 4);
    this.#sequence = (this.#sequence + 1) >>> 0;
    return signature;
  }
}
