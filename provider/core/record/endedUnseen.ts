import { ReplicaResyncError } from "../errors";
import { findRunning, type Observation } from "../host/observation";
import type { JobReading } from "../host/ports";
import { sawResync } from "./reading";
import type { ResyncRecord } from "./record";
import { needsResyncState, replicationStateName } from "../hyperv/replicationState";
import type { ResyncRequest } from "./request";

/** What a host may take to begin what it has scheduled, with a job that can be looked for. */
const beginsWithinMs = 60_000;
/**
 * What it may take where it made no job: a resync that waits for a free transfer shows nothing at all, and one that is
 * taken for ended too early would be started twice. A day: as long as a run waits by default.
 */
const beginsUnseenWithinMs = 24 * 60 * 60_000;

/**
 * What the host had taken on is gone, its job or, where it made none, any sign of it, and has left the relationship in
 * need: it did not end well.
 */
export function endedUnseen(before: ResyncRecord, observation: Observation, kind: ResyncRequest["kind"]): boolean {
  const { link, jobs, service } = observation;
  if (link?.replicationState !== needsResyncState || findRunning(observation, kind) !== undefined) return false;
  const isOver = (since: string | undefined, withinMs: number): boolean =>
    Date.parse(since ?? "") + withinMs <= Date.parse(service.hostTime);
  const { scheduledStartTime, requestedAt, jobId } = before;
  if (scheduledStartTime !== undefined && !isOver(scheduledStartTime, beginsWithinMs)) return false;
  if (jobId !== undefined) return !jobs.some((job) => job.jobId === jobId);
  return sawResync(before) || isOver(scheduledStartTime ?? requestedAt, beginsUnseenWithinMs);
}

/** Jobs that began before the request was made, and say nothing of it. */
export function endedBefore({ requestedAt, jobId }: ResyncRecord, { jobs }: Observation): ReadonlySet<string> {
  const isOlder = (job: JobReading): boolean =>
    job.jobId !== jobId && requestedAt !== undefined && Date.parse(job.startTime ?? "") < Date.parse(requestedAt);
  return new Set(jobs.filter(isOlder).map((job) => job.jobId));
}

/** What {@link endedUnseen} comes to. */
export function unseenEnd(before: ResyncRecord, { service, vm, link }: Observation): ReplicaResyncError {
  const state = link === undefined ? "none" : replicationStateName(link.replicationState);
  return new ReplicaResyncError(
    "JOB_FAILED",
    `the resynchronization ended without success while nobody was waiting: ${before.jobId === undefined ? "the host shows no sign of it" : `job ${before.jobId} is gone`} and its replication is in state ${state}`,
    {
      context: { host: service.hostName, vm: vm.vmName, step: "wait" },
      remedy: "Look at the Hyper-V-VMMS event log of the host; a later up tries again",
    },
  );
}
