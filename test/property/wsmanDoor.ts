import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { Clock } from "../../provider/core/host/ports";
import { type Caller, type HostCall, operationOf } from "../../provider/simulator/model/call";
import { wsmanSchema } from "../../provider/simulator/scenario/wsmanBehaviour";
import { WsmanDoor } from "../../provider/simulator/server/wsmanDoor";
import { ReplyLost } from "../../provider/simulator/model/hostFaults";
import type { RealClock } from "../../provider/simulator/realClock";
import type { SimulatedHost, TimedAnswer } from "../../provider/simulator/simulatedHost";
import {
  type Authenticator,
  basicAuthorization,
  HeaderAuthenticator,
} from "../../provider/transports/wsman/auth/authenticator";
import { ContextAuthenticator } from "../../provider/transports/wsman/auth/contextAuthenticator";
import { ConnectionPool } from "../../provider/transports/wsman/http/connectionPool";
import { Conversation } from "../../provider/transports/wsman/http/conversation";
import { urlOf } from "../../provider/transports/wsman/http/endpoint";
import { HostConnection } from "../../provider/transports/wsman/http/hostConnection";
import { HttpFailure } from "../../provider/transports/wsman/http/httpFailure";
import { createNtlmContext } from "../../provider/transports/wsman/ntlm/ntlmContext";
import { SoapSession } from "../../provider/transports/wsman/soap/soapSession";
import { WsmanClient } from "../../provider/transports/wsman/wsmanClient";
import { Wire } from "./wire";
import type { WireFaults } from "./wireFaults";

/** How long a host may work on a request, and how long the client waits for all of it: as in the product. */
const operationTimeoutMs = 60_000;
const wholeMs = 75_000;
/** More than the client waits. */
const lateMs = 90_000;
/** Of a reply that drips, its head and its body: together less than the client waits. */
const drip = { pieces: 8, pauseMs: 3_000 };

/** The host that the door serves. */
interface WsmanHost {
  readonly name: string;
  /** The host's own time, milliseconds since 1970. */
  now(): number;
  isReachable(): boolean;
  logOn(user: string, password: string | undefined): string;
  accountNamed(user: string): { readonly user: string; readonly password: string } | undefined;
  call(call: HostCall, caller: Caller, signal?: AbortSignal): Promise<TimedAnswer>;
  /** Called for an error that the door does not expect: a mistake in this code. */
  onDefect(error: unknown): void;
}

/** How the host is reached, and what goes wrong in between. */
export interface WsmanWay {
  readonly authentication: "negotiate" | "basic";
  /** How many instances the host puts into one reply. */
  readonly batch: number;
  readonly faults: WireFaults;
}

/**
 * The real transport over connections within this process to the real door: everything from the CIM calls to the bytes of
 * HTTP, with everything that goes wrong in them. Both sides wait by `time`; the client reads the time from `clock`.
 */
export function wsmanClient(
  host: WsmanHost,
  credentials: { readonly username?: string; readonly password?: string },
  { clock, time }: { readonly clock: Clock; readonly time: RealClock },
  way: WsmanWay,
): WsmanClient {
  const { username = "", password = "" } = credentials;
  const endpoint = { host: host.name, port: 5985 };
  const line = new Line(host, time, way);
  const authenticator: Authenticator =
    way.authentication === "basic"
      ? new HeaderAuthenticator(basicAuthorization(username, password))
      : new ContextAuthenticator(
          async () =>
            createNtlmContext({
              username,
              password,
              targetName: `HTTP/${host.name}`,
              channelBinding: undefined,
              random: randomBytes,
              now: () => clock.now(),
            }),
          true,
        );
  const pool = new ConnectionPool(
    async () => new HostConnection(line.connect(), endpoint),
    () => clock.now(),
  );
  const session = new SoapSession(new Conversation(pool, authenticator, wholeMs), urlOf(endpoint), operationTimeoutMs);
  return new WsmanClient(host.name, session, clock);
}

/** The path to one host: its door, and the connections to it. */
class Line {
  readonly #door: WsmanDoor;
  readonly #wires = new Map<number, Wire>();
  readonly #host: WsmanHost;
  readonly #time: RealClock;
  readonly #faults: WireFaults;
  #refuses = false;

  constructor(host: WsmanHost, time: RealClock, { faults, authentication, batch }: WsmanWay) {
    this.#host = host;
    this.#time = time;
    this.#faults = faults;
    const behind = {
      ...host,
      wsman: wsmanSchema.parse({ maxBatchItems: batch }),
      isReachable: async () => host.isReachable(),
      call: async (call: HostCall, caller: Caller, signal?: AbortSignal) => this.#call(call, caller, signal),
    };
    // The door takes the class with its files; it uses these members only.
    this.#door = WsmanDoor.unlisted(behind as unknown as SimulatedHost, {
      realClock: time,
      allowsUnencrypted: authentication === "basic",
      brokenReplies: faults.brokenReplies,
      onError: (error) => {
        host.onDefect(error);
      },
    });
  }

  connect(): Socket {
    const isRefused = this.#refuses;
    this.#refuses = false;
    if (isRefused || !this.#host.isReachable()) {
      throw new HttpFailure("unreachable", `${this.#host.name} does not answer (ECONNREFUSED)`);
    }
    const wire = new Wire();
    this.#wires.set(this.#door.accept(wire.hostEnd), wire);
    return wire.clientEnd;
  }

  async #call(call: HostCall, caller: Caller, signal: AbortSignal | undefined): Promise<TimedAnswer> {
    const wire = this.#wires.get(caller.connection ?? 0);
    if (wire === undefined) throw new Error("a call came over no connection");
    const operation = operationOf(call);
    const fault = this.#faults.take(operation);
    if (fault === "resetBefore") throw new ReplyLost(operation);
    const answer = await wire.inContext(async () => this.#host.call(call, caller, signal));
    switch (fault) {
      case undefined:
        break;
      case "resetAfter":
        throw new ReplyLost(operation);
      case "refused":
        this.#refuses = true;
        throw new ReplyLost(operation);
      case "late":
        wire.holdUp(1, async () => this.#time.sleep(lateMs));
        break;
      case "drip":
        wire.holdUp(drip.pieces, async () => this.#time.sleep(drip.pauseMs));
        break;
      case "stale":
        wire.goStale();
        break;
      default:
        fault satisfies never;
    }
    return answer;
  }
}
