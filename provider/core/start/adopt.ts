import type { Decision } from "../decide/decision";
import { endedBefore } from "../record/endedUnseen";
import { findRunning, jobIdsOf, type Observation } from "../host/observation";
import { resynchronizingState } from "../hyperv/replicationState";
import { withoutEnd } from "../record/beginning";
import { asRead, sawResync, withEvidence, withJob } from "../record/reading";
import { type ResyncRecord, withWarnings } from "../record/record";
import type { Warning } from "../record/warnings";
import { adoptRunning } from "../decide/decideNew";
import { nothingSeen } from "../wait/awaited";
import { type Attempt, beginRecord, type Begun } from "./attempt";

type Adoption = Extract<Decision, { action: "adopt" }>;

/** Takes a resync that somebody else began for the one that was asked for, and says so. */
export function adopt({ reason, job, scheduledFor, warnings }: Adoption, attempt: Attempt): Begun {
  const { observation, request, earlier, context } = attempt;
  context.progress.info(`${observation.vm.vmName}: ${reason}`);
  warn(warnings, attempt);
  const isResumed = earlier?.kind === "resume";
  const record = isResumed ? asRead(withoutEnd(earlier.record), observation) : beginRecord(attempt);
  const adopted: ResyncRecord = {
    ...record,
    outcome: scheduledFor === undefined ? "started" : "scheduled",
    adopted: true,
    reason,
    requestedAt: observation.service.hostTime,
    ...(scheduledFor !== undefined && { scheduledStartTime: scheduledFor }),
  };
  return {
    record: withWarnings(withJob(adopted, job), ...warnings),
    awaited: { kind: request.kind, jobId: job?.jobId, olderJobIds: jobIdsOf(observation) },
    seen: {
      ...nothingSeen,
      isTrusted: isResumed,
      job: job !== undefined,
      resynchronizing: isResynchronizing(observation),
    },
  };
}

/** Takes a resync that somebody else began while the VM was being suspended for this one. */
export function adoptOvertaking(observation: Observation, attempt: Attempt): Begun {
  const decision = adoptRunning(findRunning(observation, attempt.request.kind));
  const warnings: readonly Warning[] = [
    {
      code: "overtaken",
      text: "replication was suspended for a resynchronization that somebody else then began first",
    },
  ];
  const begun = adopt({ ...decision, warnings }, { ...attempt, observation });
  return { ...begun, record: withEvidence(begun.record, { suspendedByUs: true }) };
}

/** Waits on for what an earlier run began. */
export function resumeWaiting(
  { reason, job, record: before }: Extract<Decision, { action: "resumeWaiting" }>,
  { observation, request, context }: Attempt,
): Begun {
  context.progress.info(`${observation.vm.vmName}: ${reason}`);
  const runsNow = job !== undefined || isResynchronizing(observation);
  const wasSeen = isResynchronizing(observation) || sawResync(before, job);
  const read = withJob(asRead(before, observation), job);
  return {
    record: withEvidence({ ...read, outcome: runsNow ? "started" : before.outcome }, { sawResync: wasSeen }),
    awaited: {
      kind: request.kind,
      jobId: job?.jobId ?? before.jobId,
      olderJobIds: endedBefore(before, observation),
    },
    seen: { ...nothingSeen, isTrusted: true, resynchronizing: wasSeen, job: before.evidence.sawJob },
  };
}

/** Says the warnings of a decision beside the resource. */
export function warn(warnings: readonly Warning[], { context, observation }: Attempt): void {
  for (const { text } of warnings) context.progress.warn(`${observation.vm.vmName}: ${text}`);
}

function isResynchronizing({ link }: Observation): boolean {
  return link?.replicationState === resynchronizingState;
}
