import type { ReplicaResyncError } from "../errors";
import type { Observation } from "../host/observation";
import type { JobReading, MethodReply } from "../host/ports";

/** How the one call of a request went. */
export type CallEnd =
  /** The host took it on. */
  | { readonly kind: "accepted"; readonly reply: MethodReply }
  /** The reply was lost or said nothing, and a resync was found running afterwards. */
  | {
      readonly kind: "foundRunning";
      readonly job: JobReading | undefined;
      readonly isResynchronizing: boolean;
      /** The job found waits for the start time of the request. */
      readonly scheduledFor?: string;
      readonly reply: MethodReply | undefined;
    }
  /** Nothing was called: somebody else's resync began while the VM was being suspended for this one. */
  | { readonly kind: "overtaken"; readonly now: Observation }
  /** Nothing was begun. `isCalled`: the host has answered the call, and said no. */
  | { readonly kind: "rejected"; readonly error: ReplicaResyncError; readonly isCalled: boolean }
  /** It may have been begun, and no trace of it was found. */
  | { readonly kind: "unknown"; readonly error: ReplicaResyncError; readonly reply: MethodReply | undefined };
