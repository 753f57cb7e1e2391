import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, isIPv6, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type RealClock, type SimulatedHost, systemClock } from "../forDoors";
import type { ConnectionState } from "./auth/connectionState";
import { brokenReplySchema, type WsmanBehaviour, wsmanSchema } from "../scenario/wsmanBehaviour";
import type { BrokenReplyInput, WsmanInput } from "../scenario/wsmanInput";
import { BrokenReplies } from "./brokenReplies";
import { Exchange, type ExchangeOptions } from "./http/exchange";
import { channelBindingOfPem } from "./ntlm/certificateBinding";
import type { CertificateWithKey } from "./selfSigned";
import { WsmanService } from "./service";

/** How a door is opened. */
export interface WsmanDoorOptions {
  /** Where it listens. Default 127.0.0.1: this computer only. */
  readonly address?: string;
  /** Default: any port that is free. */
  readonly port?: number;
  /** HTTPS with this certificate; without one HTTP. */
  readonly certificate?: CertificateWithKey;
  /** Whether HTTP may carry Basic and plain messages, as with `AllowUnencrypted`. Default false. */
  readonly allowsUnencrypted?: boolean;
  /** How the service behaves, over what the scenario says in `wsman`. */
  readonly behaviour?: Partial<WsmanInput>;
  /** Real time, for limits of the service. Default: the computer's clock. */
  readonly realClock?: RealClock;
  /** Replies that do not come as they should, beside those of the behaviour; several doors may share them. */
  readonly brokenReplies?: BrokenReplies;
  /** Told of an error that was not expected: the request that ran into it is answered with 500. */
  readonly onError?: (error: unknown) => void;
}

/** Windows leaves connections open for two minutes. Source: `Http.sys` registry settings, learn.microsoft.com. */
const keepAliveMs = 120_000;

/** The WS-Management door of a simulated host: HTTP or HTTPS, as WinRM offers it. */
export class WsmanDoor {
  private readonly connections = new WeakMap<Duplex, ConnectionState>();
  private connectionCount = 0;

  private constructor(
    private readonly server: Server,
    private readonly closing: AbortController,
    private readonly brokenReplies: BrokenReplies,
    private readonly scheme: "http" | "https",
  ) {}

  /** Opens the door. @throws the error of Node when the address cannot be listened on. */
  static async open(host: SimulatedHost, options: WsmanDoorOptions = {}): Promise<WsmanDoor> {
    const { address = "127.0.0.1", port = 0 } = options;
    const door = WsmanDoor.unlisted(host, options);
    await listen(door.server, port, address);
    return door;
  }

  /** A door that listens nowhere: all that comes through it is what it is given. See {@link accept}. */
  static unlisted(host: SimulatedHost, options: Omit<WsmanDoorOptions, "address" | "port"> = {}): WsmanDoor {
    const { certificate, realClock = systemClock } = options;
    const behaviour = behaviourOf(host, options.behaviour);
    const closing = new AbortController();
    const brokenReplies = options.brokenReplies ?? new BrokenReplies();
    for (const reply of behaviour.brokenReplies) brokenReplies.add(reply);
    const exchangeOptions: ExchangeOptions = {
      host,
      behaviour,
      brokenReplies,
      service: new WsmanService(host, behaviour, realClock, closing.signal),
      allowsUnencrypted: options.allowsUnencrypted ?? false,
      channelBinding: certificate === undefined ? undefined : channelBindingOfPem(certificate.cert),
    };
    const listener: RequestListener = (request, response) => {
      new Exchange(request, response, door.stateOf(request), exchangeOptions).run().catch((error: unknown) => {
        if (!closing.signal.aborted) options.onError?.(error);
        request.socket.destroy();
      });
    };
    const server =
      certificate === undefined
        ? createServer(listener)
        : // Any certificate is taken, or none: what it stands for is seen later.
          createTlsServer({ ...certificate, requestCert: true, rejectUnauthorized: false }, listener);
    server.keepAliveTimeout = keepAliveMs;
    const door = new WsmanDoor(server, closing, brokenReplies, certificate === undefined ? "http" : "https");
    server.on(certificate === undefined ? "connection" : "secureConnection", (socket: Socket) => {
      door.connectionCount += 1;
      door.connections.set(socket, { number: door.connectionCount });
    });
    return door;
  }

  /** Serves a connection that was not made to its port: one end of it, the other belongs to the client. @returns its number. */
  accept(connection: Duplex): number {
    this.server.emit("connection", connection);
    return this.connectionCount;
  }

  /** Where it is: `http://127.0.0.1:5985/wsman`. */
  get url(): string {
    const { address, port } = this.place;
    return `${this.scheme}://${isIPv6(address) ? `[${address}]` : address}:${port}/wsman`;
  }

  get port(): number {
    return this.place.port;
  }

  /** How many connections were made since it was opened. */
  get connectionsMade(): number {
    return this.connectionCount;
  }

  /** Lets a reply go wrong. @throws when it is not described as in a scenario. */
  breakReply(reply: BrokenReplyInput): void {
    this.brokenReplies.add(brokenReplySchema.parse(reply));
  }

  /** Closes the door: connections break, calls that wait are given up. */
  async close(): Promise<void> {
    this.closing.abort(new Error("the door was closed"));
    const closed = new Promise<void>((resolve) =>
      this.server.close(() => {
        resolve();
      }),
    );
    this.server.closeAllConnections();
    await closed;
  }

  private stateOf({ socket }: IncomingMessage): ConnectionState {
    const known = this.connections.get(socket);
    if (known === undefined) throw new Error("a request came through no connection");
    return known;
  }

  private get place(): AddressInfo {
    const place = this.server.address();
    if (place === null || typeof place === "string") throw new Error("the door is closed");
    return place;
  }
}

function behaviourOf(host: SimulatedHost, over: Partial<WsmanInput> = {}): WsmanBehaviour {
  return wsmanSchema.parse({ ...host.wsman, ...over });
}

async function listen(server: Server, port: number, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
