import { jobStateName, jobStates } from "../hyperv/jobState";
import { type ReplicaResyncError } from "../errors";
import { countFailure, type FailureCount } from "./failures";
import type { Observation } from "../host/observe";
import type { JobReading, RelationshipReading, VmReplicationReading } from "../host/ports";
import { replicationModeName } from "../hyperv/relationship";
import { replicationHealthName, replicationStateName, resynchronizingState } from "../hyperv/replicationState";
import type { ResyncRequest } from "./request";
import { returnCodeName } from "../hyperv/returnCode";

/** How a request stands. `unknown`: a start may have reached the host. */
export const outcomes = ["completed", "skipped", "scheduled", "started", "unknown", "cancelled", "failed"] as const;
export type Outcome = (typeof outcomes)[number];

/** What is known of one request: all that a later run needs to go on, and all that users see as outputs. */
export interface ResyncRecord extends FailureCount {
  readonly outcome: Outcome;
  readonly requestId: string;
  readonly adopted: boolean;
  /** Calls of `Resynchronize` made for this request. */
  readonly attempts: number;
  /** One sentence, for every outcome but a plain `completed`. */
  readonly reason?: string;
  readonly vmId: string;
  readonly vmName: string;
  readonly hostName: string;
  readonly replicationMode: string;
  readonly primaryHost?: string;
  readonly recoveryHost?: string;
  readonly returnCode?: number;
  readonly returnCodeName?: string;
  readonly jobId?: string;
  readonly jobState?: string;
  readonly jobErrorCode?: number;
  readonly percentComplete?: number;
  /** Times are ISO 8601 UTC. */
  readonly requestedAt?: string;
  readonly scheduledStartTime?: string;
  readonly startedAt?: string;
  readonly completionTime?: string;
  /** `job`: the job's own clock; `observed`: when the end was seen. */
  readonly completionTimeSource?: "job" | "observed";
  readonly durationSeconds?: number;
  readonly observedAt: string;
  readonly replicationStateBefore?: string;
  readonly replicationState: string;
  readonly replicationHealth: string;
  readonly healthReasons: readonly string[];
  readonly lastReplicationTime?: string;
  readonly warnings: readonly string[];
}

/** Whether the request has ended as far as the caller asked. */
export function hasEnded(outcome: Outcome, wait: ResyncRequest["wait"]): boolean {
  switch (outcome) {
    case "completed":
    case "skipped":
      return true;
    case "started":
    case "scheduled":
      return wait === "started";
    case "failed":
    case "unknown":
    case "cancelled":
      return false;
    default:
      return outcome satisfies never;
  }
}

/** The part of a record that a reading of machine and link gives. */
export function fromReading(
  vm: VmReplicationReading,
  link: RelationshipReading | undefined,
  observedAt: string,
): Pick<
  ResyncRecord,
  | "vmId"
  | "vmName"
  | "replicationMode"
  | "replicationState"
  | "replicationHealth"
  | "primaryHost"
  | "recoveryHost"
  | "lastReplicationTime"
  | "observedAt"
> &
  Partial<Pick<ResyncRecord, "healthReasons">> {
  const reasons = link === undefined ? [] : link.healthReasons;
  return {
    vmId: vm.vmId,
    vmName: vm.vmName,
    replicationMode: replicationModeName(vm.replicationMode),
    replicationState: link === undefined ? "none" : replicationStateName(link.replicationState),
    replicationHealth: link === undefined ? "notApplicable" : replicationHealthName(link.replicationHealth),
    // What was not asked for stays as it was.
    ...(reasons !== undefined && { healthReasons: reasons }),
    ...(link?.primaryHost !== undefined && { primaryHost: link.primaryHost }),
    ...(link?.recoveryHost !== undefined && { recoveryHost: link.recoveryHost }),
    ...(link?.lastReplicationTime !== undefined && { lastReplicationTime: link.lastReplicationTime }),
    observedAt,
  };
}

/** The part of a record that a reading of the job gives; empty when there is no job. */
export function fromJob(
  job: JobReading | undefined,
): Partial<Pick<ResyncRecord, "jobId" | "jobState" | "jobErrorCode" | "percentComplete" | "startedAt">> {
  if (job === undefined) return {};
  return {
    jobId: job.jobId,
    jobState: jobStateName(job.jobState),
    jobErrorCode: job.errorCode,
    percentComplete: job.percentComplete,
    ...(job.startTime !== undefined && { startedAt: job.startTime }),
  };
}

/** The record with one more warning, unless it is there already. */
export function withWarnings(record: ResyncRecord, ...warnings: readonly string[]): ResyncRecord {
  return { ...record, warnings: [...new Set([...record.warnings, ...warnings])] };
}

const resynchronizing = replicationStateName(resynchronizingState);

