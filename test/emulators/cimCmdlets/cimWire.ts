import { z } from "zod";
import { type HostCall } from "../../../provider/simulator/forDoors";

/**
 * One line each way between the module `HvReplicaCimCmdlets` and the line server. Every text that comes from the host has
 * `=` in front, because PowerShell takes some texts for dates; a timestamp is CIM datetime text, an interval milliseconds.
 */
const reference = z.strictObject({ className: z.string(), keys: z.record(z.string(), z.string()) });

const parameter = z.discriminatedUnion("type", [
  z.strictObject({ name: z.string(), type: z.literal("Reference"), value: reference }),
  z.strictObject({ name: z.string(), type: z.literal("DateTime"), value: z.string() }),
  z.strictObject({ name: z.string(), type: z.literal("String"), value: z.string() }),
  z.strictObject({ name: z.string(), type: z.literal("UInt16"), value: z.int() }),
]);

/** A parameter of a method with the CIM type that the scripts gave it. */
export type Parameter = z.output<typeof parameter>;

/** What the module asks. */
export const requestSchema = z.discriminatedUnion("operation", [
  z.strictObject({ operation: z.literal("logOn"), user: z.string().optional(), password: z.string().optional() }),
  z.strictObject({ operation: z.literal("time") }),
  z.strictObject({ operation: z.literal("enumerate"), user: z.string(), className: z.string() }),
  z.strictObject({
    operation: z.literal("invoke"),
    user: z.string(),
    method: z.string(),
    target: reference,
    parameters: z.array(parameter),
  }),
]);

/** What the module asks, checked. */
export type Request = z.output<typeof requestSchema>;

type Invoke = Extract<HostCall, { kind: "invoke" }>;
type CimRow = Invoke["input"];

/** A value of a property or an output parameter of the host's model. */
export type CimValue = CimRow[string];

/** A property, or an output parameter, as it goes to the module. */
export interface SentProperty {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
  readonly isKey: boolean;
}

/** An instance as it goes to the module. */
export interface SentInstance {
  readonly className: string;
  readonly properties: readonly SentProperty[];
}

/** An instance of a class, or with its keys only a reference to one. */
export function sentInstance(className: string, row: CimRow, keys: readonly string[]): SentInstance {
  const properties = Object.entries(row).map(([name, value]) => sentProperty(name, value, keys.includes(name)));
  return { className, properties };
}

/** A property with the type that it has in CIM, as far as it can be seen from its value. */
export function sentProperty(name: string, value: CimValue, isKey = false): SentProperty {
  return { name, isKey, ...typed(value) };
}

function typed(value: CimValue): { type: string; value: unknown } {
  if (value === null) return { type: "string", value };
  if (typeof value === "string") return { type: "string", value: `=${value}` };
  if (typeof value === "boolean") return { type: "boolean", value };
  if (typeof value === "number") return { type: value > 0xffff ? "uint32" : "uint16", value };
  return typedObject(value);
}

function typedObject(value: CimValue & object): { type: string; value: unknown } {
  if (isList(value)) {
    return value.every((item) => typeof item === "number")
      ? { type: "uint16[]", value }
      : { type: "string[]", value: value.map((item) => `=${item}`) };
  }
  if ("dateTime" in value) return { type: "datetime", value: cimTimeOf(Date.parse(value.dateTime)) };
  if ("intervalMs" in value) return { type: "interval", value: value.intervalMs };
  return { type: "reference", value: sentInstance(value.className, value.keys, Object.keys(value.keys)) };
}

/** Whether a value is an array of the model. */
export function isList(value: CimValue): value is readonly number[] | readonly string[] {
  return Array.isArray(value);
}

/** A timestamp, in milliseconds since 1970, as CIM datetime text in UTC. Source: "CIM_DATETIME", learn.microsoft.com. */
export function cimTimeOf(atMs: number): string {
  const [date = "", fraction = ""] = new Date(atMs).toISOString().split(".");
  return `${date.replace(/\D/g, "")}.${fraction.slice(0, 3)}000+000`;
}

/** ISO 8601 of a CIM datetime text in UTC. */
export function isoOf(text: string): string {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{3})\d{3}\+000$/.exec(text);
  if (match === null) throw new Error(`expected a CIM datetime in UTC, got ${text}`);
  const [, year, month, day, hour, minute, second, millisecond] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`;
}
