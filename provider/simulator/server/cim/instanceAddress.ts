import type { CimReference, CimRow, CimValue } from "../../forDoors";
import type { CimClass } from "./cimClasses";
import { FaultAnswer, fault } from "../soap/wsmanFaults";
import { anonymous, classPrefix, namespace } from "../soap/wsmanNamespaces";
import { attributeOf, childOf, childrenOf, type XmlElement } from "../xml/parsedElement";
import { element, textElement, type Xml } from "../xml/composeXml";

/** The address of an instance: of an association the keys are addresses themselves. */
export interface EndpointReference {
  readonly className: string;
  readonly keys: Readonly<Record<string, string | EndpointReference>>;
}

/** The namespace that all classes are in, as the selector `__cimnamespace` may name it. */
const cimNamespace = "root/virtualization/v2";

/** The address of an instance by its keys. */
export function addressOf({ name, keys }: CimClass, instance: CimRow): EndpointReference {
  return { className: name, keys: Object.fromEntries(keys.map((key) => [key, keyOf(instance[key])])) };
}

function keyOf(value: CimValue | undefined): string | EndpointReference {
  if (isReference(value)) return value;
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function isReference(value: CimValue | undefined): value is CimReference {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "keys" in value;
}

/** What stands in an element that holds an address. */
export function addressParts({ className, keys }: EndpointReference): Xml[] {
  const selectors = Object.entries(keys).map(([name, value]) =>
    typeof value === "string"
      ? textElement("w:Selector", value, { Name: name })
      : element("w:Selector", { Name: name }, element("a:EndpointReference", {}, ...addressParts(value))),
  );
  return [
    textElement("a:Address", anonymous),
    element(
      "a:ReferenceParameters",
      {},
      textElement("w:ResourceURI", `${classPrefix}${className}`),
      element("w:SelectorSet", {}, ...selectors),
    ),
  ];
}

/**
 * Reads an address from the element that holds its parts. Wrapped in one more `EndpointReference` it is refused, as a
 * host does it with parameters.
 * @throws FaultAnswer
 */
export function readAddress(holder: XmlElement): EndpointReference {
  const parameters = childOf(holder, namespace.addressing, "ReferenceParameters");
  const uri = childOf(parameters, namespace.wsman, "ResourceURI")?.text.trim();
  if (childOf(holder, namespace.addressing, "Address") === undefined || uri?.startsWith(classPrefix) !== true)
    throw new FaultAnswer(fault.schemaValidation, `${holder.local} is not an endpoint reference.`);
  const selectors = childrenOf(childOf(parameters, namespace.wsman, "SelectorSet"), namespace.wsman, "Selector");
  return { className: uri.slice(classPrefix.length), keys: Object.fromEntries(readSelectors(selectors)) };
}

/**
 * Reads selectors: names and values as they are written, without the one for the namespace.
 * @throws FaultAnswer
 */
export function readSelectors(selectors: readonly XmlElement[]): Map<string, string | EndpointReference> {
  const read = new Map<string, string | EndpointReference>();
  for (const selector of selectors) {
    const name = attributeOf(selector, "", "Name");
    if (name === undefined || name === "") throw new FaultAnswer(fault.schemaValidation, "A selector has no name.");
    if (name.toLowerCase() === "__cimnamespace") {
      checkNamespace(selector.text);
      continue;
    }
    if ([...read.keys()].some((other) => sameText(other, name))) throw new FaultAnswer(fault.selectorsDuplicate, name);
    const address = childOf(selector, namespace.addressing, "EndpointReference");
    read.set(name, address === undefined ? selector.text : readAddress(address));
  }
  return read;
}

/** Another namespace than the resource URI's is refused. Source: MS-WSMV, note 46. */
function checkNamespace(text: string): void {
  const named = text.trim().replaceAll("\\", "/").toLowerCase();
  if (named !== cimNamespace) throw new FaultAnswer(fault.internal, "The namespaces of URI and selector differ.");
}

/** Whether an instance has all these keys; letter case counts in neither names nor values (MS-WSMV 3.1.4.1.2). */
export function hasKeys(address: EndpointReference, wanted: ReadonlyMap<string, string | EndpointReference>): boolean {
  return [...wanted].every(([name, value]) => {
    const [, own] = Object.entries(address.keys).find(([key]) => sameText(key, name)) ?? [];
    return own !== undefined && sameKey(own, value);
  });
}

function sameKey(one: string | EndpointReference, other: string | EndpointReference): boolean {
  if (typeof one === "string" || typeof other === "string")
    return typeof one === "string" && typeof other === "string" && sameText(one, other);
  return sameText(one.className, other.className) && hasKeys(one, new Map(Object.entries(other.keys)));
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
