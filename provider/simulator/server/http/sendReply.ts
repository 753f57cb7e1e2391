import type { ServerResponse } from "node:http";
import type { BrokenReply } from "../../scenario/wsmanBehaviour";
import { type Charset, encode } from "../charset";
import type { NtlmSealing } from "../ntlm/sealing";
import { sealedType, writeSealed } from "../sealedMessage";
import { type HttpAnswer, send, sendEndless, sendHalf } from "./answers";

/** A reply, and how it goes out. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly charset: Charset;
  /** What seals it, if the request was sealed. */
  readonly sealing?: NtlmSealing | undefined;
}

/** Sends a reply as it should come, or broken. */
export function sendReply(
  response: ServerResponse,
  atMs: number,
  reply: Reply,
  broken: BrokenReply["kind"] | undefined,
): void {
  switch (broken) {
    case "half":
      sendHalf(response, atMs, answerOf(reply));
      return;
    case "tooLarge":
      sendEndless(response, atMs, answerOf(reply));
      return;
    case "notXml":
      send(response, atMs, answerOf({ ...reply, text: "The server is busy. Please try again later." }));
      return;
    case "wrongEncoding":
      send(response, atMs, answerOf(reply, Buffer.from(reply.text, "utf16le")));
      return;
    default:
      send(response, atMs, answerOf(reply));
  }
}

function answerOf(
  { status, text, charset, sealing }: Reply,
  bytes = encode(text, charset),
): HttpAnswer & { readonly body: Buffer } {
  return sealing === undefined
    ? { status, contentType: `application/soap+xml;charset=${charset.toUpperCase()}`, body: bytes }
    : { status, contentType: sealedType, body: writeSealed(charset, bytes.length, sealing.seal(bytes)) };
}
