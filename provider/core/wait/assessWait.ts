import { completedWithWarnings, endedByRequest, jobStateName, jobStates } from "../hyperv/jobState";
import type { JobReading, RelationshipReading, VmReplicationReading } from "../host/ports";
import type { Reading } from "../host/hostWatch";
import { isScheduledAhead } from "../host/observe";
import { pausedWarning } from "../record/record";
import { type RelationshipKind, replicationMode, resyncJobType } from "../hyperv/relationship";
import { describeState, needsResyncState, replicationStates, resynchronizingState } from "../hyperv/replicationState";
import { describeReturnCode } from "../hyperv/returnCode";

/** What the wait has seen so far: the evidence that a resync took place at all. */
export interface Seen {
  /** The relationship was in state 10 while we looked. */
  readonly resynchronizing: boolean;
  /** A job of the resync was there while we looked. */
  readonly job: boolean;
  /** The call returned 0, or a later run goes on with the request: no further evidence is asked for. */
  readonly isTrusted: boolean;
  /** Readings in a row that look like a good end. */
  readonly doneReadings: number;
  /** The job was running when it was last seen. */
  readonly isJobRunning?: boolean;
  /** Readings in a row in which a job that was running is not there any more. */
  readonly lostJobReadings?: number;
  /** Readings in a row in which the host did not show the machine. */
  readonly missingReadings: number;
}

/** A wait that has seen nothing yet. */
export const nothingSeen: Seen = {
  resynchronizing: false,
  job: false,
  isTrusted: false,
  doneReadings: 0,
  missingReadings: 0,
};

/** What one reading means for the wait. */
export type Verdict =
  | { readonly kind: "pending"; readonly status: string; readonly warning?: string }
  | { readonly kind: "completed"; readonly warning?: string }
  | { readonly kind: "failed"; readonly reason: string; readonly remedy: string }
  | { readonly kind: "gone" }
  /** A number that no table knows, or that means nothing to wait for. Without a remedy it is a bug of ours. */
  | { readonly kind: "unexpected"; readonly reason: string; readonly remedy?: string };

/** Which link of which role is waited for, and the job if it is known. */
export interface Awaited {
  readonly kind: RelationshipKind;
  readonly jobId: string | undefined;
  /** Jobs that had ended before the request, and say nothing of it. */
  readonly olderJobIds: ReadonlySet<string>;
  /** When the host is to begin, ISO 8601 UTC; absent: at once. Before that nothing is missed. */
  readonly scheduledFor?: string | undefined;
}

/** Readings of a good end that are asked for, a tick apart. */
const doneReadingsNeeded = 2;
/** Readings without a job that was running, after which it is lost: an ended one can be read for five minutes. */
const lostJobReadingsTolerated = 2;
/** Readings without the machine after which it counts as gone: one may come in the middle of a migration. */
const missingReadingsTolerated = 3;

/**
 * The job of the resync that is waited for: the one the call named, else the newest of its type. One that waits for a
 * start time ahead counts only when it was named: it may be the host's own.
 */
export function findJob(jobs: readonly JobReading[], awaited: Awaited, hostTime: string): JobReading | undefined {
  const named = jobs.find((job) => job.jobId === awaited.jobId);
  if (named !== undefined) return named;
  return jobs
    .filter((job) => job.jobType === resyncJobType[awaited.kind] && !awaited.olderJobIds.has(job.jobId))
    .filter((job) => !isScheduledAhead(job, hostTime))
    .sort((one, other) => (other.startTime ?? "").localeCompare(one.startTime ?? ""))[0];
}

