import { AsyncLocalStorage } from "node:async_hooks";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** How bytes get to the other end: calls `deliver` when they are there. */
type Way = (deliver: () => void) => void;

const atOnce: Way = (deliver) => {
  process.nextTick(deliver);
};

/** One end of a connection within this process, with what Node's HTTP calls on a socket. */
class WireEnd extends Duplex {
  other: WireEnd | undefined;
  /** How many pieces a message is cut into. */
  pieces = 1;
  way: Way = atOnce;
  onSend: () => void = () => undefined;
  #drained: (() => void) | undefined;

  constructor() {
    super({ allowHalfOpen: false });
    // Its user listens to it, and nothing does once it is back in the pool.
    this.on("error", () => undefined);
  }

  override _read(): void {
    const drained = this.#drained;
    this.#drained = undefined;
    drained?.();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.onSend();
    const length = Math.max(1, Math.ceil(bytes.length / this.pieces));
    const send = (from: number): void => {
      this.way(() => {
        const rest = from + length;
        this.#deliver(bytes.subarray(from, rest), () => {
          if (rest >= bytes.length) done();
          else send(rest);
        });
      });
    };
    send(0);
  }

  override _final(done: () => void): void {
    this.way(() => {
      if (this.other?.destroyed === false) this.other.push(null);
      done();
    });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    process.nextTick(() => {
      if (this.other?.destroyed === false) this.other.destroy(reset());
    });
    done(error);
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #deliver(bytes: Buffer, done: () => void): void {
    const { other } = this;
    if (other === undefined || other.destroyed) return;
    if (other.push(bytes)) done();
    else other.#drained = done;
  }
}

function reset(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}

/** A connection without sockets, on which the bytes of a reply can be delayed, and which can break. */
export class Wire {
  readonly #client = new WireEnd();
  readonly #host = new WireEnd();
  #inContext: <Result>(work: () => Result) => Result = (work) => work();
  #isStale = false;

  constructor() {
    this.#client.other = this.#host;
    this.#host.other = this.#client;
    this.#client.onSend = () => {
      // The other end no longer knows who asked.
      this.#inContext = AsyncLocalStorage.snapshot();
      if (this.#isStale) this.#client.destroy(reset());
      this.#host.pieces = 1;
      this.#host.way = atOnce;
    };
  }

  /** The client's end: of a socket it has what is used here. */
  get clientEnd(): Socket {
    return this.#client as unknown as Socket;
  }

  get hostEnd(): Duplex {
    return this.#host;
  }

  /** Does something in the async context of the sender of the request that is being answered. */
  inContext<Result>(work: () => Result): Result {
    return this.#inContext(work);
  }

  /** The host has closed it, and the client notices only when it sends something. */
  goStale(): void {
    this.#isStale = true;
  }

  /** What the host sends until the next request comes in so many pieces, each after a wait. */
  holdUp(pieces: number, wait: () => Promise<void>): void {
    this.#host.pieces = pieces;
    this.#host.way = (deliver) => {
      void wait().then(deliver);
    };
  }
}
