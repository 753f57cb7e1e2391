import type { Identity } from "../auth/connectionState";
import { type Charset, charsetOf, decode, TextRefused } from "../charset";
import { isSealed, readSealed } from "../sealedMessage";
import { FaultAnswer, fault } from "../soap/wsmanFaults";
import { parseXml, XmlRefused } from "../xml/parseXml";
import type { XmlElement } from "../xml/parsedElement";

/** A message as it was meant: its root, and how the answer has to come. */
export interface Message {
  readonly charset: Charset;
  readonly isSealed: boolean;
  readonly root: XmlElement;
}

/** A request that is answered by a status alone. */
export class StatusAnswer extends Error {
  constructor(readonly status: number) {
    super(`answered with ${status}`);
    this.name = "StatusAnswer";
  }
}

/**
 * Reads the body of a request of an authenticated client.
 * @param mayBePlain whether the way it came protects it, or need not.
 * @throws StatusAnswer, FaultAnswer
 */
export function readMessage(
  body: Buffer,
  contentType: string,
  identity: Identity,
  { mayBePlain, mostBytes }: { readonly mayBePlain: boolean; readonly mostBytes: number },
): Message {
  if (isSealed(contentType)) return unseal(body, identity, mostBytes);
  // A host that does not allow unencrypted messages answers 500 without a word.
  if (!mayBePlain) throw new StatusAnswer(500);
  if (!/^(?:application\/soap\+xml|text\/xml)\b/i.test(contentType)) throw new StatusAnswer(415);
  if (body.length > mostBytes) throw new StatusAnswer(413);
  const charset = orFault(() => charsetOf(contentType));
  return { charset, isSealed: false, root: rootOf(body, charset) };
}

/** Reads XML that came in this encoding. @throws FaultAnswer */
export function rootOf(body: Buffer, charset: Charset): XmlElement {
  return orFault(() => parseXml(decode(body, charset)));
}

/** What cannot be unsealed belongs to another session, or to none: 400. */
function unseal(body: Buffer, { sealing }: Identity, mostBytes: number): Message {
  if (sealing === undefined) throw new StatusAnswer(400);
  const { charset, length, header, data } = sealedOf(body);
  if (data.length > mostBytes) throw new StatusAnswer(413);
  const plain = sealing.unseal(header, data);
  if (plain?.length !== length) throw new StatusAnswer(400);
  return { charset, isSealed: true, root: rootOf(plain, charset) };
}

function sealedOf(body: Buffer) {
  try {
    return readSealed(body);
  } catch (error) {
    throw error instanceof TextRefused ? new StatusAnswer(400) : error;
  }
}

function orFault<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof TextRefused) throw new FaultAnswer(fault.encoding, `${error.message}.`);
    if (error instanceof XmlRefused) throw new FaultAnswer(fault.invalidXml, `${error.message}.`);
    throw error;
  }
}
