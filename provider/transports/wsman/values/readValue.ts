import { ns } from "../soap/namespaces";
import { attributeOf, trimmedText, type XmlElement } from "../xml/xmlElement";
import { readInterval, readMoment } from "./cimDateTime";
import { readReference } from "./endpointReference";
import { WireError } from "./wireError";

/** How a property is written, as its class declares it: nothing in a reply says so, and a text is never guessed from. */
export type ValueType = "string" | "number" | "boolean" | "datetime" | "reference" | "string[]";

/**
 * The value of one property or parameter, from all its elements in order: an array is its element repeated. Null is an
 * element with `xsi:nil`. Source of the forms: MS-WSMV, sections 2.2.5.3 and 3.1.4.1.26; DSP0230, section 7.
 * @throws {@link WireError} for a text that is not of its type.
 */
export function readValue(elements: readonly XmlElement[], type: ValueType): unknown {
  const [first, ...others] = elements;
  if (first === undefined) return undefined;
  if (type === "string[]") return isNil(first) ? null : elements.map(({ text }) => text);
  if (others.length > 0) throw new WireError(`${first.name} appears ${elements.length} times`);
  return isNil(first) ? null : readOne(first, type);
}

/** `xsi:nil="true"`, in any letter case. */
export function isNil(element: XmlElement): boolean {
  return /^(true|1)$/i.test(attributeOf(element, "nil", ns.schemaInstance) ?? "");
}

function readOne(element: XmlElement, type: Exclude<ValueType, "string[]">): unknown {
  switch (type) {
    case "string":
      return element.text;
    case "number":
      return readNumber(element);
    case "boolean":
      return readBoolean(element);
    case "datetime":
      return readDateTime(element);
    case "reference":
      return readReference(element);
    default:
      return type satisfies never;
  }
}

function readNumber(element: XmlElement): number {
  const text = trimmedText(element);
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw noValue(element, "a number");
  return value;
}

/** Windows writes "true" and "TRUE". */
function readBoolean(element: XmlElement): boolean {
  const text = trimmedText(element).toLowerCase();
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  throw noValue(element, "true or false");
}

/**
 * In a child element (`cim:Datetime`, `cim:Interval`, `CIM_DateTime`) or bare, as in the answer to a query for named
 * properties. A class may have an interval where a timestamp is meant: zero then stands for "never". Source:
 * `CIM_Job.TimeOfLastStateChange`, learn.microsoft.com.
 */
function readDateTime(element: XmlElement): unknown {
  const child = element.children.find(({ name }) => /^(datetime|interval|cim_datetime|date)$/i.test(name));
  const text = trimmedText(child ?? element);
  const dateTime = readMoment(text);
  if (dateTime !== undefined) return { dateTime };
  const intervalMs = readInterval(text);
  if (intervalMs === undefined) throw noValue(element, "a timestamp or an interval");
  return { intervalMs };
}

function noValue(element: XmlElement, expected: string): WireError {
  return new WireError(`${element.name} is not ${expected}: ${JSON.stringify(element.text.slice(0, 80))}`);
}
