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
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
}
