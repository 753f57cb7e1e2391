import type { JobStateName } from "../core/hyperv/jobState";
import type { ReplicationModeName } from "../core/hyperv/relationship";
import type { ReplicationHealthName, ReplicationStateName } from "../core/hyperv/replicationState";
import type { ReturnCodeName } from "../core/hyperv/returnCode";

/** The request itself. Timestamps are ISO 8601 UTC. */
export interface RequestOutput {
  /** Name of `returnCode`, such as `"JobStarted"`; absent when no call was made. */
  readonly returnCodeName?: ReturnCodeName;
  /** Calls of `Resynchronize` made for this request: 0 when skipped or adopted, more than 1 only after a retry. */
  readonly attempts: number;
  /** Whether a resynchronization that was already running was waited for, instead of starting a second. */
  readonly adopted: boolean;
  /** `"job"`: `completionTime` is from the job's own clock; `"observed"`: it is when the end was seen. */
  readonly completionTimeSource?: "job" | "observed";
  /** When the call was made, or the running resynchronization was found. */
  readonly requestedAt?: string;
  /** When the host is to begin; absent: at once. */
  readonly scheduledStartTime?: string;
  /** When the job began. */
  readonly startedAt?: string;
  /** From the start of the resynchronization to its end, in whole seconds. */
  readonly durationSeconds?: number;
}

/** The replication relationship as it was last read. Timestamps are ISO 8601 UTC. */
export interface ReplicationOutput {
  /** Role of the VM on this host: `"primary"`, `"replica"`, `"extendedReplica"`, … */
  readonly mode: ReplicationModeName;
  /** State of the relationship, such as `"replicating"` or `"resynchronizationRequired"`; `"none"`: there is none. */
  readonly state: ReplicationStateName;
  /** The state before the request. */
  readonly stateBefore: ReplicationStateName;
  /** `"notApplicable"`, `"ok"`, `"warning"` or `"critical"`. */
  readonly health: ReplicationHealthName;
  /** What the host says of a health that is not ok; in the host's language. */
  readonly healthReasons: string[];
  /** When the recovery side last received changes; does not move during a resynchronization. */
  readonly lastReplicationTime?: string;
  /** When the host was last read, by the host's clock. */
  readonly observedAt: string;
  /** Host on the primary side of the relationship. */
  readonly primaryHost?: string;
  /** Host on the recovery side of the relationship. */
  readonly recoveryHost?: string;
}

/** The job of the resynchronization as it was last seen. */
export interface JobOutput {
  /** `InstanceID` of the job. */
  readonly id: string;
  /** `"running"`, `"completed"`, `"exception"`, …; absent when the host named a job that was never seen. */
  readonly state?: JobStateName;
  /** `ErrorCode` of the job; 0: none. */
  readonly errorCode?: number;
  /** What the host says of the error; in the host's language. */
  readonly errorDescription?: string;
  /** 0 to 100. */
  readonly percentComplete?: number;
}

/** Requests that failed one after the other. */
export interface FailuresOutput {
  /** How many; 0 after one that ended well. */
  readonly inRow: number;
  /** When the first of them failed, ISO 8601 UTC. */
  readonly since?: string;
  /** Before this time no new call is made, ISO 8601 UTC; new `triggers` reset it. */
  readonly nextAttemptAt?: string;
}

/** What only the provider needs. Not for programs: it changes without notice. */
export type InternalOutput = Readonly<Record<string, unknown>>;
