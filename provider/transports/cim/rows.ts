import { z } from "zod";

/**
 * What hosts answer, as far as it is used, in the one form into which every transport brings it. Wire contract: properties by
 * their CIM names, numbers raw, a timestamp as `{ dateTime }` in ISO 8601 UTC with null or the year 1601 for "never", an
 * interval as `{ intervalMs }`, a reference as `{ className, keys }`; GUIDs in any letter case.
 */

/** The earliest timestamp of Windows file time: what CIM shows instead of null. */
const neverYear = "1601-";

const moment = z
  .strictObject({ dateTime: z.iso.datetime() })
  .nullable()
  .transform((value) => (value === null || value.dateTime.startsWith(neverYear) ? undefined : value.dateTime));

const timeOfDay = z.strictObject({ intervalMs: z.int() }).transform(({ intervalMs }) => {
  const minutes = Math.floor(intervalMs / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
});

const guid = z.guid().toLowerCase();

/** `Msvm_ReplicationService`. */
export const serviceRow = z.object({ SystemName: z.string() });

/** `Msvm_ComputerSystem`; the host itself is one of them, and has a `Name` that is not a GUID. */
export const computerRow = z.object({
  Name: z.string(),
  ElementName: z.string(),
  EnabledState: z.int(),
  ReplicationMode: z.int().nullable(),
});

const linkId = z.string().transform((text, context) => {
  const match = /^Microsoft:(.+)\\HVR\\([01])$/.exec(text);
  const vmId = guid.safeParse(match?.[1]);
  if (vmId.success) return { vmId: vmId.data, kind: match?.[2] === "1" ? ("extended" as const) : ("primary" as const) };
  context.issues.push({ code: "custom", message: "expected Microsoft:<GUID>\\HVR\\<0 or 1>", input: text });
  return z.NEVER;
});

/** `Msvm_ReplicationRelationship`. */
export const relationshipRow = z.object({
  InstanceID: linkId,
  ReplicationState: z.int(),
  ReplicationHealth: z.int(),
  LastReplicationTime: moment,
});

/** `Msvm_ReplicationSettingData`. */
export const settingRow = z.object({
  InstanceID: linkId,
  PrimaryHostSystem: z.string(),
  RecoveryHostSystem: z.string(),
  AutoResynchronizeEnabled: z.boolean(),
  AutoResynchronizeIntervalStart: timeOfDay,
  AutoResynchronizeIntervalEnd: timeOfDay,
  /** The path of a `Msvm_ReplicationProvider`, whose key `Name` is its GUID. */
  ReplicationProvider: z.string().transform((path) => /[.,]Name="([0-9a-f-]{36})"/i.exec(path)?.[1]?.toLowerCase()),
});

/** `Msvm_ConcreteJob`. */
export const jobRow = z.object({
  InstanceID: z.string(),
  JobType: z.int(),
  JobState: z.int(),
  PercentComplete: z.int(),
  ErrorCode: z.int(),
  ErrorDescription: z.string(),
  StartTime: moment,
  ScheduledStartTime: moment,
  TimeOfLastStateChange: moment,
});

/** `Msvm_AffectedJobElement`: which VM a job belongs to; jobs affect disks and other things as well. */
export const affectedRow = z.object({
  AffectedElement: z.object({ className: z.string(), keys: z.object({ Name: z.string().optional() }) }),
  AffectingElement: z.object({ keys: z.object({ InstanceID: z.string() }) }),
});

/** The output parameters of `GetReplicationStatisticsEx`. */
export const statisticsOutput = z.object({ ReplicationHealthIssues: z.array(z.string()) });
