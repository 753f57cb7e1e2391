import { randomUUID } from "node:crypto";
import type { Conversation } from "../http/conversation";
import { WireError } from "../values/wireError";
import type { XmlElement } from "../xml/xmlElement";
import { readReply } from "./readReply";
import { type Request, writeRequest } from "./writeRequest";

/** An answer, with the time that the host gave it. */
export interface Answer {
  readonly body: XmlElement;
  /** The header `Date`; a host without a clock leaves it out. */
  readonly date: string | undefined;
  /** In bytes. */
  readonly size: number;
}

/** Requests to one host and its answers, in SOAP. */
export class SoapSession {
  constructor(
    private readonly conversation: Conversation,
    /** The address that requests name. */
    private readonly url: string,
    private readonly operationTimeoutMs: number,
  ) {}

  /** Sends a request. `isChange`: it must not be repeated. */
  async ask(request: Request, isChange: boolean, signal: AbortSignal): Promise<Answer> {
    const messageId = `uuid:${randomUUID().toUpperCase()}`;
    const { url: to, operationTimeoutMs } = this;
    const text = writeRequest(request, { to, messageId, operationTimeoutMs });
    const reply = await this.conversation.send(Buffer.from(text), isChange, signal);
    return { body: readReply(reply, messageId), date: reply.headers.date, size: reply.body.length };
  }

  close(): void {
    this.conversation.close();
  }
}

/** The header `Date` as ISO 8601 UTC. Source: RFC 9110, section 5.6.7. */
export function readDate(date: string | undefined): string {
  const atMs = date?.endsWith("GMT") === true ? Date.parse(date) : NaN;
  if (Number.isNaN(atMs)) throw new WireError("it does not say the host's time in the header Date");
  return new Date(atMs).toISOString();
}
