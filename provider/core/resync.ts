import { type Begun, beginNew } from "./beginResync";
import { observe, resolveVm } from "./observe";
import type { ResyncRequest } from "./request";
import type { ResyncContext, ResyncResult } from "./resyncContext";
import { beginAgain, type Resumed } from "./resumeResync";
import { asError, settle } from "./settleResync";

/**
 * Carries out one request: observe, decide, start at most once, wait, verify, record. Never throws: whatever may have
 * begun on the host comes back as a record, so that a later run goes on with it.
 */
export async function resync(request: ResyncRequest, context: ResyncContext, resumed?: Resumed): Promise<ResyncResult> {
  const { session, signal } = context;
  const options = { signal };
  let begun: Begun | ResyncResult | undefined;
  try {
    const { vm, hostName } = await resolveVm(session.host, request.selector, options);
    const { vmId } = vm;
    begun = await session.guard.locks.run(`${hostName.toLowerCase()} ${vmId}`, async () => {
      const observation = await observe(session.host, vmId, request.kind, options);
      return resumed === undefined
        ? beginNew(observation, request, context)
        : beginAgain(observation, request, resumed, context);
    });
    return "ok" in begun ? begun : await settle(begun, request, context);
  } catch (error) {
    const record = begun?.record ?? resumed?.record;
    const goesOn = record?.outcome === "started" || record?.outcome === "scheduled" ? record : undefined;
    return { ok: false, error: asError(error, signal, goesOn), ...(record !== undefined && { record }) };
  }
}
