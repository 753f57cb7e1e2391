/** An RC4 key stream with its place: NTLM continues with it from message to message. Node's OpenSSL no longer has it. */
export class Rc4 {
  private readonly table = Uint8Array.from({ length: 256 }, (_, index) => index);
  private first = 0;
  private second = 0;

  constructor(key: Buffer) {
    let other = 0;
    for (let index = 0; index < 256; index++) {
      other = (other + this.at(index) + (key[index % key.length] ?? 0)) & 0xff;
      this.swap(index, other);
    }
  }

  /** Encrypts or decrypts, which is the same. */
  apply(data: Buffer): Buffer {
    return Buffer.from(data.map((byte) => byte ^ this.next()));
  }

  private next(): number {
    this.first = (this.first + 1) & 0xff;
    this.second = (this.second + this.at(this.first)) & 0xff;
    this.swap(this.first, this.second);
    return this.at((this.at(this.first) + this.at(this.second)) & 0xff);
  }

  private at(index: number): number {
    return this.table[index] ?? 0;
  }

  private swap(one: number, other: number): void {
    const kept = this.at(one);
    this.table[one] = this.at(other);
    this.table[other] = kept;
  }
}
