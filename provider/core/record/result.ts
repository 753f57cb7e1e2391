import type { ReplicaResyncError } from "../errors";
import type { ResyncRecord } from "./record";

/** How a run of a request ended. Without a record nothing was begun, and there is nothing to keep. */
export type ResyncResult =
  | { readonly ok: true; readonly record: ResyncRecord }
  | {
      readonly ok: false;
      readonly error: ReplicaResyncError;
      readonly record?: ResyncRecord;
      /** The host has answered the call, and said no: it is not asked again in the same run. */
      readonly isRejected?: boolean;
    };
