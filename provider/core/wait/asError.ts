import { afterStart, isReplicaResyncError, ReplicaResyncError } from "../errors";
import type { ResyncRecord } from "../record/record";
import { humanDuration } from "../text/duration";
import { messageOf } from "../text/messageOf";

/**
 * Any thrown value as an error of this package; after a stop, the sentence that says how to continue. With a record
 * something has begun on the host; `waitedMs` is how long this run has waited for it.
 */
export function asError(
  error: unknown,
  signal: AbortSignal,
  record?: ResyncRecord,
  waitedMs?: number,
): ReplicaResyncError {
  if (signal.aborted && record !== undefined) return stoppedWaiting(record, waitedMs);
  if (signal.aborted && !isReplicaResyncError(error))
    return new ReplicaResyncError("CANCELLED", "stopped before anything was started", { remedy: "Run up again" });
  const known = isReplicaResyncError(error)
    ? error
    : new ReplicaResyncError("REFUSED", messageOf(error) || "failed without a message", { cause: error });
  return record === undefined ? known : afterStart(known);
}

function stoppedWaiting(record: ResyncRecord, waitedMs: number | undefined): ReplicaResyncError {
  const waited = waitedMs === undefined ? "" : ` after ${humanDuration(waitedMs)}`;
  const what = record.jobId === undefined ? "the resynchronization" : `job ${record.jobId}`;
  const continues =
    record.outcome === "scheduled" && record.scheduledStartTime !== undefined
      ? `stays scheduled on the host for ${record.scheduledStartTime}`
      : "keeps running on the host";
  return new ReplicaResyncError("CANCELLED", `stopped waiting${waited}; ${what} ${continues}`, {
    effect: "started",
    context: { host: record.hostName, vm: record.vmName, step: "wait" },
    remedy: "Run up again to keep waiting",
  });
}
