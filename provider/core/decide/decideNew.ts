import { ReplicaResyncError } from "../errors";
import { isScheduledAhead, sameSecond } from "../hyperv/resyncJob";
import { jobStates } from "../hyperv/jobState";
import type { Decision } from "./decision";
import { findRunning, type Observation } from "../host/observation";
import type { JobReading } from "../host/ports";
import { checkRole } from "./checkRole";
import { resyncJobType, seededInitialReplicationJobType } from "../hyperv/relationship";
import { describeState, replicationStates } from "../hyperv/replicationState";
import type { Warning } from "../record/warnings";
import type { ResyncRequest } from "../record/request";

/** How far ahead a resync can be scheduled. Source: "Resume-VMReplication", `-ResynchronizeStartTime`, learn.microsoft.com. */
const longestScheduleMs = 7 * 24 * 60 * 60_000;

/** Decides what a new request comes to. Pure; the host's own clock is the one that counts. */
export function decideNew(
  observation: Observation,
  request: Pick<ResyncRequest, "kind" | "policy" | "startTime" | "earlierJobId">,
): Decision {
  const { service, vm } = observation;
  const context = { host: service.hostName, vm: vm.vmName, step: "decide" };
  const { refusal, link } = checkRole(observation, request.kind);
  if (refusal !== undefined) return refuse(refusal);

  const running = findRunning(observation, request.kind);
  const state = replicationStates.get(link.replicationState);
  if (running !== undefined || state?.readiness === "resynchronizing") return adoptRunning(running);
  const jobs = judgeOtherJobs(observation, request);
  if (jobs.refusal !== undefined) return refuse(jobs.refusal);
  const { scheduled, warnings } = jobs;
  if (scheduled !== undefined) {
    const scheduledFor = request.startTime ?? service.hostTime;
    const reason = `a resynchronization is scheduled for ${scheduledFor} already (job ${scheduled.jobId})`;
    return { action: "adopt", reason, job: scheduled, scheduledFor, warnings: [] };
  }
  if (state === undefined) {
    return refuse(
      new ReplicaResyncError(
        "UNEXPECTED_STATE",
        `ReplicationState ${link.replicationState} is not a state this version knows`,
        {
          effect: "none",
          context,
          remedy: "Report this as a bug of the package",
        },
      ),
    );
  }

  const start = (reason: string, suspendFirst = false): Decision =>
    decideStart(request, observation, { reason, suspendFirst, warnings });
  const isForced = request.policy === "always";
  switch (state.readiness) {
    case "needsResync":
      return start("it requires a resynchronization");
    case "healthy": {
      if (isForced) return start("it replicates normally and is resynchronized anyway", true);
      const ended = findJustEnded(observation, request);
      if (ended === undefined) {
        const reason = "it replicates normally and requires no resynchronization";
        return { action: "skip", reason, warnings };
      }
      const reason = `a resynchronization has just ended (job ${ended.jobId}): taking it instead of starting a second`;
      return { action: "adopt", reason, job: ended, warnings };
    }
    case "suspended":
      if (isForced) return start("its replication is suspended and it is resynchronized anyway");
      return {
        action: "skip",
        reason: "its replication is suspended and it does not require a resynchronization",
        warnings: [
          ...warnings,
          {
            code: "suspended",
            text: "replication is suspended: changes are not sent until it is resumed (Resume-VMReplication)",
          },
        ],
      };
    case "refused":
      return refuse(
        new ReplicaResyncError(
          "REFUSED",
          `its replication is in state ${describeState(link.replicationState)}, in which a resynchronization must not be started`,
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

/** Waiting for a resync that runs, whoever started it. */
export function adoptRunning(job: JobReading | undefined): Extract<Decision, { action: "adopt" }> {
  const which = job === undefined ? "" : ` (job ${job.jobId})`;
  const reason = `a resynchronization runs already${which}: waiting for it instead of starting a second`;
  return { action: "adopt", reason, job, warnings: [] };
}

function refuse(error: ReplicaResyncError): Decision {
  return { action: "refuse", error, counts: false };
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

/** The host's own window may come before `startTime`: it is in the host's local time, which nothing here tells. */
function warnOfOwnWindow({ link }: Observation): Warning[] {
  if (link?.autoResync === undefined) return [];
  const { windowStart, windowEnd } = link.autoResync;
  const window = `${windowStart} and ${windowEnd} of its local time`;
  return [
    { code: "ownWindow", text: `the host resynchronizes by itself between ${window}: it may begin before startTime` },
  ];
}

function decideStart(
  { startTime }: Pick<ResyncRequest, "startTime">,
  observation: Observation,
  how: { readonly reason: string; readonly suspendFirst: boolean; readonly warnings: readonly Warning[] },
): Decision {
  if (startTime === undefined) return { action: "start", ...how };
  const { hostName, hostTime } = observation.service;
  const aheadMs = Date.parse(startTime) - Date.parse(hostTime);
  if (aheadMs > longestScheduleMs) {
    return refuse(
      new ReplicaResyncError(
        "REFUSED",
        `startTime ${startTime} lies more than 7 days ahead of the host's clock, ${hostTime}`,
        {
          context: { host: hostName, vm: observation.vm.vmName, step: "decide" },
          remedy: "Hyper-V schedules a resynchronization at most 7 days ahead",
        },
      ),
    );
  }
  if (aheadMs > 0) {
    return { action: "start", ...how, startTime, warnings: [...how.warnings, ...warnOfOwnWindow(observation)] };
  }
  const passed: Warning = { code: "startTimePassed", text: `startTime ${startTime} has passed: started at once` };
  return { action: "start", ...how, warnings: [...how.warnings, passed] };
}

/** Jobs that do not run: one that makes the call wrong, one that is this request's own schedule, others worth a warning. */
function judgeOtherJobs(
  { jobs, service, vm }: Observation,
  request: Pick<ResyncRequest, "kind" | "startTime">,
): { refusal?: ReplicaResyncError; scheduled?: JobReading; warnings: readonly Warning[] } {
  const context = { host: service.hostName, vm: vm.vmName, step: "decide" };
  const ownSchedules: string[] = [];
  for (const job of jobs) {
    const state = jobStates.get(job.jobState);
    if (state === undefined) {
      const refusal = new ReplicaResyncError(
        "UNEXPECTED_STATE",
        `JobState ${job.jobState} of job ${job.jobId} is not a state this version knows`,
        {
          effect: "none",
          context,
          remedy: "Report this as a bug of the package",
        },
      );
      return { refusal, warnings: [] };
    }
    if (state.isTerminal) continue;
    if (job.jobType === seededInitialReplicationJobType) {
      return {
        refusal: new ReplicaResyncError("REFUSED", `its initial replication has not finished (job ${job.jobId})`, {
          context,
          remedy: "Let the initial replication finish first",
        }),
        warnings: [],
      };
    }
    if (job.jobType !== resyncJobType[request.kind] || !isScheduledAhead(job, service.hostTime)) continue;
    if (sameSecond(job.scheduledStartTime, request.startTime)) return { scheduled: job, warnings: [] };
    ownSchedules.push(job.scheduledStartTime ?? "");
  }
  if (ownSchedules.length === 0) return { warnings: [] };
  const text = `the host has a resynchronization of its own scheduled for ${ownSchedules.join(" and ")}`;
  return { warnings: [{ code: "scheduledByHost", text }] };
}
