import { JobFailedError } from "./errors";
import { findRunning, type Observation } from "./observe";
import type { JobReading } from "./ports";
import type { ResyncRecord } from "./record";
import { needsResyncState, replicationStateName } from "./replicationState";
import type { ResyncRequest } from "./request";

/** What a host may take to begin what it has scheduled. */
const beginsWithinMs = 60_000;

/**
 * What the host had taken on is gone, its job or, where it made none, any sign of it, and has left the relationship in
 * need: it did not end well.
 */
export function endedUnseen(before: ResyncRecord, observation: Observation, kind: ResyncRequest["kind"]): boolean {
  const { link, jobs, service } = observation;
  if (link?.replicationState !== needsResyncState || findRunning(observation, kind) !== undefined) return false;
  const isDue = (since: string | undefined): boolean =>
    Date.parse(since ?? "") + beginsWithinMs <= Date.parse(service.hostTime);
  if (before.scheduledStartTime !== undefined && !isDue(before.scheduledStartTime)) return false;
  if (before.jobId !== undefined) return !jobs.some((job) => job.jobId === before.jobId);
  return isDue(before.scheduledStartTime ?? before.requestedAt);
}

/** Jobs that began before the request was made, and say nothing of it. */
export function endedBefore({ requestedAt, jobId }: ResyncRecord, { jobs }: Observation): ReadonlySet<string> {
  const isOlder = (job: JobReading): boolean =>
    job.jobId !== jobId && requestedAt !== undefined && Date.parse(job.startTime ?? "") < Date.parse(requestedAt);
  return new Set(jobs.filter(isOlder).map((job) => job.jobId));
}

/** What {@link endedUnseen} comes to. */
export function unseenEnd(before: ResyncRecord, { service, vm, link }: Observation): JobFailedError {
  const state = link === undefined ? "none" : replicationStateName(link.replicationState);
  return new JobFailedError(
    `the resynchronization ended without success while nobody was waiting: ${before.jobId === undefined ? "the host shows no sign of it" : `job ${before.jobId} is gone`} and its replication is in state ${state}`,
    {
      context: { host: service.hostName, vm: vm.vmName, step: "wait" },
      remedy: "Look at the Hyper-V-VMMS event log of the host; a later up tries again",
    },
  );
}
