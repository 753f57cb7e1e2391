import { type RelationshipKind, resyncJobType } from "./relationship";
import { jobStates } from "./jobState";

/** What of a job tells whether it is a resync that runs. */
interface JobFacts {
  readonly jobType: number;
  readonly jobState: number;
  /** ISO 8601 UTC. */
  readonly scheduledStartTime?: string;
}

/**
 * A job that begins at once carries the time of its start as scheduled time, and the host's clock may be read a little
 * before the jobs and in whole seconds: what lies ahead by less than this runs.
 */
const aheadToleranceMs = 5_000;

/** Whether a job waits for a start time that is still ahead on the host's own clock. */
export function isScheduledAhead({ scheduledStartTime }: JobFacts, hostTime: string): boolean {
  return scheduledStartTime !== undefined && Date.parse(scheduledStartTime) > Date.parse(hostTime) + aheadToleranceMs;
}

/** Whether a job is a resync of this relationship that has not ended and does not wait for a start time ahead. */
export function isRunningResync(job: JobFacts, kind: RelationshipKind, hostTime: string): boolean {
  const state = jobStates.get(job.jobState);
  return job.jobType === resyncJobType[kind] && state?.isTerminal === false && !isScheduledAhead(job, hostTime);
}

/** Whether two times are the same to the second; one that is not there is the same as none. */
export function sameSecond(one: string | undefined, other: string | undefined): boolean {
  return secondOf(one) === secondOf(other);
}

/** No number, which equals none, for a time that is not there. */
function secondOf(time: string | undefined): number {
  return Math.floor(Date.parse(time ?? "") / 1_000);
}
