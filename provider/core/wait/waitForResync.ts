import { assessWait, type Awaited, findJob, type Seen } from "./assessWait";
import { clockSkewMs } from "../host/clockSkew";
import { humanDuration } from "../text/duration";
import { canPass, ReplicaResyncError } from "../errors";
import { jobStates } from "../hyperv/jobState";
import type { Reading } from "../host/hostWatch";
import type { HostSession } from "../host/hostSession";
import type { JobReading, ProgressSink } from "../host/ports";
import {
  fromJob,
  fromReading,
  outlivesItsJob,
  type ResyncRecord,
  wasResynchronizing,
  withWarnings,
} from "../record/record";
import { replicationStates } from "../hyperv/replicationState";
import type { ResyncRequest } from "../record/request";
import { describeReturnCode } from "../hyperv/returnCode";

/** How a wait ended, with the record as it stands then. */
export type WaitEnd =
  | { readonly kind: "completed"; readonly record: ResyncRecord }
  | { readonly kind: "failed"; readonly record: ResyncRecord; readonly error: ReplicaResyncError }
  | { readonly kind: "timedOut"; readonly record: ResyncRecord; readonly error: ReplicaResyncError }
  | { readonly kind: "interrupted"; readonly record: ResyncRecord; readonly error: unknown };

export interface WaitContext {
  readonly session: HostSession;
  readonly progress: ProgressSink;
  readonly signal: AbortSignal;
}

/**
 * Waits until the resync of a record has come to an end, the deadline has passed, or the signal is aborted. Never
 * starts anything, never throws: every end is returned, with the record to keep.
 */
export async function waitForResync(
  start: ResyncRecord,
  request: Pick<ResyncRequest, "kind" | "timeoutMs" | "stalledAfterMs">,
  awaited: Awaited,
  evidence: Seen,
  context: WaitContext,
): Promise<WaitEnd> {
  const { session, progress, signal } = context;
  const { clock, watch, host } = session;
  const where = (vmName: string): { host: string; vm: string; step: string } => ({
    host: start.hostName,
    vm: vmName,
    step: "wait",
  });
  const waitsSinceMs = clock.now();
  const scheduledMs = Date.parse(start.scheduledStartTime ?? "") || 0;
  // A start time is the host's, the wait is ours: until the host was read its clock is taken for ours.
  let skewMs = 0;
  const beginsAt = (): number => Math.max(waitsSinceMs, scheduledMs - skewMs);
  const deadlineAt = (): number => beginsAt() + request.timeoutMs;
  let record = start;
  let seen = evidence;
  let isOverWithJob = !outlivesItsJob(start);
  let stall: { readonly mark: string; readonly sinceMs: number } | undefined;

  const warned = new Set<string>();
  const warn = (text: string): void => {
    // Each run says it once, also what an earlier one has said: its readers may be others.
    if (!warned.has(text)) progress.warn(`${record.vmName}: ${text}`);
    warned.add(text);
    record = withWarnings(record, text);
  };

  watch.join();
  for (;;) {
    let reading: Reading;
    try {
      reading = await watch.next(record.vmId, signal);
    } catch (error) {
      if (signal.aborted || !canPass(error)) {
        return { kind: "interrupted", record, error };
      }
      progress.status(`cannot read ${host.address}, trying again: ${error.message}`);
      if (clock.now() >= deadlineAt()) return timedOut(record, request.timeoutMs, where(record.vmName));
      continue;
    }
    if (reading.service !== undefined) skewMs = clockSkewMs(reading.service, clock.now());
    const readAt = reading.service?.hostTime ?? new Date(clock.now()).toISOString();
    const job = findJob(reading.jobs, awaited, readAt);
    const link = reading.vm?.relationships.find((candidate) => candidate.kind === request.kind);
    record = { ...record, ...(reading.vm && fromReading(reading.vm, link, readAt)), ...fromJob(job) };
    if (record.outcome === "scheduled" && wasResynchronizing(record)) {
      record = { ...record, outcome: "started", reason: "the host resynchronizes it as scheduled" };
    }
    isOverWithJob &&= !outlivesItsJob(record);
    const step = assessWait(reading, { ...awaited, scheduledFor: start.scheduledStartTime }, seen);
    seen = step.seen;
    const { verdict } = step;
    switch (verdict.kind) {
      case "completed":
        if (verdict.warning !== undefined) warn(verdict.warning);
        return {
          kind: "completed",
          record: { ...record, ...completion(record, isOverWithJob ? job : undefined, readAt) },
        };
      case "failed":
        return {
          kind: "failed",
          record: { ...record, ...completion(record, isOverWithJob ? job : undefined, readAt) },
          error: new ReplicaResyncError("JOB_FAILED", verdict.reason, {
            remedy: verdict.remedy,
            context: where(record.vmName),
          }),
        };
      case "gone":
        return {
          kind: "interrupted",
          record,
          error: new ReplicaResyncError(
            "NOT_FOUND",
            "the machine is not on this host any more: moved, deleted, or the account lost its rights",
            {
              effect: "started",
              context: where(record.vmName),
              remedy:
                "Run up again once it is clear where the machine is: it goes on waiting and starts nothing that runs already",
            },
          ),
        };
      case "unexpected":
        return {
          kind: "interrupted",
          record,
          error: new ReplicaResyncError("UNEXPECTED_STATE", verdict.reason, {
            context: where(record.vmName),
            remedy: verdict.remedy ?? "Report this as a bug of the package",
          }),
        };
      case "pending": {
        if (verdict.warning !== undefined) warn(verdict.warning);
        progress.status(verdict.status + timeLeft(job, Date.parse(readAt)));
        const mark = JSON.stringify([link?.replicationState, job?.jobState, job?.percentComplete]);
        if (stall?.mark !== mark || clock.now() < beginsAt()) stall = { mark, sinceMs: clock.now() };
        const stalledMs = clock.now() - stall.sinceMs;
        if (request.stalledAfterMs > 0 && stalledMs >= request.stalledAfterMs) {
          warn(
            `nothing has moved for ${humanDuration(request.stalledAfterMs)}: the usual causes are a disk whose size differs between the two sides, a paused resynchronization, or no route to the replica host`,
          );
        }
        break;
      }
      default:
        return verdict satisfies never;
    }
    // A good end that was seen once is looked at once more, however short the time was.
    if (clock.now() >= deadlineAt() && seen.doneReadings === 0)
      return timedOut(record, request.timeoutMs, where(record.vmName));
  }
}

