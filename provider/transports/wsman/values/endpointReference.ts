import { anonymousAddress, classUri, ns } from "../soap/namespaces";
import { element, type Xml } from "../xml/writeXml";
import { attributeOf, childOf, trimmedText, type XmlElement } from "../xml/xmlElement";
import { WireError } from "./wireError";

/** A reference to an instance, in the form that all transports share. */
export interface Reference {
  readonly className: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** Where an instance is, for a request: which resource, and which of its instances. */
export interface EndpointReference {
  readonly resourceUri: string;
  /** `w:SelectorSet` as the host wrote it: sent back unchanged, whatever selectors it has. */
  readonly selectorSet: XmlElement;
}

/** Where Windows puts the CIM namespace among the selectors: no key. */
const namespaceSelector = "__cimnamespace";

/**
 * A reference out of a property or parameter: an endpoint reference, its parts standing there directly or inside
 * `a:EndpointReference`, or the path of the instance as text. Source: DSP0230, section 7.2.5; "Describing a WMI Object
 * Path", learn.microsoft.com.
 * @throws {@link WireError}
 */
export function readReference(property: XmlElement): Reference {
  const { text } = property;
  if (property.children.length === 0 && text.includes("=")) return ofPath(text);
  const { resourceUri, selectorSet } = readEndpointReference(property);
  const keys: Record<string, string> = {};
  for (const selector of selectorSet.children) {
    const name = attributeOf(selector, "Name");
    if (name === undefined) throw new WireError(`a selector of ${property.name} has no name`);
    if (name !== namespaceSelector && selector.children.length === 0) keys[name] = selector.text;
  }
  return { className: resourceUri.slice(resourceUri.lastIndexOf("/") + 1), keys };
}

/** @throws {@link WireError} */
export function readEndpointReference(holder: XmlElement): EndpointReference {
  const wrapped = childOf(holder, ns.addressing, "EndpointReference");
  const parameters = childOf(wrapped ?? holder, ns.addressing, "ReferenceParameters");
  const resource = childOf(parameters, ns.wsman, "ResourceURI");
  const selectorSet = childOf(parameters, ns.wsman, "SelectorSet");
  if (resource === undefined || selectorSet === undefined) throw new WireError(`${holder.name} is not a reference`);
  return { resourceUri: trimmedText(resource), selectorSet };
}

/** Two GUIDs and a host's name take a tenth of it; the patterns below take long over much more. */
const longestPath = 4_096;

/** `\\HV01\root\virtualization\v2:Msvm_ConcreteJob.InstanceID="…"`: quotes and backslashes in a value are escaped. */
function ofPath(path: string): Reference {
  if (path.length > longestPath) throw new WireError(`the path of an instance has ${path.length} characters`);
  const [, className, list] = /(?:^|:)([A-Za-z_]\w*)\.(\w+=.*)$/s.exec(path.trim()) ?? [];
  const pairs = [...(list ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/gs)];
  if (className === undefined || pairs.length === 0)
    throw new WireError(`not the path of an instance: ${JSON.stringify(path.slice(0, 80))}`);
  const keys = pairs.map(([, key = "", value = ""]): [string, string] => [key, value.replace(/\\(.)/gs, "$1")]);
  return { className, keys: Object.fromEntries(keys) };
}

/** What a parameter that is a reference contains. Wrapped in `a:EndpointReference` Windows refuses it. */
export function referenceContent({ className, keys }: Reference): readonly Xml[] {
  return [
    element("a:Address", {}, anonymousAddress),
    element("a:ReferenceParameters", {}, element("w:ResourceURI", {}, classUri(className)), selectorSetOf(keys)),
  ];
}

/** Key properties as selectors. In a selector a backslash stays single. */
export function selectorSetOf(keys: Reference["keys"]): Xml {
  const selectors = Object.entries(keys).map(([name, value]) => element("w:Selector", { Name: name }, value));
  return element("w:SelectorSet", {}, ...selectors);
}
