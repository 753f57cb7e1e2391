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

/** Whether a row belongs to a VM; rows of jobs, whose key does not name it, do to every one. */
export function isOf(className: string, row: Readonly<Record<string, unknown>>, vmId: string | undefined): boolean {
  if (vmId === undefined) return true;
  const id = vmId.toLowerCase();
  const key = String(row[className === "Msvm_ComputerSystem" ? "Name" : "InstanceID"]).toLowerCase();
  if (className === "Msvm_ComputerSystem") return key === id;
  return className.includes("Job") || key === `microsoft:${id}\\hvr\\0` || key === `microsoft:${id}\\hvr\\1`;
}
