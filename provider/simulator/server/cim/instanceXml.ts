import type { CimRow, CimValue } from "../../forDoors";
import type { CimClass } from "./cimClasses";
import { addressParts } from "./instanceAddress";
import { durationText, momentText } from "../soap/isoDuration";
import { classPrefix, namespace } from "../soap/wsmanNamespaces";
import { element, emptyElement, textElement, type Xml } from "../xml/composeXml";

/** An instance as Windows writes it: `xsi:type`, one namespace for the class and its properties. */
export function instanceXml({ name }: CimClass, instance: CimRow): Xml {
  const attributes = { ...documentNamespaces(name), "xsi:type": `p:${name}_Type` };
  return element(`p:${name}`, attributes, ...qualified(instance));
}

/** The output parameters of a method and what it returned. */
export function outputXml(className: string, method: string, output: CimRow): Xml {
  return element(`p:${method}_OUTPUT`, documentNamespaces(className), ...qualified(output));
}

function documentNamespaces(className: string): Record<string, string> {
  return {
    "xmlns:xsi": namespace.instance,
    "xmlns:p": `${classPrefix}${className}`,
    "xmlns:cim": namespace.cim,
  };
}

function qualified(properties: CimRow): Xml[] {
  return Object.entries(properties).flatMap(([name, value]) => propertyXml(`p:${name}`, value));
}

/** One element, or for a list as many as it has; null and an empty list are one that is nil (MS-WSMV 3.1.4.1.26). */
function propertyXml(name: string, value: CimValue): Xml[] {
  if (value === null || (isList(value) && value.length === 0)) return [emptyElement(name, { "xsi:nil": "true" })];
  if (isList(value)) return value.map((one) => textElement(name, String(one)));
  if (typeof value !== "object") return [textElement(name, String(value))];
  if (isTime(value)) {
    const kind = "dateTime" in value ? "Datetime" : "Interval";
    return [element(name, {}, textElement(`cim:${kind}`, timeText(value)))];
  }
  const namespaces = { "xmlns:a": namespace.addressing, "xmlns:w": namespace.wsman };
  return [element(name, namespaces, ...addressParts(value))];
}

type Time = Extract<CimValue, { dateTime: string } | { intervalMs: number }>;

function timeText(value: Time): string {
  return "dateTime" in value ? momentText(value.dateTime) : durationText(value.intervalMs);
}

function isList(value: CimValue): value is readonly number[] | readonly string[] {
  return Array.isArray(value);
}

function isTime(value: CimValue): value is Time {
  return typeof value === "object" && value !== null && ("dateTime" in value || "intervalMs" in value);
}
