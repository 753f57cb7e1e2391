import { assessWait, type Awaited, findJob, isTorn } from "./wait/assessWait";
import { asError } from "./wait/settleResync";
import { observe, type Observation } from "./host/observe";
import type { CallOptions, ReplicationHost } from "./host/ports";
import {
  asCompleted,
  asRead,
  failed,
  fromJob,
  hasEnded,
  isWaitedFor,
  outlivesItsJob,
  type ResyncRecord,
  sawResync,
  wasResynchronizing,
  withoutFailures,
  withWarnings,
} from "./record/record";
import type { RelationshipKind } from "./hyperv/relationship";
import { endedBefore, endedUnseen, unseenEnd } from "./record/endedUnseen";
import { ReplicaResyncError } from "./errors";
import { replicatingState, replicationStateName } from "./hyperv/replicationState";
import { completion } from "./wait/waitForResync";

/** What every warning of a refresh begins with: the next refresh that can read the host takes it back. */
const refreshWarning = "at the last refresh ";

/**
 * Reads the host once and brings the record up to date. Changes nothing on the host, and never throws: when the host or
 * the machine cannot be read the record stays as it is, with a warning.
 */
export async function refreshResync(
  record: ResyncRecord,
  kind: RelationshipKind,
  host: ReplicationHost,
  options: CallOptions,
): Promise<ResyncRecord> {
  const before = withoutRefreshWarning(record);
  let observation: Observation;
  try {
    observation = await observe(host, record.vmId, kind, options);
  } catch (error) {
    return withRefreshWarning(before, whyNot(error, options.signal));
  }
  const { service, vm, jobs } = observation;
  if (isTorn(vm)) return withRefreshWarning(before, "the host shows the machine without its links");
  const awaited: Awaited = {
    kind,
    jobId: record.jobId,
    olderJobIds: endedBefore(record, observation),
    scheduledFor: record.scheduledStartTime,
  };
  const job = isWaitedFor(record) ? findJob(jobs, awaited, service.hostTime) : undefined;
  const read: ResyncRecord = { ...asRead(before, observation), ...fromJob(job) };
  if (!isWaitedFor(record)) return forgivenWhenHealthy(read);
  const now: ResyncRecord = wasResynchronizing(read) ? { ...read, outcome: "started" } : read;
  const endOfJob = outlivesItsJob(before) ? undefined : job;
  if (endedUnseen(before, observation, kind)) {
    return failed(now, unseenEnd(before, observation), service.hostTime, "failed");
  }
  const { verdict } = assessWait({ service, vm, jobs }, awaited, {
    resynchronizing: sawResync(before, job),
    job: before.jobState !== undefined,
    isTrusted: Date.parse(before.scheduledStartTime ?? "1970-01-01") <= Date.parse(service.hostTime),
    doneReadings: 1,
    missingReadings: 0,
  });
  switch (verdict.kind) {
    case "completed": {
      const whole = asCompleted({ ...now, ...completion(now, endOfJob, service.hostTime) });
      return verdict.warning === undefined ? whole : withWarnings(whole, verdict.warning);
    }
    case "failed": {
      const ended = { ...now, ...completion(now, endOfJob, service.hostTime) };
      return failed(ended, new ReplicaResyncError("JOB_FAILED", verdict.reason), service.hostTime, "failed");
    }
    case "pending":
      return verdict.warning === undefined ? now : withWarnings(now, verdict.warning);
    case "unexpected":
      return warned(now, `nothing could be made of what the host shows: ${verdict.reason}`);
    case "gone":
      return withRefreshWarning(now, "the machine is not on the host");
    default:
      return verdict satisfies never;
  }
}

/** A machine that needed a resync again, and that the host refused to resynchronize, may have been healed by others. */
function forgivenWhenHealthy(record: ResyncRecord): ResyncRecord {
  const isHealed = record.replicationState === replicationStateName(replicatingState);
  if (!isHealed || record.failuresInRow === 0 || !hasEnded(record.outcome, "completed")) return record;
  return { ...withoutFailures(record), reason: "healed meanwhile: it replicates normally" };
}

/** Why the host could not be read. A refresh has nothing newer than the configuration of the last up. */
function whyNot(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "the host did not answer in time, or the run was stopped";
  const error = asError(thrown, signal);
  return error.code === "AUTH_FAILED"
    ? `${error.message}. A refresh uses the configuration of the last up: after a password was changed run up, or refresh --run-program`
    : error.message;
}

/** A record that a refresh could not bring up to date, and why. */
export function withRefreshWarning(record: ResyncRecord, why: string): ResyncRecord {
  return warned(record, `the state could not be read: ${why}`);
}

function warned(record: ResyncRecord, what: string): ResyncRecord {
  return withWarnings(withoutRefreshWarning(record), `${refreshWarning}${what}`);
}

function withoutRefreshWarning(record: ResyncRecord): ResyncRecord {
  return { ...record, warnings: record.warnings.filter((warning) => !warning.startsWith(refreshWarning)) };
}
