/** An attribute with its namespace, "" for none. */
export interface XmlAttribute {
  readonly uri: string;
  readonly local: string;
  readonly value: string;
}

/** An element as it was read: its children, and all text that stands directly in it. */
export interface XmlElement {
  readonly uri: string;
  readonly local: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** Whether an element has this name. */
export function isNamed(element: XmlElement, uri: string, local: string): boolean {
  return element.uri === uri && element.local === local;
}

/** The first child of this name. */
export function childOf(element: XmlElement | undefined, uri: string, local: string): XmlElement | undefined {
  return element?.children.find((child) => isNamed(child, uri, local));
}

/** All children of this name. */
export function childrenOf(element: XmlElement | undefined, uri: string, local: string): readonly XmlElement[] {
  return element?.children.filter((child) => isNamed(child, uri, local)) ?? [];
}

/** The value of an attribute, "" being no namespace. */
export function attributeOf(element: XmlElement, uri: string, local: string): string | undefined {
  return element.attributes.find((attribute) => attribute.uri === uri && attribute.local === local)?.value;
}
