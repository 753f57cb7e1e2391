import { type Begun, beginNew } from "./beginResync";
import type { ReplicaResyncError } from "./errors";
import type { Observation } from "./observe";
import { failed, fromReading, type ResyncRecord } from "./record";
import { needsResyncState } from "./replicationState";
import type { ResyncRequest } from "./request";
import type { ResyncContext, ResyncResult } from "./resyncContext";
import { tryAgain } from "./tryAgain";

/**
 * Begins the request of a machine that was found in need again after an earlier one had ended well. As long as the host
 * refuses, the earlier request stays, with the failures counted.
 */
export async function beginHeal(
  observation: Observation,
  request: ResyncRequest,
  before: ResyncRecord,
  context: ResyncContext,
): Promise<Begun | ResyncResult> {
  const { service, vm, link } = observation;
  if (link?.replicationState !== needsResyncState) return beginNew(observation, request, context);
  const kept: ResyncRecord = {
    ...before,
    hostName: service.hostName,
    ...fromReading(vm, link, service.hostTime),
  };
  const { failuresInRow, failingSince } = before;
  const counts = { failuresInRow, ...(failingSince !== undefined && { failingSince }) };
  const refused = (error: ReplicaResyncError): ResyncRecord => ({
    ...failed(kept, error, service.hostTime, "failed"),
    outcome: before.outcome,
    reason: `it needs a resynchronization again, and that failed: ${error.summary}`,
  });
  return tryAgain(observation, request, context, {
    kept,
    earlier: { record: counts, reconsider: (later) => beginNew(later, request, context) },
    refused,
  });
}
