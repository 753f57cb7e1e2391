import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { connect } from "./connect";
import { authorityOf, type Endpoint, path } from "./endpoint";
import { codeOf, HttpFailure, isTimeout } from "./httpFailure";

/** What a host answered. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The media type of the body, with its charset: of the decrypted message, where it was encrypted. */
  readonly mediaType: string | undefined;
  /** The response to an encrypted message came unencrypted: anything in between may have made it. */
  readonly isUnsealed?: true;
}

/** One POST. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** Empty: one that only authenticates. */
  readonly body: Buffer;
}

/** How long connecting may take: TCP tries again after 1, 3 and 7 seconds, and TLS needs its part. */
const connectMs = 15_000;

/**
 * The largest body that is taken: twice the envelope that hosts are told to keep to, as it may be in UTF-16, and twice that
 * for what encryption adds, and for hosts that ignore the limit.
 */
export const maxReplyBytes = 2_097_152;

/**
 * One connection to a host that carries one request at a time, and that is never replaced behind the scenes: NTLM and encryption
 * belong to it.
 */
export class HostConnection {
  readonly #agent: OneSocketAgent;
  readonly #socket: Socket;
  readonly #endpoint: Endpoint;

  /** Over an established connection that has no other user. */
  constructor(
    socket: Socket,
    endpoint: Endpoint,
    /** The certificate of the host, DER; absent on plain HTTP. */
    readonly hostCertificate?: Buffer,
  ) {
    this.#socket = socket;
    this.#endpoint = endpoint;
    this.#agent = new OneSocketAgent(socket);
    // Between two requests nothing else listens: an error then closes the connection, which is noticed later.
    socket.on("error", () => socket.destroy());
  }

  static async open(endpoint: Endpoint, signal: AbortSignal): Promise<HostConnection> {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
    try {
      const { socket, certificate } = await connect(endpoint, soon);
      return new HostConnection(socket, endpoint, certificate);
    } catch (error) {
      if (signal.aborted && !isTimeout(signal.reason))
        throw new HttpFailure("aborted", "stopped", { cause: signal.reason });
      throw error;
    }
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  destroy(): void {
    this.#socket.destroy();
    this.#agent.destroy();
  }

  /** @throws {@link HttpFailure} */
  async exchange({ headers, body }: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    if (!this.isOpen) throw new HttpFailure("gone", "the connection was closed");
    if (isAborted(signal)) {
      this.destroy();
      throw isTimeout(signal.reason)
        ? new HttpFailure("lost", "no response in time", { cause: signal.reason })
        : new HttpFailure("aborted", "stopped", { cause: signal.reason });
    }
    const mayHaveArrived = body.length > 0;
    try {
      return await this.#post(headers, body, signal);
    } catch (error) {
      this.destroy();
      if (error instanceof HttpFailure) throw error;
      if (isAborted(signal) && !isTimeout(signal.reason)) {
        throw new HttpFailure("aborted", "stopped", { mayHaveArrived, cause: signal.reason });
      }
      const code = codeOf(error);
      if (code === goneCode) throw new HttpFailure("gone", "the connection was closed");
      if (code?.startsWith("HPE_") === true) {
        throw new HttpFailure("badReply", `the response is not HTTP (${code})`, { mayHaveArrived, cause: error });
      }
      const why = isAborted(signal) ? "no response in time" : `the connection was lost (${code ?? "closed"})`;
      throw new HttpFailure("lost", why, { mayHaveArrived, cause: error });
    }
  }

  async #post(headers: HttpRequest["headers"], body: Buffer, signal: AbortSignal): Promise<HttpReply> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const asking = request({
      agent: this.#agent,
      method: "POST",
      path,
      signal,
      setHost: false,
      headers: {
        Host: authorityOf(this.#endpoint),
        "User-Agent": "pulumi-hyperv-replica",
        "Accept-Encoding": "identity",
        "Content-Length": String(body.length),
        ...headers,
      },
    });
    asking.on("response", resolve).on("error", reject).end(body);
    const response = await promise;
    const mediaType = response.headers["content-type"];
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await readBody(response, body.length > 0),
      mediaType,
    };
  }
}

/** Read again every time: a stop can come at any await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function readBody(response: IncomingMessage, mayHaveArrived: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxReplyBytes) {
      throw new HttpFailure("badReply", `the response is larger than ${maxReplyBytes} bytes`, { mayHaveArrived });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const goneCode = "CONNECTION_GONE";

/** Hands out the one socket it was given, and no other after that. */
class OneSocketAgent extends Agent {
  #socket: Socket | undefined;

  constructor(socket: Socket) {
    super({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(_options: unknown, callback?: (error: Error | null, socket: Socket) => void): Socket {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) return socket;
    const gone = Object.assign(new Error("the connection was closed"), { code: goneCode });
    // The only way to refuse: the callback's second argument is not looked at then.
    (callback as ((error: Error) => void) | undefined)?.(gone);
    return undefined as unknown as Socket;
  }
}
