import { ReplicaResyncError } from "./errors";
import type { HostSession } from "./host/hostSession";
import { type Observation, observationOf } from "./host/observation";
import { withHealthReasons } from "./host/readVm";
import type { RelationshipKind } from "./hyperv/relationship";
import { replicatingState } from "./hyperv/replicationState";
import { endedBefore, endedUnseen, unseenEnd } from "./record/endedUnseen";
import { asCompleted, failed, withEnd, withoutFailures } from "./record/ending";
import { asRead, isResynchronizing, outlivesItsJob, sawResync, withEvidence, withJob } from "./record/reading";
import { hasEnded, isWaitedFor, type ResyncRecord, withWarnings } from "./record/record";
import { withoutWarning } from "./record/warnings";
import { asError } from "./wait/asError";
import { type Awaited, findJob, isTorn } from "./wait/awaited";
import { judgeReading } from "./wait/judgeReading";

/**
 * Reads the host once, together with all who refresh at the same time, and brings the record up to date. Changes nothing on
 * the host, and never throws: when the host or the VM cannot be read the record stays as it is, with a warning.
 */
export async function refresh(
  record: ResyncRecord,
  kind: RelationshipKind,
  { host, reader }: HostSession,
  signal: AbortSignal,
): Promise<ResyncRecord> {
  const before = { ...record, warnings: withoutWarning(record.warnings, "refresh") };
  let observation: Observation;
  try {
    const look = observationOf(await reader.now(signal), record.vmId, kind, host.address);
    observation = await withHealthReasons(look, host, { signal });
  } catch (error) {
    return withRefreshWarning(before, whyNot(error, signal));
  }
  if (isTorn(observation.vm)) return withRefreshWarning(before, "the host shows the VM without its relationships");
  return isWaitedFor(record)
    ? judgeWaitedFor(before, kind, observation)
    : forgivenWhenHealthy(asRead(before, observation));
}

/** What one reading says of a resync that is waited for: the same rules as in a wait, without a second look. */
function judgeWaitedFor(before: ResyncRecord, kind: RelationshipKind, observation: Observation): ResyncRecord {
  const { service, jobs } = observation;
  const { hostTime } = service;
  const awaited: Awaited = {
    kind,
    jobId: before.jobId,
    olderJobIds: endedBefore(before, observation),
    scheduledFor: before.scheduledStartTime,
  };
  const job = findJob(jobs, awaited, hostTime);
  const wasSeen = sawResync(before, job);
  const read = withJob(asRead(withEvidence(before, { sawResync: wasSeen }), observation), job);
  const now: ResyncRecord = isResynchronizing(read) ? { ...read, outcome: "started" } : read;
  const endOfJob = outlivesItsJob(before) ? undefined : job;
  if (endedUnseen(before, observation, kind)) {
    return failed(now, unseenEnd(before, observation), hostTime, "failed");
  }
  const { verdict } = judgeReading(observation, awaited, {
    resynchronizing: wasSeen,
    job: before.evidence.sawJob,
    isTrusted: Date.parse(before.scheduledStartTime ?? "1970-01-01") <= Date.parse(hostTime),
    doneReadings: 1,
    missingReadings: 0,
  });
  switch (verdict.kind) {
    case "completed": {
      const whole = asCompleted(withEnd(now, endOfJob, hostTime));
      return verdict.warning === undefined ? whole : withWarnings(whole, verdict.warning);
    }
    case "failed": {
      const error = new ReplicaResyncError("JOB_FAILED", verdict.reason);
      return failed(withEnd(now, endOfJob, hostTime), error, hostTime, "failed");
    }
    case "pending":
      return verdict.warning === undefined ? now : withWarnings(now, verdict.warning);
    case "unexpected":
      return warned(now, `nothing could be made of what the host shows: ${verdict.reason}`);
    case "gone":
      return withRefreshWarning(now, "the VM is not on the host");
    default:
      return verdict satisfies never;
  }
}

/** A VM that required a resync again, and that the host refused to resynchronize, may have been healed by others. */
function forgivenWhenHealthy(record: ResyncRecord): ResyncRecord {
  const isHealed = record.replicationState === replicatingState;
  if (!isHealed || record.failuresInRow === 0 || !hasEnded(record.outcome, "completed")) return record;
  return { ...withoutFailures(record), reason: "healed meanwhile: it replicates normally" };
}

/** Why the host could not be read. A refresh has nothing newer than the configuration of the last `pulumi up`. */
function whyNot(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "the host did not answer in time, or the run was stopped";
  const error = asError(thrown, signal);
  return error.code === "AUTH_FAILED"
    ? `${error.message}. A refresh uses the configuration of the last pulumi up: after a password was changed run up, or refresh --run-program`
    : error.message;
}

/** A record that a refresh could not bring up to date, and why. */
export function withRefreshWarning(record: ResyncRecord, why: string): ResyncRecord {
  return warned(record, `the state could not be read: ${why}`);
}

function warned(record: ResyncRecord, what: string): ResyncRecord {
  return withWarnings(record, { code: "refresh", text: `at the last refresh ${what}` });
}
