import { faultCode, HostFault } from "../soap/fault";
import { ns, wqlDialect } from "../soap/namespaces";
import type { Request } from "../soap/writeRequest";
import type { Answer, SoapSession } from "../soap/soapSession";
import { WireError } from "../values/wireError";
import { XmlError } from "../xml/readXml";
import { element, type Xml } from "../xml/writeXml";
import { childOf, trimmedText, type XmlElement } from "../xml/xmlElement";

/**
 * Enumerate with the first items in its reply, then Pull until the end, then nothing; Release when it is left before the end.
 * Source: MS-WSMV, sections 3.1.4.8 and 3.1.4.9; DSP0226, section 8.
 */

export interface Query {
  readonly resourceUri: string;
  readonly wql?: string;
  /** Each item with the reference to it, in `w:Item`. */
  readonly withReferences?: boolean;
}

/** Everything that was found. */
export interface Found<Item> {
  readonly items: readonly Item[];
  /** Of the reply that ended it. */
  readonly date: string | undefined;
}

/** Rows are some 5 KB long: half of what fits into an envelope. */
const itemsAtOnce = 50;
/** Of all replies together: some 3,000 VMs or jobs, and what is kept of them takes no more than twice that memory. */
const mostBytes = 16_777_216;
/** Enough for one item per reply of that many VMs. */
const mostReplies = 5_000;
const releaseMs = 5_000;

const action = (name: string): string => `${ns.enumeration}/${name}`;

/**
 * Reads all of it, each item by `read` as soon as it is there; again in smaller parts when the host says that they do not fit.
 */
export async function enumerate<Item>(
  session: SoapSession,
  query: Query,
  read: (item: XmlElement) => Item,
  signal: AbortSignal,
): Promise<Found<Item>> {
  for (let atOnce = itemsAtOnce; ; atOnce = Math.max(1, Math.floor(atOnce / 10))) {
    try {
      return await enumerateBy(atOnce, session, query, read, signal);
    } catch (error) {
      const isTooLarge = error instanceof HostFault && error.code === faultCode.envelopeTooLarge;
      if (!isTooLarge || atOnce === 1) throw error;
    }
  }
}

async function enumerateBy<Item>(
  atOnce: number,
  session: SoapSession,
  query: Query,
  read: (item: XmlElement) => Item,
  signal: AbortSignal,
): Promise<Found<Item>> {
  const first = await session.ask(enumerateRequest(query, atOnce), false, signal);
  let page = readPage(first, "EnumerateResponse");
  let { size } = first;
  const items = page.items.map(read);
  for (let replies = 1; page.context !== undefined; replies += 1) {
    const { context } = page;
    try {
      if (replies > mostReplies || size > mostBytes) throw new WireError("it does not end");
      const answer = await session.ask(pullRequest(query, context, atOnce), false, signal);
      page = readPage(answer, "PullResponse");
      size += answer.size;
      items.push(...page.items.map(read));
    } catch (error) {
      // Not awaited: the caller that stopped the reading continues at once.
      if (shouldRelease(error, signal)) void release(session, query, context);
      throw error;
    }
  }
  return { items, date: page.date };
}

interface Page {
  readonly items: readonly XmlElement[];
  /** Absent: there is no more. */
  readonly context: XmlElement | undefined;
  readonly date: string | undefined;
}

/** Items come as `w:Items` in the reply to Enumerate and as `n:Items` in the one to Pull; each says its end in its namespace. */
function readPage({ body, date }: Answer, name: "EnumerateResponse" | "PullResponse"): Page {
  const response = childOf(body, ns.enumeration, name);
  if (response === undefined) throw new WireError(`it is not a ${name}`);
  const namespaces = [ns.wsman, ns.enumeration];
  const find = (child: string): XmlElement | undefined =>
    namespaces.map((namespace) => childOf(response, namespace, child)).find((found) => found !== undefined);
  const context = childOf(response, ns.enumeration, "EnumerationContext");
  const hasEnded = find("EndOfSequence") !== undefined;
  const isGiven = context !== undefined && (context.children.length > 0 || trimmedText(context) !== "");
  if (!hasEnded && !isGiven) throw new WireError(`its ${name} neither ends nor says how to continue`);
  return { items: find("Items")?.children ?? [], context: hasEnded ? undefined : context, date };
}

function enumerateRequest({ resourceUri, wql, withReferences }: Query, atOnce: number): Request {
  const content: Xml[] = [
    element("w:OptimizeEnumeration", {}),
    element("w:MaxElements", {}, String(atOnce)),
    ...(wql === undefined ? [] : [element("w:Filter", { Dialect: wqlDialect }, wql)]),
    ...(withReferences === true ? [element("w:EnumerationMode", {}, "EnumerateObjectAndEPR")] : []),
  ];
  return { action: action("Enumerate"), resourceUri, body: [element("n:Enumerate", {}, ...content)] };
}

function pullRequest({ resourceUri }: Query, context: XmlElement, atOnce: number): Request {
  const maxElements = element("n:MaxElements", {}, String(atOnce));
  return { action: action("Pull"), resourceUri, body: [element("n:Pull", {}, contextOf(context), maxElements)] };
}

/** Whatever stands in it is the host's own, and goes back to it. */
function contextOf(context: XmlElement): Xml {
  return element("n:EnumerationContext", {}, context.text);
}

/** A host that did not answer is not asked for more; one that named a fault has ended the enumeration itself. */
function shouldRelease(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || error instanceof WireError || error instanceof XmlError;
}

async function release(session: SoapSession, { resourceUri }: Query, context: XmlElement): Promise<void> {
  const body = [element("n:Release", {}, contextOf(context))];
  try {
    await session.ask({ action: action("Release"), resourceUri, body }, false, AbortSignal.timeout(releaseMs));
  } catch {
    // A courtesy: the host forgets the enumeration by itself, and what went wrong before is what counts.
  }
}
