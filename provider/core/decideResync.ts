import { PreconditionError, type ReplicaResyncError, UnexpectedStateError } from "./errors";
import { jobStates } from "./jobState";
import { isRunningResync, isScheduledAhead, type Observation } from "./observe";
import type { JobReading } from "./ports";
import { checkRole } from "./checkRole";
import { type RelationshipKind, resyncJobType, seededInitialReplicationJobType } from "./relationship";
import { replicationStateName, replicationStates } from "./replicationState";
import type { ResyncRequest } from "./request";

/** What is to be done for a request, given what the host shows. */
export type Decision =
  | {
      readonly action: "start";
      readonly suspendFirst: boolean;
      readonly startTime?: string;
      readonly warnings: readonly string[];
    }
  | {
      readonly action: "adopt";
      readonly job: JobReading | undefined;
      readonly scheduledFor?: string;
      readonly warnings: readonly string[];
    }
  | { readonly action: "skip"; readonly reason: string; readonly warnings: readonly string[] }
  | { readonly action: "refuse"; readonly error: ReplicaResyncError };

/** How far ahead a resync can be scheduled. Source: "Resume-VMReplication", `-ResynchronizeStartTime`, learn.microsoft.com. */
const longestScheduleMs = 7 * 24 * 60 * 60_000;

/** Decides what a new request comes to. Pure; the host's own clock is the one that counts. */
export function decideResync(
  observation: Observation,
  request: Pick<ResyncRequest, "kind" | "policy" | "startTime" | "earlierJobId">,
): Decision {
  const { service, vm, link } = observation;
  const context = { host: service.hostName, vm: vm.vmName, step: "decide" };
  const refusal = checkRole(observation, request.kind);
  if (refusal !== undefined || link === undefined) {
    return refuse(refusal ?? new PreconditionError("the machine has no such link", { context }));
  }

  const state = replicationStates.get(link.replicationState);
  const running = findRunning(observation, request.kind);
  if (running !== undefined || state?.readiness === "resynchronizing") {
    return { action: "adopt", job: running, warnings: [] };
  }
  const jobs = judgeOtherJobs(observation, request);
  if (jobs.refusal !== undefined) return refuse(jobs.refusal);
  if (jobs.scheduled !== undefined) {
    return { action: "adopt", job: jobs.scheduled, scheduledFor: request.startTime ?? service.hostTime, warnings: [] };
  }
  if (state === undefined) {
    return refuse(
      new UnexpectedStateError(`ReplicationState ${link.replicationState} is not a state this version knows`, {
        effect: "none",
        context,
        remedy: "Report this as a bug of the package",
      }),
    );
  }

  const start = (suspendFirst: boolean): Decision => decideStart(request, observation, suspendFirst, jobs.warnings);
  const always = request.policy === "always";
  const justEnded = findJustEnded(observation, request);
  switch (state.readiness) {
    case "needsResync":
      return start(false);
    case "healthy":
      if (always) return start(true);
      if (justEnded !== undefined) return { action: "adopt", job: justEnded, warnings: jobs.warnings };
      return {
        action: "skip",
        reason: "it replicates normally and needs no resynchronization",
        warnings: jobs.warnings,
      };
    case "suspended":
      if (always) return start(false);
      return {
        action: "skip",
        reason: "its replication is suspended and it does not ask for a resynchronization",
        warnings: [
          ...jobs.warnings,
          "replication is suspended: changes are not sent until it is resumed (Resume-VMReplication)",
        ],
      };
    case "refused":
      return refuse(
        new PreconditionError(
          `its replication is in state ${link.replicationState} (${replicationStateName(link.replicationState)}), in which a resynchronization must not be started`,
          {
            context,
            ...(state.remedy !== undefined && { remedy: state.remedy }),
          },
        ),
      );
    default:
      return state.readiness satisfies never;
  }
}

function refuse(error: ReplicaResyncError): Decision {
  return { action: "refuse", error };
}

