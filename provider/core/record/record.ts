import type { FailureCount } from "./failures";
import type { ResyncRequest } from "./request";
import { addWarnings, type Warning } from "./warnings";

/** How a request stands. `unknown`: a start may have reached the host. */
export const outcomes = ["completed", "skipped", "scheduled", "started", "unknown", "cancelled", "failed"] as const;
export type Outcome = (typeof outcomes)[number];

/** What was seen of the resync that a record is about. It outlives a run: a later one continues from it. */
export interface Evidence {
  /** The relationship was seen being resynchronized (state 10), or paused in that (11). */
  readonly sawResync: boolean;
  /** A job of the resync was seen. */
  readonly sawJob: boolean;
  /** This request had the host suspend replication, to be able to force a resync. */
  readonly suspendedByUs: boolean;
}

/**
 * What is known of one request: all that a later run needs to go on, and all that users see as outputs. States are the raw
 * numbers of the host; times are ISO 8601 UTC.
 */
export interface ResyncRecord extends FailureCount {
  readonly outcome: Outcome;
  readonly requestId: string;
  /** A resync that somebody else began is waited for, or one that may be this request's own whose reply was lost. */
  readonly adopted: boolean;
  /** Calls of `Resynchronize` made for this request. */
  readonly attempts: number;
  readonly evidence: Evidence;
  /** One sentence, for every outcome but a plain `completed`. */
  readonly reason?: string;
  readonly vmId: string;
  readonly vmName: string;
  readonly hostName: string;
  readonly replicationMode: number;
  readonly primaryHost?: string;
  readonly recoveryHost?: string;
  readonly returnCode?: number;
  readonly jobId?: string;
  readonly jobState?: number;
  readonly jobErrorCode?: number;
  readonly jobErrorDescription?: string;
  readonly percentComplete?: number;
  readonly requestedAt?: string;
  readonly scheduledStartTime?: string;
  readonly startedAt?: string;
  readonly completionTime?: string;
  /** `job`: the job's own clock; `observed`: when the end was seen. */
  readonly completionTimeSource?: "job" | "observed";
  readonly durationSeconds?: number;
  readonly observedAt: string;
  /** State of the relationship before the request; `null`: there was no relationship. */
  readonly replicationStateBefore: number | null;
  readonly replicationState: number | null;
  readonly replicationHealth: number;
  readonly healthReasons: readonly string[];
  readonly lastReplicationTime?: string;
  readonly warnings: readonly Warning[];
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

/** Whether a resync is waited for: it was accepted, or found, and has not been seen to end. */
export function isWaitedFor({ outcome }: ResyncRecord): boolean {
  return outcome === "started" || outcome === "scheduled";
}

/** The record with more warnings. */
export function withWarnings(record: ResyncRecord, ...warnings: readonly Warning[]): ResyncRecord {
  return { ...record, warnings: addWarnings(record.warnings, ...warnings) };
}

/** Why the earlier try failed. */
export function reasonOf({ reason }: ResyncRecord): string {
  return reason ?? "the earlier request did not end well";
}
