import { ReplicaResyncError } from "../core/errors";
import { observeVm } from "../core/host/readVm";
import { type ResyncRecord, withWarnings } from "../core/record/record";
import { isSame } from "../state/canonical";
import { toInputs } from "../state/checkFailures";
import { type Inputs } from "../state/inputs";
import { echoedInputs, toOutputs } from "../state/outputs";
import { readState } from "../state/readState";
import { ConnectionFieldError } from "../connection/connectionFieldError";
import { resolveConnection } from "../connection/resolveConnection";
import { mergeConnection } from "../connection/sources";
import { assessChange } from "./plan/change";
import type { LifecycleContext, Properties } from "./context";
import { toRequest } from "./toRequest";
import { type Earlier, runRequest } from "./runRequest";

/** Carries out a new request, resumes one that has not ended, or takes over settings without any call. */
export async function update(
  _id: string,
  olds: Properties,
  news: Properties,
  context: LifecycleContext,
): Promise<{ outs: Record<string, unknown> }> {
  const change = assessChange(olds, news);
  switch (change.kind) {
    case "refused":
      throw new ReplicaResyncError("REFUSED", change.reason);
    case "replace":
      throw new ReplicaResyncError("REFUSED", `${change.changed.join(" and ")} cannot be changed by an update`, {
        remedy: "Run up again: the engine replaces the resource",
      });
    case "newRequest":
      return runRequest(news, context, earlierOf(change.record));
    case "heal":
      return runRequest(news, context, { ...earlierOf(change.record), heal: change.record });
    case "resume":
      return runRequest(news, context, { resume: keepingTime(change.record, olds, news) });
    case "settings":
      return { outs: toOutputs(news, await takeOver(change.record, olds, news, context)) };
    case "none": {
      const state = readState(olds);
      return { outs: state.kind === "readable" ? toOutputs(news, state.record) : { ...olds } };
    }
    default:
      return change satisfies never;
  }
}

/** The record, with a warning when a start time was changed that the host has accepted already. */
function keepingTime(record: ResyncRecord, olds: Properties, news: Properties): ResyncRecord {
  if (record.outcome !== "scheduled" || isSame(olds.startTime, news.startTime)) return record;
  const { scheduledStartTime = "" } = record;
  return withWarnings(record, {
    code: "startTimeKept",
    text: `startTime changed: the request that the host has accepted keeps its time, ${scheduledStartTime}`,
  });
}

function earlierOf({ vmId, jobId }: ResyncRecord): Earlier {
  return { vmId, ...(jobId !== undefined && { earlierJobId: jobId }) };
}

/** The record under new settings. Only another host is contacted: the VM must be found there by its GUID. */
async function takeOver(
  record: ResyncRecord,
  olds: Properties,
  news: Properties,
  context: LifecycleContext,
): Promise<ResyncRecord> {
  const before = toInputs(echoedInputs(olds));
  const now = toInputs(news);
  const kept = keepingTime(record, olds, news);
  if (isSame(hostBefore(before, context), hostOf(now, context))) return kept;
  const connection = resolveConnection(now.connection ?? {}, context.sources);
  const { kind } = toRequest(now, connection.maxConcurrentResyncs, record.vmId);
  const { host } = context.openSession(connection);
  const { service, vm } = await observeVm(host, record.vmId, kind, { signal: context.stopSignal });
  // Its state of replication there is for a refresh to record: a need recorded here would be healed without one.
  return { ...kept, hostName: service.hostName, vmName: vm.vmName };
}

/** Which host was meant; `undefined` when a source of today holds what cannot be read. */
function hostBefore(inputs: Inputs, context: LifecycleContext): unknown {
  try {
    return hostOf(inputs, context);
  } catch (error) {
    if (error instanceof ConnectionFieldError) return undefined;
    throw error;
  }
}

/** The fields of a connection that say which host is meant. */
function hostOf(inputs: Inputs, { sources }: LifecycleContext): unknown {
  const { host, scenario } = mergeConnection(inputs.connection ?? {}, sources).connection;
  return { host, scenario };
}
