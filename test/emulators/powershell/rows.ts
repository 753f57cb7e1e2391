/** The properties of each class that the scripts hand on, and no others. */
const properties: Readonly<Record<string, readonly string[]>> = {
  Msvm_ComputerSystem: ["Name", "ElementName", "EnabledState", "ReplicationMode"],
  Msvm_ReplicationRelationship: ["InstanceID", "ReplicationState", "ReplicationHealth", "LastReplicationTime"],
  Msvm_ReplicationSettingData: [
    "InstanceID",
    "PrimaryHostSystem",
    "RecoveryHostSystem",
    "AutoResynchronizeEnabled",
    "AutoResynchronizeIntervalStart",
    "AutoResynchronizeIntervalEnd",
    "ReplicationProvider",
  ],
  Msvm_ConcreteJob: [
    "InstanceID",
    "JobType",
    "JobState",
    "PercentComplete",
    "ErrorCode",
    "ErrorDescription",
    "StartTime",
    "ScheduledStartTime",
    "TimeOfLastStateChange",
  ],
  Msvm_AffectedJobElement: ["AffectedElement", "AffectingElement"],
};

/** The classes that can be read as rows. */
export const rowClasses: readonly string[] = Object.keys(properties);

/** A row with the properties that are handed on; "never", which CIM shows as the year 1601, is null. */
export function rowOf(className: string, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries((properties[className] ?? []).map((name) => [name, valueOf(row[name])]));
}

function valueOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("dateTime" in value)) return value ?? null;
  return typeof value.dateTime === "string" && value.dateTime.slice(0, 4) <= "1601" ? null : value;
}
