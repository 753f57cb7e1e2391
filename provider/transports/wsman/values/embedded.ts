import { readXml, XmlError } from "../xml/readXml";
import { element } from "../xml/writeXml";
import { attributeOf, type XmlElement } from "../xml/xmlElement";

/**
 * Instances inside a text parameter: CIM-XML, as `<INSTANCE CLASSNAME="…">` with a `PROPERTY` each. Elements in the way of
 * WS-CIM are refused there. Source: DSP0201, section 5.2.3 (INSTANCE); "Embedded Objects", learn.microsoft.com.
 */

/** An instance with its key. */
export function embeddedInstance(className: string, key: string, value: string): string {
  const property = element("PROPERTY", { NAME: key, TYPE: "string" }, element("VALUE", {}, value));
  return element("INSTANCE", { CLASSNAME: className }, property).text;
}

/** `Message` of an embedded `Msvm_Error`; any other text is the message itself. */
export function messageOfError(text: string): string {
  if (!text.trimStart().startsWith("<")) return text;
  let root: XmlElement;
  try {
    root = readXml(text);
  } catch (error) {
    if (error instanceof XmlError) return text;
    throw error;
  }
  const message = root.children.find((child) => attributeOf(child, "NAME") === "Message");
  return message?.children.find(({ name }) => name === "VALUE")?.text ?? text;
}
