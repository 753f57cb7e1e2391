import { type Begun, beginNew } from "./beginResync";
import { describeClockSkew } from "./clockSkew";
import { beginHeal } from "./healResync";
import { observe, type Observation, resolveVm } from "./observe";
import { type ResyncRecord, withWarnings } from "./record";
import type { ResyncRequest } from "./request";
import type { ResyncContext, ResyncResult } from "./resyncContext";
import { beginAgain, type Resumed } from "./resumeResync";
import { asError, settle } from "./settleResync";

/** What an earlier run left behind. */
export type EarlierRun =
  /** The request itself, which has not ended. */
  | ({ readonly kind: "resume" } & Resumed)
  /** A request that ended well, of a machine that was found in need again. */
  | { readonly kind: "heal"; readonly record: ResyncRecord };

/**
 * Carries out one request: observe, decide, start at most once, wait, verify, record. Never throws: whatever may have
 * begun on the host comes back as a record, so that a later run goes on with it.
 */
export async function resync(
  request: ResyncRequest,
  context: ResyncContext,
  earlier?: EarlierRun,
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
        const result = await begin(observation, request, context, earlier);
        const { record } = result;
        return skew === undefined || record === undefined ? result : { ...result, record: withWarnings(record, skew) };
      },
      onWait,
    );
    return "ok" in begun ? begun : await settle(begun, request, context);
  } catch (error) {
    const record = begun?.record ?? (earlier?.kind === "resume" ? earlier.record : undefined);
    const goesOn = record?.outcome === "started" || record?.outcome === "scheduled" ? record : undefined;
    return { ok: false, error: asError(error, signal, goesOn), ...(record !== undefined && { record }) };
  }
}

async function begin(
  observation: Observation,
  request: ResyncRequest,
  context: ResyncContext,
  earlier: EarlierRun | undefined,
): Promise<Begun | ResyncResult> {
  switch (earlier?.kind) {
    case undefined:
      return beginNew(observation, request, context);
    case "resume":
      return beginAgain(observation, request, earlier, context);
    case "heal":
      return beginHeal(observation, request, earlier.record, context);
    default:
      return earlier satisfies never;
  }
}
