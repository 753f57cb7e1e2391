import type { ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer;
  /** Whether the connection ends with it: what is left of the request is not read. */
  readonly closes?: boolean;
}

/** Sends an answer. `Date` is the host's own time: clients have no other way to learn it. */
export function send(response: ServerResponse, atMs: number, answer: HttpAnswer): void {
  writeHead(response, atMs, answer, answer.body?.length ?? 0);
  response.end(answer.body);
}

/** Sends the head of an answer and half of its body, and breaks the connection. */
export function sendHalf(response: ServerResponse, atMs: number, answer: HttpAnswer & { readonly body: Buffer }): void {
  const { body } = answer;
  writeHead(response, atMs, answer, body.length);
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    response.socket?.destroy();
  });
}

const chunk = Buffer.alloc(65_536, " ");
/** 256 MiB, for clients that take everything. */
const mostChunks = 4_096;

/** Sends an answer that begins well and does not end before 256 MiB or the connection's end. */
export function sendEndless(
  response: ServerResponse,
  atMs: number,
  answer: HttpAnswer & { readonly body: Buffer },
): void {
  writeHead(response, atMs, answer, undefined);
  response.write(answer.body);
  let sent = 0;
  const more = (): void => {
    while (sent < mostChunks && !response.destroyed) {
      sent += 1;
      if (!response.write(chunk)) {
        response.once("drain", more);
        return;
      }
    }
    response.end();
  };
  more();
}

/** Breaks a connection without an answer; over plain TCP with a reset, as from a host that is not there. */
export function breakOff(socket: Duplex): void {
  if (socket instanceof Socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy();
  else socket.destroy();
}

function writeHead(response: ServerResponse, atMs: number, answer: HttpAnswer, length: number | undefined): void {
  response.sendDate = false;
  response.statusCode = answer.status;
  response.setHeader("Server", "Microsoft-HTTPAPI/2.0");
  response.setHeader("Date", new Date(atMs).toUTCString());
  if (answer.contentType !== undefined) response.setHeader("Content-Type", answer.contentType);
  if (length !== undefined) response.setHeader("Content-Length", length);
  if (answer.closes === true) response.setHeader("Connection", "close");
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    response.setHeader(name, typeof value === "string" ? value : [...value]);
  }
}
