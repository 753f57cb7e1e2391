import { dateTime, type CimRow } from "./cimValue";
import type { HostState, JobRecord } from "../hostState";
import { linksOf } from "../links/link";
import { jobRemovalMs, jobState, jobType } from "../platform";
import { percentOf } from "../runs/runProgress";

/** A job as `Msvm_ConcreteJob` shows it now. Source of the properties: that class's page, learn.microsoft.com. */
export function jobRow(host: HostState, job: JobRecord): CimRow {
  const hasEnded = job.endedAtMs !== null;
  const label = labels.get(job.type) ?? "Replication";
  return {
    InstanceID: job.id,
    ElementName: label,
    Name: label,
    Caption: label,
    Description: label,
    JobType: job.type,
    JobState: job.state,
    JobStatus: statusOf(job),
    PercentComplete: percentNow(host, job),
    ErrorCode: job.errorCode,
    ErrorDescription: job.errorDescription,
    ErrorSummaryDescription: job.errorDescription,
    TimeSubmitted: dateTime(job.submittedAtMs),
    ScheduledStartTime: dateTime(job.scheduledAtMs),
    StartTime: job.startedAtMs === null ? null : dateTime(job.startedAtMs),
    TimeOfLastStateChange: hasEnded && host.switches.endedJobTime === "absent" ? null : dateTime(job.changedAtMs),
    ElapsedTime: { intervalMs: job.startedAtMs === null ? 0 : (job.endedAtMs ?? host.nowMs) - job.startedAtMs },
    TimeBeforeRemoval: { intervalMs: jobRemovalMs },
    DeleteOnCompletion: false,
    Cancellable: !hasEnded,
    Owner: job.owner,
    LocalOrUtcTime: 2,
    RecoveryAction: 2,
    Priority: 0,
    JobRunTimes: 1,
    HealthState: 5,
    // 17 completed, then how: 2 OK, 6 error. The page promises a constant 2; hosts show these.
    OperationalStatus: hasEnded ? [17, job.state === jobState.exception ? 6 : 2] : [2],
    Status: "OK",
    InstallDate: dateTime(null),
  };
}

const labels: ReadonlyMap<number, string> = new Map([
  [jobType.stateChange, "Replication State Change"],
  [jobType.resync, "Resynchronizing"],
  [jobType.statistics, "Replication Statistics"],
  [jobType.seededInitial, "Starting Initial Replication"],
  [jobType.extendedResync, "Resynchronizing Extended Replication"],
]);

/** From the run as long as there is one; what an ended job was at is written down. */
function percentNow(host: HostState, job: JobRecord): number {
  for (const [, { run }] of linksOf(host)) {
    if (run?.jobId === job.id)
      return run.phase === "scheduled" || run.phase === "waiting" ? 0 : percentOf(run, host.nowMs);
  }
  return job.percent;
}

function statusOf(job: JobRecord): string {
  const name = Object.entries(jobState).find(([, value]) => value === job.state)?.[0];
  return name === undefined ? String(job.state) : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
