import type { EarlierRun } from "./decide/decision";
import { aboutVm } from "./errors";
import { describeClockSkew } from "./host/clockSkew";
import { findVm, wordOf } from "./host/findVm";
import { observationOf } from "./host/observation";
import { withHealthReasons } from "./host/readVm";
import { isWaitedFor, withWarnings } from "./record/record";
import type { ResyncRequest } from "./record/request";
import type { ResyncResult } from "./record/result";
import type { Begun, ResyncContext } from "./start/attempt";
import { carryOut } from "./start/carryOut";
import { asError } from "./wait/asError";
import { waitAsAsked } from "./wait/waitAsAsked";

/**
 * Carries out one request: observe, decide, start at most once, wait, verify, record. Never throws: whatever may have
 * begun on the host comes back as a record, so that a later run resumes it.
 */
export async function resync(
  request: ResyncRequest,
  context: ResyncContext,
  earlier?: EarlierRun,
): Promise<ResyncResult> {
  const result = await run(request, context, earlier);
  if (result.ok) return result;
  const vm = result.record?.vmName ?? earlier?.record.vmName ?? wordOf(request.selector);
  return { ...result, error: aboutVm(result.error, vm) };
}

async function run(
  request: ResyncRequest,
  context: ResyncContext,
  earlier: EarlierRun | undefined,
): Promise<ResyncResult> {
  let begun: Begun | ResyncResult | undefined;
  try {
    begun = await begin(request, context, earlier);
    return "ok" in begun ? begun : await waitAsAsked(begun, request, context);
  } catch (error) {
    const record = begun?.record ?? (earlier?.kind === "resume" ? earlier.record : undefined);
    const waited = record !== undefined && isWaitedFor(record) ? record : undefined;
    return { ok: false, error: asError(error, context.signal, waited), ...(record !== undefined && { record }) };
  }
}

/** The first look at the VM, and what it comes to. One resource at a time works on a VM. */
async function begin(
  request: ResyncRequest,
  context: ResyncContext,
  earlier: EarlierRun | undefined,
): Promise<Begun | ResyncResult> {
  const { session, signal, progress } = context;
  const { host, reader, guard, clock } = session;
  const releases = guard.locks.releaseCount;
  const first = await reader.now(signal);
  const { vmId } = findVm(first, request.selector, host.address);
  const { service } = observationOf(first, vmId, request.kind, host.address);
  const onWait = (): void => {
    progress.status("waiting for another resource of this run that works on the same VM");
  };
  const key = `${service.hostName.toLowerCase()} ${vmId}`;
  return guard.locks.run(
    key,
    async () => {
      // The first look may be older than what another resource has begun meanwhile.
      const reading = guard.locks.wasHeldSince(key, releases) ? await reader.now(signal) : first;
      const shown = observationOf(reading, vmId, request.kind, host.address);
      const observation = await withHealthReasons(shown, host, { signal });
      const skew = describeClockSkew(observation.service, clock.now());
      if (skew !== undefined) progress.warn(skew.text);
      const result = await carryOut({ observation, request, earlier, context });
      const { record } = result;
      return skew === undefined || record === undefined ? result : { ...result, record: withWarnings(record, skew) };
    },
    onWait,
  );
}
