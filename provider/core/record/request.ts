import type { VmSelector } from "../host/findVm";
import type { RelationshipKind } from "../hyperv/relationship";

/** Whether a VM that replicates normally is left alone or resynchronized anyway. */
export type Policy = "ifRequired" | "always";

/** One request to resynchronize one relationship of one VM, with how to wait for it. */
export interface ResyncRequest {
  readonly selector: VmSelector;
  readonly kind: RelationshipKind;
  readonly policy: Policy;
  /** ISO 8601 UTC; absent: at once. */
  readonly startTime?: string;
  /** What the caller wants to have seen before the run continues. */
  readonly wait: "completed" | "started";
  /** Bound of the wait of one run, counted from the latest of the call, `startTime` and the beginning of the run. */
  readonly timeoutMs: number;
  /** After how long without any movement a warning is given; 0: never. */
  readonly stalledAfterMs: number;
  /** What happens to the resync when `timeoutMs` is over. */
  readonly onTimeout: "leave" | "cancel";
  /** How many resyncs may run on the host at once, whoever started them. */
  readonly maxConcurrentResyncs: number;
  /** The job of the request before this one, when it is known: its end says nothing of this request. */
  readonly earlierJobId?: string;
}