/** Judges one reading. Pure: the same readings in the same order give the same end. */
export function assessWait(reading: Reading, awaited: Awaited, before: Seen): { verdict: Verdict; seen: Seen } {
  if (reading.service === undefined) {
    return {
      verdict: pending("the management service of the host does not answer"),
      seen: { ...before, doneReadings: 0 },
    };
  }
  if (reading.vm === undefined) {
    const missingReadings = before.missingReadings + 1;
    const seen = { ...before, missingReadings, doneReadings: 0 };
    return {
      verdict:
        missingReadings >= missingReadingsTolerated ? { kind: "gone" } : pending("the host does not show the machine"),
      seen,
    };
  }
  const link = reading.vm.relationships.find((candidate) => candidate.kind === awaited.kind);
  const job = findJob(reading.jobs, awaited, reading.service.hostTime);
  const seen: Seen = {
    ...before,
    resynchronizing: before.resynchronizing || link?.replicationState === resynchronizingState,
    job: before.job || job !== undefined,
    missingReadings: isTorn(reading.vm) ? before.missingReadings + 1 : 0,
    doneReadings: 0,
    ...(job !== undefined && {
      isJobRunning: jobStates.get(job.jobState)?.isTerminal === false,
      lostJobReadings: 0,
    }),
    ...(job === undefined && before.isJobRunning === true && { lostJobReadings: (before.lostJobReadings ?? 0) + 1 }),
  };
  if (reading.vm.replicationMode === replicationMode.none) return { verdict: removed(link), seen };
  if (reading.vm.replicationMode !== replicationMode[awaited.kind === "primary" ? "primary" : "replica"]) {
    return {
      verdict: failed("its role has changed: a failover came between", "Look at the direction of its replication"),
      seen,
    };
  }
  if (link === undefined) {
    const mayBeTorn = isTorn(reading.vm) && seen.missingReadings < missingReadingsTolerated;
    return { verdict: mayBeTorn ? pending("the host does not show the machine's links") : removed(link), seen };
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
        return { verdict: pending("the disks are in step, the job finishes", job), seen };
      if (!seen.resynchronizing && !seen.job && !seen.isTrusted)
        return { verdict: pending("accepted; no trace of the resynchronization yet"), seen };
      const doneReadings = before.doneReadings + 1;
      const hasWarnings = job?.jobState === completedWithWarnings;
      const done: Verdict = hasWarnings
        ? {
            kind: "completed",
            warning: `the job completed with warnings (JobState ${completedWithWarnings})${words(job)}; the Hyper-V-VMMS event log of the host says more`,
          }
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
      if (link.replicationState === needsResyncState && isJobLost(seen, awaited, reading.service.hostTime))
        return { verdict: lostJob(), seen };
      return { verdict: pending("waiting for the resynchronization to begin", job), seen };
    case "paused":
      if (jobFailed) return { verdict: jobFailure(job), seen };
      if (link.replicationState === 7 && !seen.resynchronizing)
        return { verdict: pending("waiting for the resynchronization to begin", job), seen };
      return {
        verdict: {
          ...pending("paused by an operator", job),
          warning: pausedWarning,
        },
        seen,
      };
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

function isJobLost({ lostJobReadings = 0 }: Seen, { scheduledFor }: Awaited, hostTime: string): boolean {
  const isDue = scheduledFor === undefined || Date.parse(scheduledFor) <= Date.parse(hostTime);
  return isDue && lostJobReadings >= lostJobReadingsTolerated;
}

/**
 * A machine that is said to be replicated and shows no link: rights or the service were lost in the middle of the
 * reading, or replication is being removed just now.
 */
export function isTorn({ replicationMode: mode, relationships }: VmReplicationReading): boolean {
  return mode !== replicationMode.none && relationships.length === 0;
}

function pending(text: string, job?: JobReading): { kind: "pending"; status: string } {
  return { kind: "pending", status: job === undefined ? text : `${text} ${job.percentComplete} %` };
}

function failed(reason: string, remedy: string): Verdict {
  return { kind: "failed", reason, remedy };
}

function removed(link: RelationshipReading | undefined): Verdict {
  const what = link === undefined ? "it has no such link any more" : `state ${describeState(link.replicationState)}`;
  return failed(`its replication was removed: ${what}`, "Enable replication for the machine again");
}

function lostJob(): Verdict {
  return failed(
    "the job of the resynchronization is gone and its replication still needs one: the host or its management service was restarted",
    "A later up tries again",
  );
}

function fellBack(state: number, { resynchronizing }: Seen): Verdict {
  const how = resynchronizing ? "fell back to" : "is in";
  return failed(
    `the resynchronization ended without success: its replication ${how} state ${describeState(state)}`,
    "Look at the Hyper-V-VMMS event log of the host: it may have been cancelled, the replica host may not answer, or a disk may differ in size",
  );
}

function jobFailure(job: JobReading): Verdict {
  const error = job.errorCode === 0 ? "" : ` with error ${describeReturnCode(job.errorCode)}`;
  const what = `job ${job.jobId} ended as ${jobStateName(job.jobState)} (JobState ${job.jobState})${error}`;
  const remedy = endedByRequest.has(job.jobState)
    ? "It was ended by request, somebody may have cancelled it: ask who, and look at the Hyper-V-VMMS event log of the host"
    : "Look at the Hyper-V-VMMS event log of the host, check that the replica host answers and that the disks on both sides have the same size";
  return failed(`${what}${words(job)}`, remedy);
}

/** Bound for texts of the host in our own sentences. */
const longestDescription = 500;

function words(job: JobReading): string {
  const text = job.errorDescription.trim();
  return text === "" ? "" : `: ${text.slice(0, longestDescription).toWellFormed()}`;
}