/** The job of a resync that runs on this link now, whoever started it. */
export function findRunning(observation: Observation, kind: RelationshipKind): JobReading | undefined {
  return observation.jobs.find((job) => isRunningResync(job, kind, observation.service.hostTime));
}

/**
 * The job of a resync that has ended well and that the host still shows, for five minutes: it may be the request's own,
 * started by a run that was killed and left no memory.
 */
function findJustEnded(
  { jobs }: Observation,
  { kind, earlierJobId }: Pick<ResyncRequest, "kind" | "earlierJobId">,
): JobReading | undefined {
  return jobs.find(
    (job) =>
      job.jobType === resyncJobType[kind] &&
      job.jobId !== earlierJobId &&
      jobStates.get(job.jobState)?.isSuccess === true,
  );
}

/** The host's own window may come before our start time: it is in the host's local time, which nothing here tells. */
function warnOfOwnWindow({ link }: Observation): string[] {
  if (link?.autoResync === undefined) return [];
  const { windowStart, windowEnd } = link.autoResync;
  return [
    `the host resynchronizes by itself between ${windowStart} and ${windowEnd} of its local time: it may begin before startTime`,
  ];
}

function decideStart(
  request: Pick<ResyncRequest, "startTime">,
  observation: Observation,
  suspendFirst: boolean,
  warnings: readonly string[],
): Decision {
  const { hostName, hostTime } = observation.service;
  const context = { host: hostName, vm: observation.vm.vmName, step: "decide" };
  if (request.startTime === undefined) return { action: "start", suspendFirst, warnings };
  const aheadMs = Date.parse(request.startTime) - Date.parse(hostTime);
  if (aheadMs > longestScheduleMs) {
    return refuse(
      new PreconditionError(
        `startTime ${request.startTime} lies more than 7 days ahead of the host's clock, ${hostTime}`,
        {
          context,
          remedy: "Hyper-V schedules a resynchronization at most 7 days ahead",
        },
      ),
    );
  }
  if (aheadMs > 0) {
    const { startTime } = request;
    return { action: "start", suspendFirst, startTime, warnings: [...warnings, ...warnOfOwnWindow(observation)] };
  }
  return {
    action: "start",
    suspendFirst,
    warnings: [...warnings, `startTime ${request.startTime} has passed: started at once`],
  };
}

/** Jobs that do not run: one that makes the call wrong, one that is our own scheduled request, others worth a warning. */
function judgeOtherJobs(
  { jobs, service, vm }: Observation,
  request: Pick<ResyncRequest, "kind" | "startTime">,
): { refusal?: ReplicaResyncError; scheduled?: JobReading; warnings: readonly string[] } {
  const context = { host: service.hostName, vm: vm.vmName, step: "decide" };
  const warnings: string[] = [];
  for (const job of jobs) {
    const state = jobStates.get(job.jobState);
    if (state === undefined) {
      const refusal = new UnexpectedStateError(
        `JobState ${job.jobState} of job ${job.jobId} is not a state this version knows`,
        {
          effect: "none",
          context,
          remedy: "Report this as a bug of the package",
        },
      );
      return { refusal, warnings };
    }
    if (state.isTerminal) continue;
    if (job.jobType === seededInitialReplicationJobType) {
      return {
        refusal: new PreconditionError("its initial replication has not finished", {
          context,
          remedy: "Let the initial replication finish first",
        }),
        warnings,
      };
    }
    if (job.jobType !== resyncJobType[request.kind] || !isScheduledAhead(job, service.hostTime)) continue;
    if (sameSecond(job.scheduledStartTime, request.startTime)) return { scheduled: job, warnings };
    warnings.push(`the host has a resynchronization of its own scheduled for ${job.scheduledStartTime ?? ""}`);
  }
  return { warnings };
}

/** Whether two times are the same to the second. */
export function sameSecond(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return Math.floor(Date.parse(one) / 1_000) === Math.floor(Date.parse(other) / 1_000);
}
