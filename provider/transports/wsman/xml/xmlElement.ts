/** An element of a reply: names with their namespace, whatever prefix the host has chosen. */
export interface XmlElement {
  /** Empty: none. */
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All the text that stands directly in it, line breaks as they are. */
  readonly text: string;
}

/** An attribute; declarations of namespaces are none. */
export interface XmlAttribute {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, namespace: string, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name && child.namespace === namespace);
}

/** The value of an attribute; without a namespace, as most are. */
export function attributeOf(element: XmlElement, name: string, namespace = ""): string | undefined {
  return element.attributes.find((one) => one.name === name && one.namespace === namespace)?.value;
}

/** Text without the white space of XML around it: what numbers, dates and addresses are read from. */
export function trimmedText({ text }: XmlElement): string {
  // Not by a pattern: one that looks for the end takes quadratic time over a long run of spaces.
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** Tab, line feed, carriage return and space. Source: XML 1.0, production 3. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