/** End and duration: by the job's own clock where it can be read, else by when the end was seen. */
export function completion(
  record: ResyncRecord,
  job: JobReading | undefined,
  readAt: string,
): Pick<ResyncRecord, "completionTime" | "completionTimeSource" | "durationSeconds"> {
  const isOver = job !== undefined && jobStates.get(job.jobState)?.isTerminal === true;
  const ofJob = isOver ? job.timeOfLastStateChange : undefined;
  const completionTime = ofJob ?? readAt;
  // What was adopted had begun before it was asked for.
  const askedAt = record.attempts > 0 ? record.requestedAt : undefined;
  const begun = job?.startTime ?? record.startedAt ?? askedAt;
  const durationMs = Date.parse(completionTime) - Date.parse(begun ?? "");
  return {
    completionTime,
    completionTimeSource: ofJob === undefined ? "observed" : "job",
    ...(durationMs >= 0 && { durationSeconds: Math.round(durationMs / 1_000) }),
  };
}

function timedOut(record: ResyncRecord, timeoutMs: number, context: { host: string; vm: string }): WaitEnd {
  const { jobId, jobState, percentComplete = 0, jobErrorCode = 0 } = record;
  const code = jobErrorCode === 0 ? "" : ` with error ${describeReturnCode(jobErrorCode)}`;
  const progress = jobState === undefined ? "" : ` ${jobState} at ${percentComplete} %${code}`;
  const job = jobId === undefined ? "" : `, job ${jobId}${progress}`;
  const isPaused = pausedStates.has(record.replicationState);
  const error = new ReplicaResyncError(
    "JOB_TIMEOUT",
    `not finished after ${humanDuration(timeoutMs)} (state ${record.replicationState}${job})`,
    {
      context,
      remedy: isPaused
        ? "Let it go on: Resume-VMReplication -Continue. Then run up again to go on waiting"
        : "Run up again to go on waiting; timeoutSeconds says how long one run waits",
    },
  );
  return { kind: "timedOut", record, error };
}

const pausedStates: ReadonlySet<string> = new Set(
  [...replicationStates.values()].filter(({ whileWaiting }) => whileWaiting === "paused").map(({ name }) => name),
);

/** What is left at the pace of the job so far; nothing while there is too little to tell. */
function timeLeft(job: JobReading | undefined, nowMs: number): string {
  if (job?.startTime === undefined || job.percentComplete < 1 || job.percentComplete >= 100) return "";
  const goneMs = nowMs - Date.parse(job.startTime);
  if (goneMs <= 0) return "";
  return `, about ${humanDuration((goneMs / job.percentComplete) * (100 - job.percentComplete))} left`;
}
