import { Transform, type TransformCallback } from "node:stream";

/** Longest line: thousands of VMs fit into a reply of a tenth of it. */
const longestLineBytes = 32 * 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Hands text on line by line, each as one chunk that ends in a line feed. `node-powershell` waits for ever for a reply that
 * comes as one chunk with the line ends of Windows, and takes long over one that comes in many.
 */
export class LineStream extends Transform {
  #parts: Buffer[] = [];
  #length = 0;

  override _transform(chunk: Buffer | string, encoding: BufferEncoding, done: TransformCallback): void {
    let rest = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
      this.#keep(rest.subarray(0, end));
      this.#emitLine();
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
    if (this.#length <= longestLineBytes) done();
    else done(new Error(`a line is longer than ${longestLineBytes} bytes`));
  }

  override _flush(done: TransformCallback): void {
    if (this.#length > 0) this.#emitLine();
    done();
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
  }

  #emitLine(): void {
    const line = Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    const text = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
    this.push(Buffer.concat([text, Buffer.of(lineFeed)]));
  }
}
