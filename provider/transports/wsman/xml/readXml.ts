import { SaxesParser } from "saxes";
import type { XmlAttribute, XmlElement } from "./xmlElement";

/**
 * Reads XML into elements. Input: text of one document. Output: its root. Anything that is not well-formed, uses a prefix
 * that is not bound, declares a document type (and with it entities), or exceeds a bound is an {@link XmlError}.
 */

/** What was read is not XML in the accepted form. */
export class XmlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "XmlError";
  }
}

/** Replies nest about 14 deep, a reference in a reference in a job's row being the deepest. */
export const maxDepth = 64;

/**
 * Elements and attributes of one reply. Hosts stop at 500 KiB by our wish, and the shortest property is some 20 characters
 * long: 25,000 of them. What a tree of this size takes in memory stays under 64 MiB.
 */
export const maxNodes = 100_000;

/** Characters of one document: twice what a host sends that keeps to the envelope size it was told. */
export const maxCharacters = 1_048_576;

/** How much goes to the parser at once: it stops soon after a bound is exceeded. */
const chunkLength = 65_536;

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

const xmlnsUri = "http://www.w3.org/2000/xmlns/";

/** @throws {@link XmlError} */
export function readXml(text: string): XmlElement {
  if (text.length > maxCharacters) throw new XmlError(`it is longer than ${maxCharacters} characters`);
  const parser = new SaxesParser({ xmlns: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let nodes = 0;
  const count = (more: number): void => {
    nodes += more;
    if (nodes > maxNodes) throw new XmlError(`it has more than ${maxNodes} elements and attributes`);
  };
  const addText = (more: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += more;
  };
  parser.on("error", (error) => {
    throw new XmlError(error.message);
  });
  parser.on("doctype", () => {
    throw new XmlError("it declares a document type, which is not accepted");
  });
  parser.on("attribute", () => {
    count(1);
  });
  parser.on("opentag", ({ uri, local, attributes }) => {
    count(1);
    if (open.length >= maxDepth) throw new XmlError(`it nests deeper than ${maxDepth} elements`);
    const element: OpenElement = {
      namespace: uri,
      name: local,
      attributes: ownAttributes(attributes),
      children: [],
      text: "",
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    open.pop();
  });
  for (let at = 0; at < text.length; at += chunkLength) parser.write(text.slice(at, at + chunkLength));
  parser.close();
  if (root === undefined) throw new XmlError("there is nothing in it");
  return root;
}

type Attributes = Readonly<Record<string, { readonly uri: string; readonly local: string; readonly value: string }>>;

function ownAttributes(attributes: Attributes): XmlAttribute[] {
  return Object.values(attributes)
    .filter(({ uri }) => uri !== xmlnsUri)
    .map(({ uri, local, value }) => ({ namespace: uri, name: local, value }));
}
