import { canPass, ReplicaResyncError } from "../errors";
import { clockSkewMs } from "../host/clockSkew";
import { lookAt, type NotShown, type Observation } from "../host/observation";
import type { RunContext } from "../host/runContext";
import { asCompleted, failed, withEnd } from "../record/ending";
import { isResynchronizing, outlivesItsJob, withJob, withReading } from "../record/reading";
import { type ResyncRecord, withWarnings } from "../record/record";
import type { ResyncRequest } from "../record/request";
import type { ResyncResult } from "../record/result";
import type { Warning } from "../record/warnings";
import type { Begun } from "../start/attempt";
import { asError } from "./asError";
import { findJob } from "./awaited";
import { endAtDeadline } from "./deadline";
import { judgeReading } from "./judgeReading";
import { timeLeft } from "./progressText";
import { StallWatch, stalledWarning } from "./stall";

type WaitRequest = Pick<ResyncRequest, "kind" | "timeoutMs" | "stalledAfterMs" | "onTimeout">;

/**
 * Waits until a resync has come to an end, the deadline has passed, or the signal is aborted. Never starts anything, never
 * throws: every end is returned, with the record to keep.
 */
export async function waitForResync(
  { record: start, awaited, seen: evidence }: Begun,
  request: WaitRequest,
  context: RunContext,
): Promise<ResyncResult> {
  const { session, progress, signal } = context;
  const { clock, reader, host } = session;
  const waitsSinceMs = clock.now();
  const scheduledMs = Date.parse(start.scheduledStartTime ?? "") || 0;
  // A start time is the host's, the wait is the runner's: until the host was read both clocks are taken for the same.
  let skewMs = 0;
  const beginsAt = (): number => Math.max(waitsSinceMs, scheduledMs - skewMs);
  const isOverdue = (): boolean => clock.now() >= beginsAt() + request.timeoutMs;
  let record = start;
  let seen = evidence;
  let isOverWithJob = !outlivesItsJob(start);
  const stall = new StallWatch();

  const warned = new Set<string>();
  const warn = (warning: Warning): void => {
    // Each run says it once, also what an earlier one has said: its readers may be others.
    if (!warned.has(warning.code)) progress.warn(`${record.vmName}: ${warning.text}`);
    warned.add(warning.code);
    record = withWarnings(record, warning);
  };
  const interrupted = (thrown: unknown): ResyncResult => {
    const error = asError(thrown, signal, record, clock.now() - waitsSinceMs);
    return { ok: false, error, record: { ...record, reason: error.summary } };
  };

  reader.join();
  for (;;) {
    let look: Observation | NotShown;
    try {
      look = lookAt(await reader.next(signal), record.vmId, request.kind);
    } catch (error) {
      if (signal.aborted || !canPass(error)) return interrupted(error);
      progress.status(`cannot read ${host.address}, trying again: ${error.message}`);
      if (isOverdue()) return endAtDeadline(record, request, context);
      continue;
    }
    if (look.service !== undefined) skewMs = clockSkewMs(look.service, clock.now());
    const readAt = look.service?.hostTime ?? new Date(clock.now()).toISOString();
    const job = "notShown" in look ? undefined : findJob(look.jobs, awaited, readAt);
    if (!("notShown" in look)) record = withJob(withReading(record, look.vm, look.link, readAt), job);
    if (record.outcome === "scheduled" && isResynchronizing(record)) {
      record = { ...record, outcome: "started", reason: "the host resynchronizes it as scheduled" };
    }
    isOverWithJob &&= !outlivesItsJob(record);
    const step = judgeReading(look, { ...awaited, scheduledFor: start.scheduledStartTime }, seen);
    seen = step.seen;
    const { verdict } = step;
    switch (verdict.kind) {
      case "completed":
        if (verdict.warning !== undefined) warn(verdict.warning);
        return { ok: true, record: asCompleted(withEnd(record, isOverWithJob ? job : undefined, readAt)) };
      case "failed": {
        const { reason, remedy } = verdict;
        const error = new ReplicaResyncError("JOB_FAILED", reason, { remedy, context: contextOf(record) });
        const ended = withEnd(record, isOverWithJob ? job : undefined, readAt);
        return { ok: false, error, record: failed(ended, error, record.observedAt, "failed") };
      }
      case "gone":
        return interrupted(vmGone(record));
      case "unexpected":
        return interrupted(unexpected(record, verdict));
      case "pending": {
        if (verdict.warning !== undefined) warn(verdict.warning);
        progress.status(verdict.status + timeLeft(job, Date.parse(readAt)));
        const { replicationState } = record;
        const isHeld = clock.now() < beginsAt();
        const stalledMs = stall.stalledMs([replicationState, job?.jobState, job?.percentComplete], clock.now(), isHeld);
        if (request.stalledAfterMs > 0 && stalledMs >= request.stalledAfterMs) {
          warn(stalledWarning(request.stalledAfterMs));
        }
        break;
      }
      default:
        return verdict satisfies never;
    }
    // A good end that was seen once is looked at once more, however short the time was.
    if (isOverdue() && seen.doneReadings === 0) return endAtDeadline(record, request, context);
  }
}

function contextOf({ hostName, vmName }: ResyncRecord): { host: string; vm: string; step: string } {
  return { host: hostName, vm: vmName, step: "wait" };
}

function vmGone(record: ResyncRecord): ReplicaResyncError {
  return new ReplicaResyncError(
    "NOT_FOUND",
    "the VM is not on this host any more: moved, deleted, or the account lost its rights",
    {
      effect: "started",
      context: contextOf(record),
      remedy:
        "Run up again once it is clear where the VM is: it keeps waiting and starts nothing that is already running",
    },
  );
}

function unexpected(record: ResyncRecord, { reason, remedy }: { reason: string; remedy?: string }): ReplicaResyncError {
  return new ReplicaResyncError("UNEXPECTED_STATE", reason, {
    context: contextOf(record),
    remedy: remedy ?? "Report this as a bug of the package",
  });
}
