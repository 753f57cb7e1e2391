import type { ReplicaResyncError } from "../errors";
import { failed, failedAgain } from "../record/ending";
import { asRead } from "../record/reading";
import { reasonOf, type ResyncRecord } from "../record/record";
import type { ResyncResult } from "../record/result";
import type { Attempt } from "./attempt";

/**
 * A request for which nothing was begun: what an earlier run left is kept, and with `counts` one more failure in a row
 * is counted. Of a new request nothing is left.
 */
export function refused(
  error: ReplicaResyncError,
  counts: boolean,
  attempt: Attempt,
): Extract<ResyncResult, { ok: false }> {
  const record = keptRecord(error, counts, attempt);
  return { ok: false, error, ...(record !== undefined && { record }) };
}

function keptRecord(
  error: ReplicaResyncError,
  counts: boolean,
  { observation, earlier }: Attempt,
): ResyncRecord | undefined {
  if (earlier === undefined) return undefined;
  const { kind, record: before } = earlier;
  const isStopped = error.code === "CANCELLED";
  const read = asRead(before, observation);
  const { hostTime } = observation.service;
  if (kind === "resume") {
    if (isStopped) return before;
    return counts ? failedAgain(read, error, hostTime) : { ...read, reason: reasonOf(before) };
  }
  if (isStopped || !counts) return undefined;
  const reason = `it requires a resynchronization again, and that failed: ${error.summary}`;
  return { ...failed(read, error, hostTime, "failed"), outcome: before.outcome, reason };
}
