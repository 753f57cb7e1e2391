import { SaxesParser } from "saxes";
import type { XmlAttribute, XmlElement } from "./parsedElement";

/** What was sent is not XML, or more of it than a request of WS-Management can have. */
export class XmlRefused extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(why, options);
    this.name = "XmlRefused";
  }
}

/** A request nests a dozen elements: envelope, header, selectors, endpoint references in selectors. */
const deepest = 50;
/** A request has some thirty elements, one with many selectors some hundred. */
const mostElements = 5_000;

interface OpenElement extends XmlElement {
  children: XmlElement[];
  text: string;
}

/**
 * Reads XML 1.0 with namespaces. Declarations of a document type are refused before any entity of theirs is known.
 * @throws XmlRefused
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  const append = (more: string): void => {
    const current = open.at(-1);
    if (current !== undefined) current.text += more;
  };
  parser.on("error", (error) => {
    throw new XmlRefused(error.message, { cause: error });
  });
  parser.on("doctype", () => {
    throw new XmlRefused("a document type is not accepted");
  });
  parser.on("opentag", ({ uri, local, attributes }) => {
    elements += 1;
    if (open.length >= deepest || elements > mostElements) throw new XmlRefused("too many elements");
    open.push({ uri, local, attributes: Object.values(attributes).map(attributeFrom), children: [], text: "" });
  });
  parser.on("text", append);
  parser.on("cdata", append);
  parser.on("closetag", () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = closed;
    else parent.children.push(closed);
  });
  parser.write(text).close();
  if (root === undefined) throw new XmlRefused("no element");
  return root;
}

function attributeFrom({ uri, local, value }: XmlAttribute): XmlAttribute {
  return { uri, local, value };
}
