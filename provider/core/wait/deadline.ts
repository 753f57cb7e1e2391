import { ReplicaResyncError } from "../errors";
import type { RunContext } from "../host/runContext";
import { replicationStates } from "../hyperv/replicationState";
import type { ResyncRecord } from "../record/record";
import type { ResyncRequest } from "../record/request";
import type { ResyncResult } from "../record/result";
import { humanDuration } from "../text/duration";
import { cancelResync } from "./cancelResync";
import { howFar } from "./progressText";

/** What a wait comes to whose time is over: the resync is left alone, or cancelled, as the caller chose. */
export async function endAtDeadline(
  record: ResyncRecord,
  request: Pick<ResyncRequest, "kind" | "timeoutMs" | "onTimeout">,
  context: RunContext,
): Promise<ResyncResult> {
  const timeout = timedOut(record, request.timeoutMs);
  return request.onTimeout === "cancel"
    ? cancelResync(record, request.kind, timeout, context)
    : { ok: false, error: timeout, record: { ...record, reason: timeout.summary } };
}

function timedOut(record: ResyncRecord, timeoutMs: number): ReplicaResyncError {
  const isPaused = replicationStates.get(record.replicationState ?? 0)?.whileWaiting === "paused";
  const what = `not finished after ${humanDuration(timeoutMs)} (${howFar(record)})`;
  return new ReplicaResyncError("JOB_TIMEOUT", what, {
    context: { host: record.hostName, vm: record.vmName, step: "wait" },
    remedy: isPaused
      ? "Let it continue: Resume-VMReplication -Continue. Then run up again to keep waiting"
      : "Run up again to keep waiting; timeoutSeconds says how long one run waits",
  });
}
