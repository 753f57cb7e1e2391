import type { SecurityContext } from "../../../../../provider/transports/wsman/securityContext";

/** A context that encrypts by turning bits around and counting messages, and is agreed after its second token. */
export class FakeContext implements SecurityContext {
  isEstablished = false;
  readonly steps: (string | undefined)[] = [];
  #sealed = 0;
  #opened = 0;

  constructor(
    readonly name: string,
    readonly scheme: "Negotiate" | "Kerberos" = "Negotiate",
  ) {}

  async step(hostToken?: Buffer): Promise<Buffer | undefined> {
    this.steps.push(hostToken?.toString());
    if (hostToken === undefined) return Buffer.from(`${this.name} hello`);
    if (hostToken.toString() !== `${this.name} challenge`) throw new Error(`unexpected token ${hostToken.toString()}`);
    this.isEstablished = true;
    return this.scheme === "Negotiate" ? Buffer.from(`${this.name} proof`) : undefined;
  }

  async seal(message: Buffer): Promise<{ readonly header: Buffer; readonly data: Buffer }> {
    this.#sealed += 1;
    return { header: Buffer.from(`${this.name}#${this.#sealed}`), data: turned(message) };
  }

  async unseal(header: Buffer, data: Buffer): Promise<Buffer> {
    this.#opened += 1;
    if (header.toString() !== `${this.name}#${this.#opened}`) throw new Error("the signature does not fit");
    return turned(data);
  }
}

function turned(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}
