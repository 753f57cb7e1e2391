import type { JobReading, VmReplicationReading } from "../host/ports";
import { type RelationshipKind, replicationMode, resyncJobType } from "../hyperv/relationship";
import { isScheduledAhead } from "../hyperv/resyncJob";

/** Which relationship is waited for, and the job if it is known. */
export interface Awaited {
  readonly kind: RelationshipKind;
  readonly jobId: string | undefined;
  /** Jobs that had ended before the request, and say nothing of it. */
  readonly olderJobIds: ReadonlySet<string>;
  /** When the host is to begin, ISO 8601 UTC; absent: at once. Before that nothing is missed. */
  readonly scheduledFor?: string | undefined;
}

/** What the wait has seen so far: the evidence that a resync took place at all. */
export interface Seen {
  /** The relationship was in state 10 while we looked. */
  readonly resynchronizing: boolean;
  /** A job of the resync was there while we looked. */
  readonly job: boolean;
  /** The call returned 0, or a later run resumes the request: no further evidence is asked for. */
  readonly isTrusted: boolean;
  /** Readings in a row that look like a good end. */
  readonly doneReadings: number;
  /** The job was running when it was last seen. */
  readonly isJobRunning?: boolean;
  /** Readings in a row in which a job that was running is not there any more. */
  readonly lostJobReadings?: number;
  /** Readings in a row in which the host did not show the VM. */
  readonly missingReadings: number;
}

/** A wait that has seen nothing yet. */
export const nothingSeen: Seen = {
  resynchronizing: false,
  job: false,
  isTrusted: false,
  doneReadings: 0,
  missingReadings: 0,
};

/**
 * The job of the resync that is waited for: the one the call named, else the newest of its type. One that waits for a
 * start time ahead counts only when it was named: it may be the host's own.
 */
export function findJob(jobs: readonly JobReading[], awaited: Awaited, hostTime: string): JobReading | undefined {
  const named = jobs.find((job) => job.jobId === awaited.jobId);
  if (named !== undefined) return named;
  return jobs
    .filter((job) => job.jobType === resyncJobType[awaited.kind] && !awaited.olderJobIds.has(job.jobId))
    .filter((job) => !isScheduledAhead(job, hostTime))
    .sort((one, other) => (other.startTime ?? "").localeCompare(one.startTime ?? ""))[0];
}

/**
 * A VM that is said to be replicated and shows no relationship: rights or the service were lost in the middle of the
 * reading, or replication is being removed just now.
 */
export function isTorn({ replicationMode: mode, relationships }: VmReplicationReading): boolean {
  return mode !== replicationMode.none && relationships.length === 0;
}
