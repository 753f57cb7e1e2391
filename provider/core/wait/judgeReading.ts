import type { NotShown, Observation } from "../host/observation";
import { completedWithWarnings, jobStates } from "../hyperv/jobState";
import { replicationMode } from "../hyperv/relationship";
import {
  describeState,
  needsResyncState,
  replicationStates,
  resynchronizingState,
  suspendedState,
} from "../hyperv/replicationState";
import { type Awaited, findJob, isTorn, type Seen } from "./awaited";
import {
  failed,
  fellBack,
  jobFailure,
  lostJob,
  paused,
  pending,
  removed,
  type Verdict,
  withWarningsText,
} from "./verdict";

/** Readings of a good end that are asked for, a tick apart. */
const doneReadingsNeeded = 2;
/** Readings without a job that was running, after which it is lost: an ended one can be read for five minutes. */
const lostJobReadingsTolerated = 2;
/** Readings without the VM after which it counts as gone: one may come in the middle of a migration. */
const missingReadingsTolerated = 3;

/** Judges one reading. Pure: the same readings in the same order give the same end. */
export function judgeReading(
  look: Observation | NotShown,
  awaited: Awaited,
  before: Seen,
): { readonly verdict: Verdict; readonly seen: Seen } {
  if ("notShown" in look) return judgeNothing(look, before);
  const { service, vm, link } = look;
  const job = findJob(look.jobs, awaited, service.hostTime);
  const seen: Seen = {
    ...before,
    resynchronizing: before.resynchronizing || link?.replicationState === resynchronizingState,
    job: before.job || job !== undefined,
    missingReadings: isTorn(vm) ? before.missingReadings + 1 : 0,
    doneReadings: 0,
    ...(job !== undefined && {
      isJobRunning: jobStates.get(job.jobState)?.isTerminal === false,
      lostJobReadings: 0,
    }),
    ...(job === undefined && before.isJobRunning === true && { lostJobReadings: (before.lostJobReadings ?? 0) + 1 }),
  };
  if (vm.replicationMode === replicationMode.none) return { verdict: removed(link), seen };
  if (vm.replicationMode !== replicationMode[awaited.kind === "primary" ? "primary" : "replica"]) {
    return {
      verdict: failed("its role has changed: a failover came between", "Look at the direction of its replication"),
      seen,
    };
  }
  if (link === undefined) {
    const mayBeTorn = isTorn(vm) && seen.missingReadings < missingReadingsTolerated;
    return { verdict: mayBeTorn ? pending("the host does not show the VM's relationships") : removed(link), seen };
  }

  const jobState = job === undefined ? undefined : jobStates.get(job.jobState);
  if (job !== undefined && jobState === undefined) {
    return {
      verdict: {
        kind: "unexpected",
        reason: `JobState ${job.jobState} of job ${job.jobId} is not a state this version knows`,
      },
      seen,
    };
  }
  const jobFailed = job !== undefined && jobState?.isTerminal === true && !(jobState.isSuccess && job.errorCode === 0);
  const state = replicationStates.get(link.replicationState);
  const meaning = state?.whileWaiting;
  switch (meaning) {
    case "done": {
      if (jobFailed && job.jobState !== completedWithWarnings) return { verdict: jobFailure(job), seen };
      if (jobState?.isTerminal === false)
        return { verdict: pending("the disks are in sync, the job finishes", job), seen };
      if (!seen.resynchronizing && !seen.job && !seen.isTrusted)
        return { verdict: pending("accepted; no trace of the resynchronization yet"), seen };
      const doneReadings = before.doneReadings + 1;
      const hasWarnings = job?.jobState === completedWithWarnings;
      const done: Verdict = hasWarnings
        ? { kind: "completed", warning: { code: "completedWithWarnings", text: withWarningsText(job) } }
        : { kind: "completed" };
      return {
        verdict: doneReadings >= doneReadingsNeeded ? done : pending("it replicates normally again; reading once more"),
        seen: { ...seen, doneReadings },
      };
    }
    case "running":
      return { verdict: pending("resynchronizing", job), seen };
    case "waiting":
      if (jobFailed) return { verdict: jobFailure(job), seen };
      // State 15 too is waited in, and is no fall back.
      if (link.replicationState === needsResyncState && seen.resynchronizing)
        return { verdict: fellBack(link.replicationState, seen), seen };
      if (link.replicationState === needsResyncState && isJobLost(seen, awaited, service.hostTime))
        return { verdict: lostJob(), seen };
      return { verdict: pending("waiting for the resynchronization to begin", job), seen };
    case "paused":
      if (jobFailed) return { verdict: jobFailure(job), seen };
      if (link.replicationState === suspendedState && !seen.resynchronizing)
        return { verdict: pending("waiting for the resynchronization to begin", job), seen };
      return { verdict: paused(job), seen };
    case "fellBack":
      return {
        verdict: jobFailed ? jobFailure(job) : fellBack(link.replicationState, seen),
        seen,
      };
    case "failedOver":
      return {
        verdict: failed(
          `a failover came between: its replication is in state ${describeState(link.replicationState)}`,
          "Complete or cancel the failover",
        ),
        seen,
      };
    case "ended":
      return {
        verdict: failed(`its replication is in state ${describeState(link.replicationState)}`, state?.remedy ?? ""),
        seen,
      };
    case "removed":
      return { verdict: removed(link), seen };
    case "unexpected":
    case undefined:
      return {
        verdict: {
          kind: "unexpected",
          reason: `its replication is in state ${describeState(link.replicationState)}, in which no resynchronization is waited for`,
          ...(state?.remedy !== undefined && { remedy: state.remedy }),
        },
        seen,
      };
    default:
      return meaning satisfies never;
  }
}

/** A reading without the VM: it may be torn, or the service may be about to start again. */
function judgeNothing({ notShown }: NotShown, before: Seen): { readonly verdict: Verdict; readonly seen: Seen } {
  if (notShown === "service") {
    return {
      verdict: pending("the management service of the host does not answer"),
      seen: { ...before, doneReadings: 0 },
    };
  }
  const missingReadings = before.missingReadings + 1;
  const isGone = missingReadings >= missingReadingsTolerated;
  return {
    verdict: isGone ? { kind: "gone" } : pending("the host does not show the VM"),
    seen: { ...before, missingReadings, doneReadings: 0 },
  };
}

function isJobLost({ lostJobReadings = 0 }: Seen, { scheduledFor }: Awaited, hostTime: string): boolean {
  const isDue = scheduledFor === undefined || Date.parse(scheduledFor) <= Date.parse(hostTime);
  return isDue && lostJobReadings >= lostJobReadingsTolerated;
}
