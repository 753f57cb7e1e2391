import type { ReplicaResyncError } from "../errors";
import type { JobReading } from "../host/ports";
import { jobStates } from "../hyperv/jobState";
import { countFailure } from "./failures";
import type { ResyncRecord } from "./record";

/** The record with what the call returned. */
export function withReply(record: ResyncRecord, reply: { readonly returnCode: number } | undefined): ResyncRecord {
  return reply === undefined ? record : { ...record, returnCode: reply.returnCode };
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
  const { returnCode } = error;
  return returnCode === undefined ? again : { ...withReply(again, { returnCode }), attempts: record.attempts + 1 };
}

/** The record of a request whose resync has ended well, with the sentence that an adopted one keeps. */
export function asCompleted(record: ResyncRecord): ResyncRecord {
  const { reason, ...done } = withoutFailures(record);
  const completed: ResyncRecord = {
    ...done,
    outcome: "completed",
    ...(record.jobId !== undefined && { percentComplete: 100 }),
  };
  if (!record.adopted) return completed;
  // After a lost reply the call was this request's own, most likely: the reason says what was seen.
  const isOwn = record.attempts > 0 && reason !== undefined;
  return { ...completed, reason: isOwn ? reason : "a resynchronization that was already running was waited for" };
}

/** The record of a request that ended well: nothing is counted against the next one. */
export function withoutFailures({ failingSince: _since, nextAttemptAt: _next, ...record }: ResyncRecord): ResyncRecord {
  return { ...record, failuresInRow: 0 };
}

/**
 * The record with end and duration: by the job's own clock where it can be read, else by when the end was seen. `begunAt`:
 * when it began, if neither job nor record says.
 */
export function withEnd(
  record: ResyncRecord,
  job: JobReading | undefined,
  readAt: string,
  begunAt?: string,
): ResyncRecord {
  const isOver = job !== undefined && jobStates.get(job.jobState)?.isTerminal === true;
  const ofJob = isOver ? job.timeOfLastStateChange : undefined;
  const completionTime = ofJob ?? readAt;
  // What was adopted had begun before it was asked for.
  const askedAt = record.attempts > 0 ? record.requestedAt : undefined;
  const begun = job?.startTime ?? record.startedAt ?? begunAt ?? askedAt;
  const durationMs = Date.parse(completionTime) - Date.parse(begun ?? "");
  return {
    ...record,
    completionTime,
    completionTimeSource: ofJob === undefined ? "observed" : "job",
    ...(durationMs >= 0 && { durationSeconds: Math.round(durationMs / 1_000) }),
  };
}
