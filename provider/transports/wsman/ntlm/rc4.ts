const stateLength = 256;

/**
 * RC4, which NTLM encrypts with and which Node's OpenSSL 3 no longer has. One object is one key stream: what is applied to one
 * message continues where the last one ended. Source: the algorithm as RFC 6229 gives vectors for it.
 */
export class Rc4 {
  readonly #state = Uint8Array.from({ length: stateLength }, (_, index) => index);
  #i = 0;
  #j = 0;

  /** @param key - from 1 to 256 bytes. */
  constructor(key: Buffer) {
    let j = 0;
    for (let i = 0; i < stateLength; i += 1) {
      j = (j + this.#at(i) + key.readUInt8(i % key.length)) % stateLength;
      this.#swap(i, j);
    }
  }

  /** The data with the next bytes of the key stream laid over it: the same call encrypts and opens. */
  apply(data: Buffer): Buffer {
    const result = Buffer.from(data);
    for (let index = 0; index < result.length; index += 1) {
      this.#i = (this.#i + 1) % stateLength;
      this.#j = (this.#j + this.#at(this.#i)) % stateLength;
      this.#swap(this.#i, this.#j);
      result[index] = (result[index] ?? 0) ^ this.#at((this.#at(this.#i) + this.#at(this.#j)) % stateLength);
    }
    return result;
  }

  /** Never outside: every index is a remainder of 256. */
  #at(index: number): number {
    return this.#state[index] ?? 0;
  }

  #swap(i: number, j: number): void {
    const kept = this.#at(i);
    this.#state[i] = this.#at(j);
    this.#state[j] = kept;
  }
}
