import type { HttpReply } from "../http/hostConnection";
import { WireError } from "../values/wireError";
import { charsetOf, decodeText } from "../xml/decodeText";
import { readXml } from "../xml/readXml";
import { childOf, trimmedText, type XmlElement } from "../xml/xmlElement";
import { readFault } from "./fault";
import { ns } from "./namespaces";

/**
 * Answers of a host. A SOAP envelope with status 200, or with a fault and 400 or 500; everything else is a {@link StatusError}
 * or an {@link XmlError}. Source: MS-WSMV, section 3.1.4.1; "SOAP 1.2 Part 2", section 7.5.
 */

/** A status other than those of an answer. */
export class StatusError extends Error {
  readonly status: number;
  /** The schemes that the host takes, when it requires authentication. */
  readonly schemes: readonly string[];
  /** It responds to an encrypted message without encryption: it may not come from the host. */
  readonly isUnsealed: boolean;

  constructor(status: number, schemes: readonly string[], isUnsealed: boolean) {
    super(`status ${status}`);
    this.name = "StatusError";
    this.status = status;
    this.schemes = schemes;
    this.isUnsealed = isUnsealed;
  }
}

/** A web page instead of a response. */
export class WebPageError extends Error {
  constructor() {
    super("a web page instead of a response");
    this.name = "WebPageError";
  }
}

const ok = 200;
const badRequest = 400;
const serverError = 500;

/**
 * The body of an answer to the message of that id.
 * @throws {@link HostFault}, {@link StatusError}, {@link WebPageError}, {@link XmlError}, {@link WireError}
 */
export function readReply(reply: HttpReply, messageId: string): XmlElement {
  const { status, isUnsealed = false } = reply;
  const mayHoldFault = status === badRequest || status === serverError;
  if (isUnsealed || (status !== ok && !(mayHoldFault && isSoap(reply)))) {
    throw new StatusError(status, schemesOf(reply), isUnsealed);
  }
  if (isWebPage(reply)) throw new WebPageError();
  const envelope = readXml(decodeText(reply.body, charsetOf(reply.mediaType)));
  if (envelope.namespace !== ns.soap || envelope.name !== "Envelope") throw new WireError("it is not a SOAP envelope");
  const body = childOf(envelope, ns.soap, "Body");
  if (body === undefined) throw new WireError("its envelope has no body");
  const relatesTo = childOf(childOf(envelope, ns.soap, "Header"), ns.addressing, "RelatesTo");
  if (relatesTo !== undefined && trimmedText(relatesTo).toLowerCase() !== messageId.toLowerCase()) {
    throw new WireError("it is the response to another message");
  }
  const fault = childOf(body, ns.soap, "Fault");
  if (fault !== undefined) throw readFault(fault);
  if (status !== ok) throw new StatusError(status, [], false);
  return body;
}

function isSoap({ mediaType, body }: HttpReply): boolean {
  return body.length > 0 && !isWebPage({ mediaType, body });
}

function isWebPage({ mediaType = "", body }: Pick<HttpReply, "mediaType" | "body">): boolean {
  return /^\s*text\/html/i.test(mediaType) || /^\s*<(!doctype html|html)/i.test(body.toString("latin1", 0, 100));
}

function schemesOf({ headers }: HttpReply): string[] {
  const asked = headers["www-authenticate"] ?? "";
  return [...asked.matchAll(/(?:^|,\s*)([A-Za-z]+)(?=\s|,|$)/g)].map(([, scheme = ""]) => scheme);
}