/** Whether the record says that the relationship was being resynchronized when it was last read. */
export function wasResynchronizing(record: ResyncRecord): boolean {
  return record.replicationState === resynchronizing;
}

/** The warning of a resync that somebody has paused: it was seen running before. */
export const pausedWarning =
  "the resynchronization is paused by an operator: Resume-VMReplication -Continue lets it go on";

/**
 * Whether the record is evidence that the relationship was seen being resynchronized, by what the host shows now: a job of
 * another id is another resync, of which nothing was seen.
 */
export function sawResync(record: ResyncRecord, job?: JobReading): boolean {
  if (job !== undefined && record.jobId !== undefined && job.jobId !== record.jobId) return false;
  const isSeen = record.replicationStateBefore === resynchronizing || record.warnings.includes(pausedWarning);
  return wasResynchronizing(record) || isSeen;
}

/** Whether the job had ended well when the relationship was still being resynchronized: its end is not the end then. */
export function outlivesItsJob(record: ResyncRecord): boolean {
  return (
    wasResynchronizing(record) && [...jobStates.values()].some((job) => job.isSuccess && job.name === record.jobState)
  );
}

/** The record of a request that ended well: nothing is counted against the next one. */
export function withoutFailures({ failingSince: _since, nextAttemptAt: _next, ...record }: ResyncRecord): ResyncRecord {
  return { ...record, failuresInRow: 0 };
}

/** What goes on from an earlier try: the failures in a row, and of the same request its id and its calls. */
export type CarriedOver = FailureCount & Partial<Pick<ResyncRecord, "requestId" | "attempts">>;

/** A record for a request that begins now. */
export function newRecord(
  { vm, link, service }: Observation,
  requestId: string,
  before: CarriedOver | undefined,
): ResyncRecord {
  const reading = fromReading(vm, link, service.hostTime);
  return {
    healthReasons: [],
    ...reading,
    outcome: "unknown",
    requestId: before?.requestId ?? requestId,
    adopted: false,
    attempts: before?.attempts ?? 0,
    hostName: service.hostName,
    replicationStateBefore: reading.replicationState,
    failuresInRow: before?.failuresInRow ?? 0,
    ...(before?.failingSince !== undefined && { failingSince: before.failingSince }),
    warnings: [],
  };
}

/** The record with what the call returned. */
export function withReply(record: ResyncRecord, reply: { returnCode: number } | undefined): ResyncRecord {
  return reply === undefined
    ? record
    : { ...record, returnCode: reply.returnCode, returnCodeName: returnCodeName(reply.returnCode) };
}

/** The record of a request that ended badly: counted, so that the next try waits longer. */
export function failed(
  record: ResyncRecord,
  error: ReplicaResyncError,
  at: string,
  outcome: "failed" | "unknown" | "cancelled",
): ResyncRecord {
  return { ...record, ...countFailure(record, Date.parse(at)), outcome, reason: error.summary };
}

/** A further try that the host refused: counted, with what the call returned if it was made, and otherwise as it stood. */
export function failedAgain(record: ResyncRecord, error: ReplicaResyncError, at: string): ResyncRecord {
  const again = { ...failed(record, error, at, "failed"), outcome: record.outcome };
  return error.returnCode === undefined
    ? again
    : { ...withReply(again, { returnCode: error.returnCode }), attempts: record.attempts + 1 };
}

/** The record of a request whose resync has ended well, with the sentence that an adopted one keeps. */
export function asCompleted(record: ResyncRecord): ResyncRecord {
  const { reason, ...done } = withoutFailures(record);
  const completed: ResyncRecord = { ...done, outcome: "completed", percentComplete: 100 };
  if (!record.adopted) return completed;
  // After a lost reply the call was ours, most likely: the reason says what was seen.
  const isOurs = record.attempts > 0 && reason !== undefined;
  return { ...completed, reason: isOurs ? reason : "a resynchronization that ran already was waited for" };
}

/** The record without the job and the times of a try that has ended, and without what is no evidence of the next one. */
export function withoutEnd({
  completionTime: _end,
  completionTimeSource: _source,
  durationSeconds: _duration,
  startedAt: _started,
  scheduledStartTime: _scheduled,
  jobId: _job,
  jobState: _state,
  jobErrorCode: _error,
  percentComplete: _percent,
  ...record
}: ResyncRecord): ResyncRecord {
  return { ...record, warnings: record.warnings.filter((warning) => warning !== pausedWarning) };
}

/** Whether a resync is waited for: it was accepted, or found, and has not been seen to end. */
export function isWaitedFor({ outcome }: ResyncRecord): boolean {
  return outcome === "started" || outcome === "scheduled";
}

/** A record under what was read now. */
export function asRead(record: ResyncRecord, { service, vm, link }: Observation): ResyncRecord {
  return { ...record, hostName: service.hostName, ...fromReading(vm, link, service.hostTime) };
}
