import type { CimValue } from "../../forDoors";
import type { WsmanBehaviour } from "../../scenario/wsmanBehaviour";
import { durationMs } from "../soap/isoDuration";
import { FaultAnswer, fault } from "../soap/wsmanFaults";
import { namespace } from "../soap/wsmanNamespaces";
import { attributeOf, type XmlElement } from "../xml/parsedElement";

type Form = WsmanBehaviour["dateTimeInput"][number];

const dmtfTimestamp = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})([+-])(\d{3})$/;
const isoTimestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * A datetime in one of the forms that the host takes.
 * @throws FaultAnswer 0x80338041, as for everything that the schema does not have.
 */
export function dateTimeParameter(parameter: XmlElement, forms: readonly Form[]): CimValue {
  const found = formOf(parameter);
  const value = found === undefined || !forms.includes(found.form) ? undefined : timeOf(found.text);
  if (value === undefined) throw new FaultAnswer(fault.schemaValidation, `${parameter.local} is not a datetime.`);
  return value;
}

function formOf(parameter: XmlElement): { form: Form; text: string } | undefined {
  const [child, ...others] = parameter.children;
  const text = parameter.text.trim();
  if (child === undefined) return { form: "text", text };
  if (others.length > 0 || text !== "") return undefined;
  if (child.uri === namespace.cim && (child.local === "Datetime" || child.local === "Interval"))
    return { form: "cimDatetime", text: child.text.trim() };
  const type = attributeOf(parameter, namespace.instance, "type");
  const isChoice = child.local === "CIM_DateTime" && type?.split(":").at(-1) === "cimDateTime";
  return isChoice ? { form: "cimDateTimeChoice", text: child.text.trim() } : undefined;
}

function timeOf(text: string): CimValue | undefined {
  const intervalMs = durationMs(text);
  if (intervalMs !== undefined) return { intervalMs };
  const atMs = isoTimestamp.test(text) ? Date.parse(text) : dmtfMs(text);
  return Number.isNaN(atMs) ? undefined : { dateTime: new Date(atMs).toISOString() };
}

/** Source of the form: "CIM_DATETIME", learn.microsoft.com; its offset is in minutes. */
function dmtfMs(text: string): number {
  const match = dmtfTimestamp.exec(text);
  if (match === null) return NaN;
  const [, year, month, day, hour, minute, second, micros = "0", sign, offset = "0"] = match;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${micros.slice(0, 3)}Z`);
  return local - (sign === "-" ? -1 : 1) * Number(offset) * 60_000;
}
