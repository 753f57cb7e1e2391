import { attributeOf, childOf, childrenOf, isNamed, type XmlElement } from "../xml/parsedElement";
import { durationMs } from "./isoDuration";
import { FaultAnswer, fault } from "./wsmanFaults";
import { anonymous, namespace } from "./wsmanNamespaces";

/** A request, its headers checked. */
export interface SoapRequest {
  readonly action: string;
  readonly messageId: string;
  readonly resourceUri: string;
  readonly selectors: readonly XmlElement[];
  /** Left out: as long as the service allows. */
  readonly operationTimeoutMs: number | undefined;
  /** In octets; left out: as much as the service allows. */
  readonly maxEnvelopeSize: number | undefined;
  /** What the body holds. */
  readonly body: XmlElement | undefined;
}

/** Headers that are understood, by namespace. */
const understood: Readonly<Record<string, readonly string[]>> = {
  [namespace.addressing]: ["To", "ReplyTo", "FaultTo", "From", "Action", "MessageID", "RelatesTo"],
  [namespace.wsman]: [
    "ResourceURI",
    "SelectorSet",
    "OptionSet",
    "OperationTimeout",
    "MaxEnvelopeSize",
    "Locale",
    "RequestEPR",
    "RequestTotalItemsCountEstimate",
    "FragmentTransfer",
  ],
  [namespace.microsoft]: ["DataLocale", "SessionId", "ActivityId", "OperationID", "SequenceId"],
};

/** Below that no fault would fit. Source: DSP0226 6.2, MS-WSMV 3.1.4.1.7. */
const smallestEnvelope = 8_192;
/** Source: MS-WSMV, note 47. */
const longestMessageId = 2_048;

/** Whether a message is an Identify, which has no headers. */
export function isIdentify(envelope: XmlElement): boolean {
  return childOf(childOf(envelope, namespace.soap, "Body"), namespace.identity, "Identify") !== undefined;
}

/** The `MessageID` to which an answer relates, as far as there is one. */
export function messageIdOf(envelope: XmlElement): string | undefined {
  const header = childOf(envelope, namespace.soap, "Header");
  return childOf(header, namespace.addressing, "MessageID")?.text.trim();
}

/** @throws FaultAnswer for a message that the service does not take. */
export function readRequest(envelope: XmlElement): SoapRequest {
  if (envelope.local !== "Envelope") throw new FaultAnswer(fault.invalidXml);
  if (envelope.uri !== namespace.soap) throw new FaultAnswer(fault.soapVersion);
  const header = childOf(envelope, namespace.soap, "Header");
  const body = childOf(envelope, namespace.soap, "Body");
  if (header === undefined || body === undefined) throw new FaultAnswer(fault.schemaValidation);
  checkUnderstood(header);
  const messageId = messageIdOf(envelope) ?? "";
  if (messageId === "" || messageId.length > longestMessageId) throw new FaultAnswer(fault.messageHeader, "MessageID");
  checkReplyTo(header);
  return {
    action: required(header, namespace.addressing, "Action"),
    messageId,
    resourceUri: textOf(header, namespace.wsman, "ResourceURI") ?? "",
    selectors: childrenOf(childOf(header, namespace.wsman, "SelectorSet"), namespace.wsman, "Selector"),
    operationTimeoutMs: timeoutOf(header),
    maxEnvelopeSize: envelopeSizeOf(header),
    body: body.children[0],
  };
}

function checkUnderstood(header: XmlElement): void {
  for (const one of header.children) {
    const must = attributeOf(one, namespace.soap, "mustUnderstand");
    if (must !== "true" && must !== "1") continue;
    if (understood[one.uri]?.includes(one.local) !== true) throw new FaultAnswer(fault.mustUnderstand, one.local);
    if (isNamed(one, namespace.wsman, "Locale") || one.local === "DataLocale") throw new FaultAnswer(fault.locale);
  }
  if (childOf(header, namespace.wsman, "FragmentTransfer") !== undefined) throw new FaultAnswer(fault.fragmentTransfer);
}

/** Replies go nowhere but back. Source: MS-WSMV 3.1.4.1.3. */
function checkReplyTo(header: XmlElement): void {
  const replyTo = childOf(header, namespace.addressing, "ReplyTo");
  if (replyTo === undefined) throw new FaultAnswer(fault.headerMissing, "ReplyTo");
  if (textOf(replyTo, namespace.addressing, "Address") !== anonymous) throw new FaultAnswer(fault.addressingMode);
}

function timeoutOf(header: XmlElement): number | undefined {
  const text = textOf(header, namespace.wsman, "OperationTimeout");
  if (text === undefined) return undefined;
  const timeoutMs = durationMs(text);
  if (timeoutMs === undefined || timeoutMs <= 0) throw new FaultAnswer(fault.timeoutHeader);
  return timeoutMs;
}

function envelopeSizeOf(header: XmlElement): number | undefined {
  const text = textOf(header, namespace.wsman, "MaxEnvelopeSize");
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new FaultAnswer(fault.schemaValidation, "MaxEnvelopeSize");
  if (Number(text) < smallestEnvelope) throw new FaultAnswer(fault.envelopeTooSmall);
  return Number(text);
}

function required(parent: XmlElement, uri: string, local: string): string {
  const text = textOf(parent, uri, local);
  if (text === undefined || text === "") throw new FaultAnswer(fault.headerMissing, local);
  return text;
}

function textOf(parent: XmlElement, uri: string, local: string): string | undefined {
  return childOf(parent, uri, local)?.text.trim();
}
