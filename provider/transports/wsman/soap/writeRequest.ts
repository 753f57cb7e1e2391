import { element, type Xml } from "../xml/writeXml";
import { anonymousAddress, ns } from "./namespaces";

/** What a request is about. */
export interface Request {
  readonly action: string;
  readonly resourceUri: string;
  /** `w:SelectorSet`; absent: the class as a whole. */
  readonly selectorSet?: Xml;
  readonly body: readonly Xml[];
}

/** What goes into every request to a host. */
export interface Sending {
  /** The address it is sent to. */
  readonly to: string;
  /** `uuid:` and a GUID; the reply names it. */
  readonly messageId: string;
  readonly operationTimeoutMs: number;
}

/**
 * The largest reply a host may make. Hosts allow 500 KiB (`MaxEnvelopeSizekb`) and refuse a request that asks for more.
 * Source: MS-WSMV, section 2.2.4.10.
 */
export const maxEnvelopeBytes = 512_000;

/** Texts that a host words for people come in the language of its system where it has no other. */
const language = "en-US";

const declarations = {
  "xmlns:s": ns.soap,
  "xmlns:a": ns.addressing,
  "xmlns:w": ns.wsman,
  "xmlns:n": ns.enumeration,
  "xmlns:cim": ns.cim,
  "xmlns:xsi": ns.schemaInstance,
};
const must = { "s:mustUnderstand": "true" };

/** A whole request as text. Source of the headers: MS-WSMV, section 3.1.4.1.4 and the examples of section 4. */
export function writeRequest({ action, resourceUri, selectorSet, body }: Request, sending: Sending): string {
  const { to, messageId, operationTimeoutMs } = sending;
  const headers = [
    element("a:To", {}, to),
    element("w:ResourceURI", must, resourceUri),
    element("a:ReplyTo", {}, element("a:Address", must, anonymousAddress)),
    element("a:Action", must, action),
    element("w:MaxEnvelopeSize", must, String(maxEnvelopeBytes)),
    element("a:MessageID", {}, messageId),
    element("w:Locale", { "xml:lang": language, "s:mustUnderstand": "false" }),
    element("w:OperationTimeout", {}, `PT${(operationTimeoutMs / 1_000).toFixed(3)}S`),
    ...(selectorSet === undefined ? [] : [selectorSet]),
  ];
  return element("s:Envelope", declarations, element("s:Header", {}, ...headers), element("s:Body", {}, ...body)).text;
}
