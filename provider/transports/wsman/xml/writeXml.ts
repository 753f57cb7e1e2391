import { ReplicaResyncError } from "../../../core/errors";
import type { XmlElement } from "./xmlElement";

/** XML that is written already: nothing else is put into a document unescaped. */
export class Xml {
  constructor(readonly text: string) {}
}

/** An attribute of an element that is written: the name with its prefix. */
export type Attributes = Readonly<Record<string, string>>;

const escapes: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  // `]]>` must not stand in text.
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
  // Left alone, a reader turns a carriage return into a line feed, and in an attribute all three into spaces.
  ["\r", "&#13;"],
  ["\n", "&#10;"],
  ["\t", "&#9;"],
]);

/** What is not a character of XML 1.0, section 2.2: other control characters, halves of a surrogate pair, U+FFFE and U+FFFF. */
const notCarried = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Text for an element or an attribute: the only way in which values get into XML.
 * @throws {@link ReplicaResyncError} for a character that XML cannot carry: it would select something else, or nothing.
 */
export function escapeXml(text: string): string {
  const found = notCarried.exec(text);
  if (found !== null) {
    const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    throw new ReplicaResyncError("BAD_REPLY", `XML cannot contain the character U+${code}`, {
      remedy: "Use the GUID of the VM instead, or remove the character",
    });
  }
  return text.replace(/[&<>"'\r\n\t]/g, (character) => escapes.get(character) ?? character);
}

/** An element with what stands in it; the name carries its prefix. */
export function element(name: string, attributes: Attributes, ...content: readonly (Xml | string)[]): Xml {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const inner = content.map((part) => (part instanceof Xml ? part.text : escapeXml(part))).join("");
  return new Xml(inner === "" ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${inner}</${name}>`);
}

/** An element that came from the host, as it came: names, attributes, texts and order. Prefixes are new. */
export function sendBack({ namespace, name, attributes, children, text }: XmlElement): Xml {
  const declared: Record<string, string> = { "xmlns:b": namespace };
  const own = attributes.map(({ namespace: uri, name: local, value }, index): [string, string] => {
    if (uri === "") return [local, value];
    if (uri === xmlUri) return [`xml:${local}`, value];
    declared[`xmlns:b${index}`] = uri;
    return [`b${index}:${local}`, value];
  });
  const content = children.length > 0 ? children.map(sendBack) : [text];
  if (namespace === "")
    return element(name, { ...withoutElement(declared), xmlns: "", ...Object.fromEntries(own) }, ...content);
  return element(`b:${name}`, { ...declared, ...Object.fromEntries(own) }, ...content);
}

const xmlUri = "http://www.w3.org/XML/1998/namespace";

function withoutElement({ "xmlns:b": _element, ...others }: Record<string, string>): Record<string, string> {
  return others;
}
