import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";

/**
 * What goes wrong with the next message of a client: the bytes it sends after the host's last ones. Of TLS the proxy sees no
 * more than that.
 */
export type ProxyFault =
  /** The connection is reset; nothing of the message reaches the host. */
  | "resetBefore"
  /** The host gets half of it, then the connection is reset on both sides. */
  | "resetWithin"
  /** The host gets it, and answers; the connection is reset before a byte of that arrives. */
  | "resetAfter"
  /** The client gets half of the answer's first bytes, then the connection is reset. */
  | "half"
  /** The same, but the connection is closed normally. */
  | "halfClosed"
  /** Nothing of the answer arrives until {@link FaultProxy.letGo}. */
  | "late"
  /** The answer arrives in pieces of a few bytes. */
  | "drip";

/** How many bytes of an answer arrive at once, if it drips. */
const dripBytes = 7;

/** A connection of a client, with the one to the host behind it. */
interface Pair {
  readonly client: Socket;
  readonly host: Socket;
  /** Whether the last bytes came from the host. */
  isAnswered: boolean;
  fault: ProxyFault | undefined;
  readonly held: Buffer[];
}

/** A TCP proxy between a client and a host, under a test's control: plain HTTP or TLS, which it does not decrypt. */
export class FaultProxy {
  /** How many connections were made to it. */
  connectionsMade = 0;
  readonly #pairs = new Set<Pair>();
  readonly #waiting: { readonly isDone: () => boolean; readonly resolve: () => void }[] = [];
  #next: ProxyFault | undefined;
  #isHeld = false;

  private constructor(
    private readonly server: Server,
    private hostPort: number,
  ) {
    server.on("connection", (client: Socket) => {
      this.#connected(client);
    });
  }

  /** Opens one to a port of this computer. */
  static async start(hostPort: number): Promise<FaultProxy> {
    // Which side closes first must stay visible: neither side closes for the other.
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FaultProxy(server, hostPort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many connections of clients are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Applies this fault to the next message. */
  let(fault: ProxyFault): void {
    this.#next = fault;
    this.#isHeld = false;
  }

  /** From now on new connections lead to another port: another host, or the same with another certificate. */
  leadTo(hostPort: number): void {
    this.hostPort = hostPort;
  }

  /** Resolves when the answer that has to wait is there. */
  async held(): Promise<void> {
    await this.#until(() => this.#isHeld);
  }

  /** The reply that is held is sent, if a client still waits for it. */
  letGo(): void {
    for (const pair of this.#pairs) {
      pair.fault = undefined;
      for (const bytes of pair.held.splice(0)) pair.client.write(bytes);
    }
  }

  /** The host closes all connections while nothing goes over them. Resolves when the clients have closed their side. */
  async closeIdle(): Promise<void> {
    for (const { client } of this.#pairs) client.end();
    await this.allClosed();
  }

  /** Resolves when no connection of a client is open. */
  async allClosed(): Promise<void> {
    await this.#until(() => this.#pairs.size === 0);
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.server.close(() => {
        resolve();
      }),
    );
    for (const pair of this.#pairs) end(pair, false);
    await closed;
  }

  #connected(client: Socket): void {
    this.connectionsMade += 1;
    const host = connect({ port: this.hostPort, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    const pair: Pair = { client, host, isAnswered: true, fault: undefined, held: [] };
    this.#pairs.add(pair);
    client.on("data", (bytes: Buffer) => {
      this.#fromClient(pair, bytes);
    });
    host.on("data", (bytes: Buffer) => {
      void this.#fromHost(pair, bytes);
    });
    for (const [socket, other] of [
      [client, host],
      [host, client],
    ] as const) {
      socket.on("end", () => other.end());
      socket.on("error", () => undefined);
      socket.on("close", () => {
        other.destroy();
        if (socket !== client) return;
        this.#pairs.delete(pair);
        this.#look();
      });
    }
  }

  #fromClient(pair: Pair, bytes: Buffer): void {
    const isNext = pair.isAnswered;
    pair.isAnswered = false;
    if (isNext) {
      pair.fault = this.#next;
      this.#next = undefined;
    }
    if (pair.fault === "resetBefore") end(pair, true);
    else if (pair.fault === "resetWithin") {
      // On both sides, and only when the half has gone out.
      pair.host.write(bytes.subarray(0, bytes.length / 2), () => {
        end(pair, true);
      });
    } else pair.host.write(bytes);
  }

  async #fromHost(pair: Pair, bytes: Buffer): Promise<void> {
    pair.isAnswered = true;
    switch (pair.fault) {
      case "resetAfter":
        end(pair, true);
        break;
      case "half":
      case "halfClosed": {
        const isReset = pair.fault === "half";
        pair.host.pause();
        pair.client.write(bytes.subarray(0, bytes.length / 2), () => {
          if (isReset) end(pair, true);
          else pair.client.end();
        });
        break;
      }
      case "late":
        pair.held.push(bytes);
        this.#isHeld = true;
        this.#look();
        break;
      case "drip":
        await drip(pair, bytes);
        break;
      default:
        pair.client.write(bytes);
    }
  }

  async #until(isDone: () => boolean): Promise<void> {
    if (isDone()) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ isDone, resolve });
    });
  }

  #look(): void {
    for (const one of [...this.#waiting]) {
      if (!one.isDone()) continue;
      this.#waiting.splice(this.#waiting.indexOf(one), 1);
      one.resolve();
    }
  }
}

function end({ client, host }: Pair, isReset: boolean): void {
  for (const socket of [client, host]) {
    if (isReset) socket.resetAndDestroy();
    else socket.destroy();
  }
}

/** Pieces of a few bytes, each in its own packet. */
async function drip({ client, host }: Pair, bytes: Buffer): Promise<void> {
  host.pause();
  for (let at = 0; at < bytes.length && !client.destroyed; at += dripBytes) {
    client.write(bytes.subarray(at, at + dripBytes));
    await turn();
  }
  host.resume();
}
