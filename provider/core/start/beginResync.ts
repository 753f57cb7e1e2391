import { nothingSeen } from "../wait/assessWait";
import { type Attempt, beginRecord, type Begun } from "./attempt";
import { callHost } from "./callHost";
import { reasonOf } from "../decide/decideAgain";
import { adoptRunning } from "../decide/decideNew";
import { decideResync } from "../decide/decideResync";
import type { Decision } from "../decide/decision";
import { endedBefore } from "../record/endedUnseen";
import { findRunning, jobIdsOf, observe, type Observation } from "../host/observe";
import {
  asRead,
  failed,
  fromJob,
  type ResyncRecord,
  sawResync,
  withoutEnd,
  withoutFailures,
  withWarnings,
} from "../record/record";
import { refused } from "./refused";
import { replicationStateName, resynchronizingState } from "../hyperv/replicationState";
import type { ResyncResult } from "./resyncContext";
import { completion } from "../wait/waitForResync";
import { waitForTurn } from "./waitForTurn";

/** Carries out what is decided for a request. What is to be started waits for its turn, and is decided anew then. */
export async function beginResync(attempt: Attempt): Promise<Begun | ResyncResult> {
  const { observation, request, earlier, context } = attempt;
  const decision = decideResync(observation, request, earlier);
  if (decision.action !== "start") return carryOut(decision, attempt);
  const { session, signal } = context;
  return waitForTurn(session, request.maxConcurrentResyncs, context, async () => {
    const now = { ...attempt, observation: await observe(session.host, observation.vm.vmId, request.kind, { signal }) };
    const again = decideResync(now.observation, request, earlier);
    if (again.action !== "start") return carryOut(again, now);
    const made = await callHost(again, now);
    return "overtakenBy" in made ? adoptOvertaking(made.overtakenBy, now) : made;
  });
}

function carryOut(decision: Exclude<Decision, { action: "start" }>, attempt: Attempt): Begun | ResyncResult {
  const { context } = attempt;
  switch (decision.action) {
    case "refuse":
      return refused(decision.error, decision.counts, attempt);
    case "skip":
      warn(decision.warnings, attempt);
      return { ok: true, record: skipped(decision, attempt) };
    case "adopt":
      context.progress.info(`${attempt.observation.vm.vmName}: ${decision.reason}`);
      warn(decision.warnings, attempt);
      return adopt(decision, attempt);
    case "goOnWaiting":
      context.progress.info(`${attempt.observation.vm.vmName}: ${decision.reason}`);
      return goOn(decision, attempt);
    case "ended":
      return ended(decision, attempt);
    default:
      return decision satisfies never;
  }
}

const resynchronizing = replicationStateName(resynchronizingState);

function warn(warnings: readonly string[], { context, observation }: Attempt): void {
  for (const warning of warnings) context.progress.warn(`${observation.vm.vmName}: ${warning}`);
}

function skipped({ reason, warnings }: Extract<Decision, { action: "skip" }>, attempt: Attempt): ResyncRecord {
  const { observation, request } = attempt;
  const record = beginRecord(attempt);
  // The job of the request before this one, while the host shows it: the next must not take it for its own either.
  const job = observation.jobs.find(({ jobId }) => jobId === request.earlierJobId);
  const withJob = job === undefined ? record : { ...record, jobId: job.jobId };
  return withWarnings({ ...withoutFailures(withJob), outcome: "skipped", reason }, ...warnings);
}

function adopt(
  { reason, job, scheduledFor, warnings }: Extract<Decision, { action: "adopt" }>,
  attempt: Attempt,
): Begun {
  const { observation, request, earlier } = attempt;
  const isResumed = earlier?.kind === "resume";
  const record = isResumed ? withoutEnd(asRead(earlier.record, observation)) : beginRecord(attempt);
  const adopted: ResyncRecord = {
    ...record,
    outcome: scheduledFor === undefined ? "started" : "scheduled",
    adopted: true,
    reason,
    requestedAt: observation.service.hostTime,
    // Without a job this is all the evidence there is; and that an earlier resync was seen is no evidence of this one.
    ...((job === undefined || record.replicationStateBefore === resynchronizing) && {
      replicationStateBefore: record.replicationState,
    }),
    ...(scheduledFor !== undefined && { scheduledStartTime: scheduledFor }),
    ...fromJob(job),
  };
  return {
    record: withWarnings(adopted, ...warnings),
    awaited: { kind: request.kind, jobId: job?.jobId, olderJobIds: jobIdsOf(observation) },
    seen: {
      ...nothingSeen,
      isTrusted: isResumed,
      job: job !== undefined,
      resynchronizing: isResynchronizing(observation),
    },
  };
}

function adoptOvertaking(observation: Observation, attempt: Attempt): Begun | ResyncResult {
  const decision = adoptRunning(findRunning(observation, attempt.request.kind));
  const warnings = ["replication was suspended for a resynchronization that somebody else then began first"];
  return carryOut({ ...decision, warnings }, { ...attempt, observation });
}

function goOn(
  { job, record: before }: Extract<Decision, { action: "goOnWaiting" }>,
  { observation, request }: Attempt,
): Begun {
  const runsNow = job !== undefined || isResynchronizing(observation);
  return {
    record: { ...asRead(before, observation), outcome: runsNow ? "started" : before.outcome, ...fromJob(job) },
    awaited: {
      kind: request.kind,
      jobId: job?.jobId ?? before.jobId,
      olderJobIds: endedBefore(before, observation),
    },
    seen: {
      ...nothingSeen,
      isTrusted: true,
      resynchronizing: isResynchronizing(observation) || sawResync(before, job),
      job: before.jobState !== undefined,
    },
  };
}

function ended({ end, record: before }: Extract<Decision, { action: "ended" }>, attempt: Attempt): ResyncResult {
  const { observation, earlier } = attempt;
  const { hostTime } = observation.service;
  const record = asRead(before, observation);
  if (end.outcome === "failed") {
    return { ok: false, error: end.error, record: failed(record, end.error, hostTime, "failed") };
  }
  const healed: ResyncRecord = { ...withoutFailures(record), outcome: "completed", reason: end.reason };
  const begunAt = healed.startedAt ?? hostTime;
  const whole = { ...healed, ...completion({ ...healed, startedAt: begunAt }, undefined, hostTime) };
  // An error hook comes back at once: what the failure left on the host, such as a suspension, may not show yet.
  const isOfThisRun = earlier?.kind === "resume" && !earlier.mayStart;
  const said = isOfThisRun ? [`an earlier attempt of this run failed: ${reasonOf(before)}`] : [];
  warn(said, attempt);
  return { ok: true, record: withWarnings(whole, ...said) };
}

function isResynchronizing({ link }: Observation): boolean {
  return link?.replicationState === resynchronizingState;
}
