import { relationshipKey } from "../host/hostSession";
import type { RunContext } from "../host/runContext";
import type { ResyncRequest } from "../record/request";
import type { ResyncResult } from "../record/result";
import type { Begun } from "../start/attempt";
import { waitForResync } from "./waitForResync";

/**
 * Waits as far as the caller asked. What is waited for counts as running for those in the queue meanwhile: the host may
 * show no job of it.
 */
export async function waitAsAsked(begun: Begun, request: ResyncRequest, context: RunContext): Promise<ResyncResult> {
  const { record } = begun;
  if (request.wait === "started") return { ok: true, record };
  const { waitedFor } = context.session;
  const key = relationshipKey(record.vmId, request.kind);
  if (record.outcome === "started") waitedFor.add(key);
  try {
    return await waitForResync(begun, request, context);
  } finally {
    waitedFor.delete(key);
  }
}
