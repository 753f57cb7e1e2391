import { refresh, withRefreshWarning } from "../core/refresh";
import { messageOf } from "../core/text/messageOf";
import type { ProgressSink } from "../core/host/ports";
import type { ResyncRecord } from "../core/record/record";
import { toInputs } from "../state/checkFailures";
import { echoedInputs, toOutputs } from "../state/outputs";
import { readState } from "../state/readState";
import { resolveConnection } from "../connection/resolveConnection";
import type { LifecycleContext, Properties } from "./context";
import { toRequest } from "./toRequest";
import { warnOfConnection } from "./warnOfConnection";

/** How long a refresh may take for one resource: longer than any single operation, so that no host can hold it up. */
const refreshWithinMs = 120_000;

/**
 * Brings the outputs up to date with one reading. Never drops the resource and never throws because of a host: a
 * dropped resource would be created, so called, again.
 */
export async function read(
  id: string,
  props: Properties,
  context: LifecycleContext,
): Promise<{ id: string; props: Properties }> {
  const progress = context.progressFor(props.__urn);
  const state = readState(props);
  if (state.kind !== "readable") {
    const why =
      state.kind === "newer"
        ? `the state was written by a newer version of pulumi-hyperv-replica (schemaVersion ${state.schemaVersion})`
        : `the state cannot be read (${state.reason})`;
    progress.warn(`${why}: left as it is`);
    return { id, props };
  }
  const { record } = state;
  const inputs = echoedInputs(props);
  const now = await refreshed(record, inputs, context);
  warnOfNew(record, now, progress);
  return { id, props: toOutputs(inputs, now) };
}

async function refreshed(record: ResyncRecord, echoed: Properties, context: LifecycleContext): Promise<ResyncRecord> {
  const signal = AbortSignal.any([context.stopSignal, AbortSignal.timeout(refreshWithinMs)]);
  try {
    const inputs = toInputs(echoed);
    const connection = resolveConnection(inputs.connection ?? {}, context.sources);
    warnOfConnection(connection, context.announced, context.progressFor(echoed.__urn));
    const { kind } = toRequest(inputs, connection.maxConcurrentResyncs, record.vmId);
    return await refresh(record, kind, context.openSession(connection), signal);
  } catch (error) {
    return withRefreshWarning(record, messageOf(error));
  }
}

function warnOfNew(before: ResyncRecord, now: ResyncRecord, progress: ProgressSink): void {
  if (now.outcome === "failed" && before.outcome !== "failed") {
    progress.warn(`${now.vmName}: the resynchronization has failed: ${now.reason ?? ""}`);
  }
  const isReadAgain = now.observedAt !== before.observedAt;
  for (const { code, text } of now.warnings) {
    const isKnown = before.warnings.some((one) => one.code === code && one.text === text);
    if (!isReadAgain || !isKnown) progress.warn(`${now.vmName}: ${text}`);
  }
}
