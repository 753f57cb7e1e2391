import type { Begun } from "./start/attempt";
import { beginResync } from "./start/beginResync";
import { describeClockSkew } from "./host/clockSkew";
import type { EarlierRun } from "./decide/decision";
import { aboutVm } from "./errors";
import { observe, resolveVm } from "./host/observe";
import { isWaitedFor, withWarnings } from "./record/record";
import type { ResyncRequest } from "./record/request";
import type { ResyncContext, ResyncResult } from "./start/resyncContext";
import { asError, settle } from "./wait/settleResync";

/**
 * Carries out one request: observe, decide, start at most once, wait, verify, record. Never throws: whatever may have
 * begun on the host comes back as a record, so that a later run goes on with it.
 */
export async function resync(
  request: ResyncRequest,
  context: ResyncContext,
  earlier?: EarlierRun,
): Promise<ResyncResult> {
  const result = await carryOut(request, context, earlier);
  if (result.ok) return result;
  const { selector } = request;
  const wanted = "vmName" in selector ? selector.vmName : selector.vmId;
  return { ...result, error: aboutVm(result.error, result.record?.vmName ?? earlier?.record.vmName ?? wanted) };
}

async function carryOut(
  request: ResyncRequest,
  context: ResyncContext,
  earlier: EarlierRun | undefined,
): Promise<ResyncResult> {
  const { session, signal, progress } = context;
  const options = { signal };
  let begun: Begun | ResyncResult | undefined;
  try {
    const { vm, hostName } = await resolveVm(session.host, request.selector, options);
    const { vmId } = vm;
    const onWait = (): void => {
      progress.status("waiting for another resource of this run that works on the same machine");
    };
    const key = `${hostName.toLowerCase()} ${vmId}`;
    begun = await session.guard.locks.run(
      key,
      async () => {
        const observation = await observe(session.host, vmId, request.kind, options);
        const skew = describeClockSkew(observation.service, session.clock.now());
        if (skew !== undefined) progress.warn(skew);
        const result = await beginResync({ observation, request, earlier, context });
        const { record } = result;
        return skew === undefined || record === undefined ? result : { ...result, record: withWarnings(record, skew) };
      },
      onWait,
    );
    return "ok" in begun ? begun : await settle(begun, request, context);
  } catch (error) {
    const record = begun?.record ?? (earlier?.kind === "resume" ? earlier.record : undefined);
    const goesOn = record !== undefined && isWaitedFor(record) ? record : undefined;
    return { ok: false, error: asError(error, signal, goesOn), ...(record !== undefined && { record }) };
  }
}
