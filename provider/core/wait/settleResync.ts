import type { Begun } from "../start/attempt";
import { cancelResync } from "./cancelResync";
import { linkKey } from "../host/hostSession";
import { humanDuration } from "../text/duration";
import { afterStart, isReplicaResyncError, ReplicaResyncError } from "../errors";
import { asCompleted, failed, type ResyncRecord } from "../record/record";
import type { ResyncRequest } from "../record/request";
import type { ResyncContext, ResyncResult } from "../start/resyncContext";
import { type WaitEnd, waitForResync } from "./waitForResync";

/** Waits as far as the caller asked, and turns the end into what is kept. */
export async function settle(begun: Begun, request: ResyncRequest, context: ResyncContext): Promise<ResyncResult> {
  if (request.wait === "started") {
    return { ok: true, record: begun.record };
  }
  const { clock } = context.session;
  const sinceMs = clock.now();
  const end = await countedWait(begun, request, context);
  const { record } = end;
  switch (end.kind) {
    case "completed":
      return { ok: true, record: asCompleted(record) };
    case "failed":
      return { ok: false, error: end.error, record: failed(record, end.error, record.observedAt, "failed") };
    case "timedOut": {
      if (request.onTimeout === "leave")
        return { ok: false, error: end.error, record: { ...record, reason: end.error.summary } };
      const cancelled = await cancelResync(record, request.kind, end.error, context);
      const { error } = cancelled;
      return cancelled.isCancelled
        ? { ok: false, error, record: failed(cancelled.record, error, cancelled.record.observedAt, "cancelled") }
        : { ok: false, error, record: { ...record, reason: error.summary } };
    }
    case "interrupted": {
      const error = asError(end.error, context.signal, record, clock.now() - sinceMs);
      return { ok: false, error, record: { ...record, reason: error.summary } };
    }
    default:
      return end satisfies never;
  }
}

/** Waits, and counts as running for those in the queue meanwhile: the host may show no job of it. */
async function countedWait(
  { record, awaited, seen }: Begun,
  request: ResyncRequest,
  context: ResyncContext,
): Promise<WaitEnd> {
  const { waitedFor } = context.session;
  const key = linkKey(record.vmId, request.kind);
  if (record.outcome === "started") waitedFor.add(key);
  try {
    return await waitForResync(record, request, awaited, seen, context);
  } finally {
    waitedFor.delete(key);
  }
}

/**
 * Any thrown value as an error of ours; after a stop, the sentence that says how to go on. With a record something has
 * begun on the host; `waitedMs` is how long this run has waited for it.
 */
export function asError(
  error: unknown,
  signal: AbortSignal,
  record?: ResyncRecord,
  waitedMs?: number,
): ReplicaResyncError {
  if (signal.aborted && record !== undefined) {
    const waited = waitedMs === undefined ? "" : ` after ${humanDuration(waitedMs)}`;
    const what = record.jobId === undefined ? "the resynchronization" : `job ${record.jobId}`;
    const goesOn =
      record.outcome === "scheduled" && record.scheduledStartTime !== undefined
        ? `stays scheduled on the host for ${record.scheduledStartTime}`
        : "keeps running on the host";
    return new ReplicaResyncError("CANCELLED", `stopped waiting${waited}; ${what} ${goesOn}`, {
      effect: "started",
      context: { host: record.hostName, vm: record.vmName, step: "wait" },
      remedy: "Run up again to go on waiting",
    });
  }
  if (signal.aborted && !isReplicaResyncError(error))
    return new ReplicaResyncError("CANCELLED", "stopped before anything was started", { remedy: "Run up again" });
  const ours = isReplicaResyncError(error)
    ? error
    : new ReplicaResyncError(
        "REFUSED",
        error instanceof Error && error.message !== "" ? error.message : String(error),
        {
          cause: error,
        },
      );
  return record === undefined ? ours : afterStart(ours);
}
