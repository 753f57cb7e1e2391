import { randomBytes } from "node:crypto";
import net from "node:net";
import { literal, longValues } from "./hpack";

// Frames of HTTP/2: RFC 9113, section 4.1 and 6.
const headerLength = 9;
const headersFrame = 1;
const continuationFrame = 9;
const endOfHeaders = 0x4;
const paddedOrPrioritised = 0x28;
/** Node's HTTP/2 refuses a field that is longer than 64 KB in its encoded form; see `NGHTTP2_HD_MAX_NV` in nghttp2. */
const longestValue = 32_768;
const largestFrame = 16_384;

/**
 * Stands between this engine and a plugin because an init error carries a resource's properties in one header field,
 * of which Node's client takes 64 KB while the real engine takes 16 MB. A longer field is taken out on the way and is
 * had again with {@link restore}.
 */
export class TrailerRelay {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #values = new Map<string, string>();

  private constructor(pluginPort: number) {
    this.#server = net.createServer((client) => {
      const plugin = net.connect(pluginPort, "127.0.0.1");
      client.setNoDelay();
      plugin.setNoDelay();
      client.pipe(plugin);
      this.#forward(plugin, client);
      for (const [socket, other] of [
        [client, plugin],
        [plugin, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
  }

  /** Opens a relay to a plugin. */
  static async open(pluginPort: number): Promise<TrailerRelay> {
    const relay = new TrailerRelay(pluginPort);
    await new Promise<void>((resolve, reject) => {
      relay.#server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    return relay;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  /** The value of a header field as the plugin sent it. */
  restore(value: string): string {
    return this.#values.get(value) ?? value;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #forward(plugin: net.Socket, client: net.Socket): void {
    let received = Buffer.alloc(0);
    let open: { readonly head: Buffer; readonly parts: Buffer[] } | undefined;
    plugin.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        const length = received.length < headerLength ? Infinity : headerLength + received.readUIntBE(0, 3);
        if (received.length < length) return;
        const frame = received.subarray(0, length);
        received = received.subarray(length);
        const [type, flags] = [frame[3], frame[4] ?? 0];
        const isComplete = (flags & endOfHeaders) !== 0;
        if (type === headersFrame && !isComplete) {
          if ((flags & paddedOrPrioritised) !== 0) throw new Error("a padded or prioritised frame of header fields");
          open = { head: frame.subarray(0, headerLength), parts: [frame.subarray(headerLength)] };
        } else if (type === continuationFrame && open !== undefined) {
          open.parts.push(frame.subarray(headerLength));
          if (!isComplete) continue;
          client.write(this.#shorten(open.head, Buffer.concat(open.parts)));
          open = undefined;
        } else client.write(frame);
      }
    });
  }

  /** One frame for all the parts of a block, without the long values in it. */
  #shorten(head: Buffer, block: Buffer): Buffer {
    const parts: Buffer[] = [];
    let at = 0;
    for (const { start, end, text } of longValues(block, longestValue)) {
      // Whether gRPC takes a field for base64 depends on its name: this is base64 and text alike.
      const key = randomBytes(9).toString("base64");
      this.#values.set(key, text);
      parts.push(block.subarray(at, start), literal(key));
      at = end;
    }
    const short = Buffer.concat([...parts, block.subarray(at)]);
    const frames: Buffer[] = [];
    for (let from = 0; from < short.length || from === 0; from += largestFrame) {
      const payload = short.subarray(from, from + largestFrame);
      const frame = Buffer.concat([head, payload]);
      frame.writeUIntBE(payload.length, 0, 3);
      frame[3] = from === 0 ? headersFrame : continuationFrame;
      const isLast = from + largestFrame >= short.length;
      frame[4] = ((from === 0 ? head[4] : 0) ?? 0) | (isLast ? endOfHeaders : 0);
      frames.push(frame);
    }
    return Buffer.concat(frames);
  }
}
