import { type ReplicaResyncError } from "../errors";
import type { JobReading } from "../host/ports";
import type { ResyncRecord } from "../record/record";
import type { Warning } from "../record/warnings";

/** What an earlier run left behind. */
export type EarlierRun =
  | {
      readonly kind: "resume";
      /** The request itself, which has not ended. */
      readonly record: ResyncRecord;
      /** Whether this run may call once more if the earlier call came to nothing: false when it has called already. */
      readonly mayStart: boolean;
    }
  | {
      readonly kind: "heal";
      /** A request that ended well, of a VM that was found to require a resync again. */
      readonly record: ResyncRecord;
    };

/** What is to be done for a request, each with a sentence why. */
export type Decision =
  | {
      readonly action: "start";
      readonly reason: string;
      readonly suspendFirst: boolean;
      /** Replication is suspended by an earlier try of this request: it is resumed when the host refuses. */
      readonly isSuspendedByUs?: boolean;
      /** ISO 8601 UTC; absent: at once. */
      readonly startTime?: string;
      readonly warnings: readonly Warning[];
    }
  | {
      readonly action: "adopt";
      readonly reason: string;
      readonly job: JobReading | undefined;
      readonly scheduledFor?: string;
      readonly warnings: readonly Warning[];
    }
  | { readonly action: "skip"; readonly reason: string; readonly warnings: readonly Warning[] }
  | {
      readonly action: "refuse";
      readonly error: ReplicaResyncError;
      /** Whether it is one more failure in a row of a VM that asks for the call. */
      readonly counts: boolean;
    }
  | {
      readonly action: "resumeWaiting";
      readonly reason: string;
      readonly job: JobReading | undefined;
      /** The request of the earlier run. */
      readonly record: ResyncRecord;
    }
  | {
      readonly action: "ended";
      /** Why it has ended: well, or with an error. */
      readonly end:
        | { readonly outcome: "completed"; readonly reason: string }
        | { readonly outcome: "failed"; readonly error: ReplicaResyncError };
      /** The request of the earlier run. */
      readonly record: ResyncRecord;
    };
