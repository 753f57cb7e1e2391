import { type Begun, beginNew, type EarlierTry } from "./beginResync";
import { JobFailedError, type ReplicaResyncError } from "./errors";
import type { Observation } from "./observe";
import type { ResyncRecord } from "./record";
import type { ResyncRequest } from "./request";
import type { ResyncContext, ResyncResult } from "./resyncContext";

/** What a further try goes on from. */
export interface Further {
  /** The record as it is kept when no call is made. */
  readonly kept: ResyncRecord;
  readonly earlier: EarlierTry;
  /** The record as it was found, of a request that goes on: a stop leaves it as it is. */
  readonly before?: ResyncRecord;
  /** The record to keep when the host refuses. */
  readonly refused: (error: ReplicaResyncError) => ResyncRecord;
}

/**
 * Makes one call for a machine that still needs it, or needs it again. After failures not before their time, so that a
 * pipeline does not hammer a host where every resync fails; a refusal is counted as one more.
 */
export async function tryAgain(
  observation: Observation,
  request: ResyncRequest,
  context: ResyncContext,
  { kept, earlier, before, refused }: Further,
): Promise<Begun | ResyncResult> {
  const { nextAttemptAt, failuresInRow, failingSince, reason } = kept;
  const { service } = observation;
  if (nextAttemptAt !== undefined && Date.parse(nextAttemptAt) > Date.parse(service.hostTime)) {
    const count = `${failuresInRow} in a row since ${failingSince ?? "then"}`;
    const error = new JobFailedError(`${reason ?? "it failed"} (${count}); no new call before ${nextAttemptAt}`, {
      context: { host: service.hostName, vm: kept.vmName, step: "try again" },
      remedy: "Change `triggers` to ask for one at once",
    });
    return { ok: false, error, record: kept };
  }
  const again = await beginNew(observation, request, context, earlier);
  if (!("ok" in again) || again.ok || again.record !== undefined) return again;
  const record = again.error.code === "CANCELLED" ? before : refused(again.error);
  return record === undefined ? again : { ...again, record };
}
