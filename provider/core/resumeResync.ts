import { asksForCall, type Begun, nothingSeen } from "./beginResync";
import { findRunning } from "./decideResync";
import { checkRole } from "./checkRole";
import { JobFailedError } from "./errors";
import type { Observation } from "./observe";
import type { JobReading } from "./ports";
import {
  failed,
  failedAgain,
  fromJob,
  fromReading,
  type ResyncRecord,
  wasResynchronizing,
  withoutFailures,
} from "./record";
import { needsResyncState, replicatingState, replicationStateName, resynchronizingState } from "./replicationState";
import type { ResyncRequest } from "./request";
import type { ResyncContext, ResyncResult } from "./resyncContext";
import { tryAgain } from "./tryAgain";
import { completion } from "./waitForResync";

/** A request that was begun by an earlier run, or earlier in this one. */
export interface Resumed {
  readonly record: ResyncRecord;
  /** Whether this run may call once more if the earlier call came to nothing: false when it has called already. */
  readonly mayStart: boolean;
}

/** Goes on with a request of an earlier run: what runs is waited for, what is healed is done, what failed is tried again once. */
export async function beginAgain(
  observation: Observation,
  request: ResyncRequest,
  resumed: Resumed,
  context: ResyncContext,
): Promise<Begun | ResyncResult> {
  const { link, service } = observation;
  const before = resumed.record;
  const record: ResyncRecord = {
    ...before,
    hostName: service.hostName,
    ...fromReading(observation.vm, link, service.hostTime),
  };
  const running = findRunning(observation, request.kind);
  const isResynchronizing = link?.replicationState === resynchronizingState;
  const runsAlready = running !== undefined || isResynchronizing;
  const isWaitedFor = before.outcome === "started" || before.outcome === "scheduled";

  if (isWaitedFor && !runsAlready && endedUnseen(before, observation, request.kind)) {
    const error = unseenEnd(before, observation);
    return { ok: false, error, record: failed(record, error, service.hostTime, "failed") };
  }
  if (isWaitedFor) {
    const jobId = running?.jobId ?? before.jobId;
    context.progress.info(
      `${record.vmName}: going on waiting for ${jobId === undefined ? "the resynchronization" : `job ${jobId}`}`,
    );
    return {
      record: { ...record, outcome: runsAlready ? "started" : before.outcome, ...fromJob(running) },
      awaited: { kind: request.kind, jobId, olderJobIds: endedBefore(before, observation) },
      seen: {
        ...nothingSeen,
        isTrusted: true,
        resynchronizing: isResynchronizing || wasResynchronizing(before),
        job: before.jobState !== undefined,
      },
    };
  }
  if (runsAlready) {
    const text = `a resynchronization runs${running === undefined ? "" : ` (job ${running.jobId})`}: waiting for it instead of starting another`;
    context.progress.info(`${record.vmName}: ${text}`);
    return {
      record: { ...withoutEnd(record), outcome: "started", adopted: true, reason: text, ...fromJob(running) },
      awaited: {
        kind: request.kind,
        jobId: running?.jobId,
        olderJobIds: new Set(observation.jobs.filter((job) => job !== running).map((job) => job.jobId)),
      },
      seen: { ...nothingSeen, isTrusted: true, resynchronizing: isResynchronizing, job: running !== undefined },
    };
  }
  const stored = before.reason ?? "the earlier request did not end well";
  const refusal = checkRole(observation, request.kind);
  if (refusal !== undefined) {
    return { ok: false, error: refusal, record: { ...record, outcome: before.outcome, reason: stored } };
  }
  if (link?.replicationState === replicatingState) {
    const healed: ResyncRecord = {
      ...withoutFailures(record),
      outcome: "completed",
      reason: "healed meanwhile: it replicates normally",
    };
    return {
      ok: true,
      record: {
        ...healed,
        ...completion({ ...healed, startedAt: healed.startedAt ?? service.hostTime }, undefined, service.hostTime),
      },
    };
  }
  if (asksForCall(observation, request) && resumed.mayStart) {
    return tryAgain(observation, request, context, {
      kept: { ...record, reason: stored },
      before,
      earlier: { record: before, reconsider: (later) => beginAgain(later, request, resumed, context) },
      refused: (error) => failedAgain(record, error, service.hostTime),
    });
  }
  const error = new JobFailedError(stored, {
    context: { host: service.hostName, vm: record.vmName, step: "try again" },
    remedy: `Its replication is in state ${record.replicationState} now: put that right, then run up again`,
  });
  return { ok: false, error, record: { ...record, outcome: before.outcome, reason: stored } };
}

/** What a host may take to begin what it has scheduled. */
const beginsWithinMs = 60_000;

/**
 * What the host had taken on is gone, its job or, where it made none, any sign of it, and has left the relationship in
 * need: it did not end well.
 */
export function endedUnseen(before: ResyncRecord, observation: Observation, kind: ResyncRequest["kind"]): boolean {
  const { link, jobs, service } = observation;
  if (link?.replicationState !== needsResyncState || findRunning(observation, kind) !== undefined) return false;
  const isDue = (since: string | undefined): boolean =>
    Date.parse(since ?? "") + beginsWithinMs <= Date.parse(service.hostTime);
  if (before.scheduledStartTime !== undefined && !isDue(before.scheduledStartTime)) return false;
  if (before.jobId !== undefined) return !jobs.some((job) => job.jobId === before.jobId);
  return isDue(before.scheduledStartTime ?? before.requestedAt);
}

/** Jobs that began before the request was made, and say nothing of it. */
export function endedBefore({ requestedAt, jobId }: ResyncRecord, { jobs }: Observation): ReadonlySet<string> {
  const isOlder = (job: JobReading): boolean =>
    job.jobId !== jobId && requestedAt !== undefined && Date.parse(job.startTime ?? "") < Date.parse(requestedAt);
  return new Set(jobs.filter(isOlder).map((job) => job.jobId));
}

/** The record without the job and the times of a try that has ended. */
function withoutEnd({
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
  return record;
}

/** What {@link endedUnseen} comes to. */
export function unseenEnd(before: ResyncRecord, { service, vm, link }: Observation): JobFailedError {
  const state = link === undefined ? "none" : replicationStateName(link.replicationState);
  return new JobFailedError(
    `the resynchronization ended without success while nobody was waiting: ${before.jobId === undefined ? "the host shows no sign of it" : `job ${before.jobId} is gone`} and its replication is in state ${state}`,
    {
      context: { host: service.hostName, vm: vm.vmName, step: "wait" },
      remedy: "Look at the Hyper-V-VMMS event log of the host; a later up tries again",
    },
  );
}
