import { z } from "zod";
import type { JobReading, RelationshipReading, VmReading } from "../../core/host/ports";
import type { affectedRow, computerRow, jobRow, relationshipRow, settingRow } from "./rows";

type Row<Schema extends z.ZodType> = z.output<Schema>;

/** The VMs among the computer systems: the host itself, whose `Name` is not a GUID, is left out. */
export function vmsOf(rows: readonly Row<typeof computerRow>[]): VmReading[] {
  return rows
    .filter(({ Name }) => z.guid().safeParse(Name).success)
    .map((row) => ({
      vmId: row.Name.toLowerCase(),
      vmName: row.ElementName,
      replicationMode: row.ReplicationMode ?? 0,
      enabledState: row.EnabledState,
    }));
}

/** The VM that a reference leads to; `undefined` for the host itself and for everything else. */
export function vmIdBehind({ className, keys }: Row<typeof affectedRow>["AffectedElement"]): string | undefined {
  const vmId = z.guid().safeParse(keys.Name);
  return className === "Msvm_ComputerSystem" && vmId.success ? vmId.data.toLowerCase() : undefined;
}

/** A relationship from its two rows; without the second one (it went away in between) the rest stays. */
export function relationshipOf(
  row: Row<typeof relationshipRow>,
  setting: Row<typeof settingRow> | undefined,
): RelationshipReading {
  return {
    kind: row.InstanceID.kind,
    replicationState: row.ReplicationState,
    replicationHealth: row.ReplicationHealth,
    ...(row.LastReplicationTime !== undefined && { lastReplicationTime: row.LastReplicationTime }),
    ...(setting !== undefined && {
      primaryHost: setting.PrimaryHostSystem,
      recoveryHost: setting.RecoveryHostSystem,
      ...(setting.ReplicationProvider !== undefined && { providerId: setting.ReplicationProvider }),
      ...(setting.AutoResynchronizeEnabled && {
        autoResync: {
          windowStart: setting.AutoResynchronizeIntervalStart,
          windowEnd: setting.AutoResynchronizeIntervalEnd,
        },
      }),
    }),
  };
}

/** A job from its row. */
export function jobOf(row: Row<typeof jobRow>, vmId: string): JobReading {
  return {
    jobId: row.InstanceID,
    vmId,
    jobType: row.JobType,
    jobState: row.JobState,
    percentComplete: row.PercentComplete,
    errorCode: row.ErrorCode,
    errorDescription: row.ErrorDescription,
    ...(row.StartTime !== undefined && { startTime: row.StartTime }),
    ...(row.ScheduledStartTime !== undefined && { scheduledStartTime: row.ScheduledStartTime }),
    ...(row.TimeOfLastStateChange !== undefined && { timeOfLastStateChange: row.TimeOfLastStateChange }),
  };
}
