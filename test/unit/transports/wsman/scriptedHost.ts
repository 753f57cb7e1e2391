import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, type Socket } from "node:net";
import { answering, tlsFile } from "./fixtures";

/** One request as it came in. */
export interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** Counts the connections from 1. */
  readonly connection: number;
  readonly socket: Socket;
}

/** What to answer: a whole reply, or whatever is to be done with the response. */
export type Script = (seen: Seen, response: ServerResponse) => void | Promise<void>;

/** A little HTTP server that does what a test says, and remembers what it was asked. */
export class ScriptedHost {
  readonly seen: Seen[] = [];
  connections = 0;
  readonly #server;
  readonly #sockets = new Map<Socket, number>();

  private constructor(
    private script: Script,
    tls: { readonly asksForCertificate: boolean } | undefined,
  ) {
    const listener = (request: IncomingMessage, response: ServerResponse): void => void this.#take(request, response);
    this.#server =
      tls === undefined
        ? createServer(listener)
        : createTlsServer(
            {
              cert: readFileSync(tlsFile("host.pem")),
              key: readFileSync(tlsFile("host.key")),
              ca: readFileSync(tlsFile("ca.pem")),
              requestCert: tls.asksForCertificate,
              rejectUnauthorized: tls.asksForCertificate,
            },
            listener,
          );
    this.#server.keepAliveTimeout = 0;
    this.#server.on(tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
      this.connections += 1;
      this.#sockets.set(socket, this.connections);
      socket.on("error", () => undefined);
    });
  }

  static async start(
    script: Script,
    { tls, address = "127.0.0.1" }: { tls?: { readonly asksForCertificate: boolean }; address?: string } = {},
  ): Promise<ScriptedHost> {
    const host = new ScriptedHost(script, tls);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    host.#server.listen(0, address, () => {
      resolve(undefined);
    });
    await promise;
    return host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on it does this instead. */
  become(script: Script): void {
    this.script = script;
  }

  /** Ends all connections and stops listening. */
  async stop(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#server.close(() => {
      resolve(undefined);
    });
    for (const socket of this.#sockets.keys()) socket.destroy();
    await promise;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const { headers, socket } = request;
    const seen = { headers, body, text: body.toString(), connection: this.#sockets.get(socket) ?? 0, socket };
    this.seen.push(seen);
    response.on("error", () => undefined);
    await this.script(seen, response);
  }
}

/** The class or method that a request is about: "Enumerate Msvm_ComputerSystem", "Pull *", "Resynchronize". */
export function operationOf({ text }: Pick<Seen, "text">): string {
  const action = /<a:Action[^>]*>([^<]*)</.exec(text)?.[1] ?? "";
  const name = action.slice(action.lastIndexOf("/") + 1);
  if (!["Enumerate", "Pull", "Release"].includes(name)) return name;
  const resource = /<w:ResourceURI[^>]*>([^<]*)</.exec(text)?.[1] ?? "";
  const [, ofQuery] = /SELECT \* FROM (\w+)/.exec(text) ?? [];
  return `${name} ${ofQuery ?? resource.slice(resource.lastIndexOf("/") + 1)}`;
}

export function messageIdOf({ text }: Pick<Seen, "text">): string {
  return /<a:MessageID[^>]*>([^<]*)</.exec(text)?.[1] ?? "";
}

export const date = "Mon, 07 Jan 2030 12:00:00 GMT";

/** Answers a request with a reply out of the fixtures. */
export function reply(seen: Seen, response: ServerResponse, name: string, status = 200): void {
  send(response, answering(name, messageIdOf(seen)), status);
}

export function send(response: ServerResponse, text: string | Buffer, status = 200): void {
  response.sendDate = false;
  response.writeHead(status, { "Content-Type": "application/soap+xml;charset=UTF-8", Date: date }).end(text);
}

/** The answers of a host where all is well, by what is asked. */
export const healthy: Script = (seen, response) => {
  const operation = operationOf(seen);
  const className = operation.split(" ")[1] ?? "";
  if (operation.startsWith("Enumerate ")) reply(seen, response, `Enumerate_${className}`);
  else if (operation.startsWith("Pull ")) reply(seen, response, "Pull_Msvm_ComputerSystem");
  else if (operation.startsWith("RequestReplication")) reply(seen, response, `${operation}_Msvm_ComputerSystem`);
  else reply(seen, response, `${operation}_Msvm_ReplicationService`);
};
