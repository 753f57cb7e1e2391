import { ns } from "../soap/namespaces";
import type { XmlElement } from "../xml/xmlElement";
import type { ReadClass } from "../../cim/cimClient";
import { readValue, type ValueType } from "./readValue";
import { WireError } from "./wireError";

/** Whatever is read from: the classes of the port, and the service. */
export type WireClass = ReadClass | "Msvm_ReplicationService";

type Types = Readonly<Record<string, ValueType>>;

const linkState: Types = { ReplicationState: "number", ReplicationHealth: "number" };

/**
 * The properties that are read, with the types their classes declare. All others are ignored. Source: the pages of the
 * classes, learn.microsoft.com.
 */
const properties: Readonly<Record<WireClass, Types>> = {
  Msvm_ReplicationService: { SystemName: "string" },
  Msvm_ComputerSystem: {
    Name: "string",
    ElementName: "string",
    EnabledState: "number",
    ReplicationMode: "number",
  },
  Msvm_ReplicationRelationship: { InstanceID: "string", ...linkState, LastReplicationTime: "datetime" },
  Msvm_ReplicationSettingData: {
    InstanceID: "string",
    PrimaryHostSystem: "string",
    RecoveryHostSystem: "string",
    AutoResynchronizeEnabled: "boolean",
    AutoResynchronizeIntervalStart: "datetime",
    AutoResynchronizeIntervalEnd: "datetime",
    ReplicationProvider: "string",
  },
  Msvm_ConcreteJob: {
    InstanceID: "string",
    JobType: "number",
    JobState: "number",
    PercentComplete: "number",
    ErrorCode: "number",
    ErrorDescription: "string",
    StartTime: "datetime",
    ScheduledStartTime: "datetime",
    TimeOfLastStateChange: "datetime",
  },
  Msvm_AffectedJobElement: { AffectedElement: "reference", AffectingElement: "reference" },
};

/** Where an interval of zero means "never". Source: `CIM_Job.TimeOfLastStateChange`, learn.microsoft.com. */
const moments: ReadonlySet<string> = new Set([
  "LastReplicationTime",
  "StartTime",
  "ScheduledStartTime",
  "TimeOfLastStateChange",
]);

/** A row by the names of its properties; those that the host left out are missing. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * A row out of what a host enumerates: the instance itself, in `w:Item` with its reference beside it, or in `w:XmlFragment`,
 * where the properties have no namespace.
 * @throws {@link WireError}
 */
export function readRow(item: XmlElement, className: WireClass): Row {
  const instance = instanceOf(item);
  const byName = Map.groupBy(
    instance.children.filter(({ namespace }) => namespace === "" || namespace === instance.namespace),
    ({ name }) => name,
  );
  const row: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(properties[className])) {
    const value = readValue(byName.get(name) ?? [], type);
    if (value !== undefined) row[name] = moments.has(name) ? neverForZero(value) : value;
  }
  return row;
}

function instanceOf(item: XmlElement): XmlElement {
  if (item.namespace !== ns.wsman || item.name !== "Item") return item;
  const instance = item.children.find(({ namespace }) => namespace !== ns.addressing);
  if (instance === undefined) throw new WireError("an item has a reference and no instance");
  return instance;
}

function neverForZero(value: unknown): unknown {
  const isZero = typeof value === "object" && value !== null && "intervalMs" in value && value.intervalMs === 0;
  return isZero ? null : value;
}
