import type { JobReading } from "../host/ports";
import { jobStateName } from "../hyperv/jobState";
import { replicationStateName } from "../hyperv/replicationState";
import { describeReturnCode } from "../hyperv/returnCode";
import type { ResyncRecord } from "../record/record";
import { humanDuration } from "../text/duration";

/** What is left at the pace of the job so far; nothing while there is too little to tell. */
export function timeLeft(job: JobReading | undefined, nowMs: number): string {
  if (job?.startTime === undefined || job.percentComplete < 1 || job.percentComplete >= 100) return "";
  const goneMs = nowMs - Date.parse(job.startTime);
  if (goneMs <= 0) return "";
  return `, about ${humanDuration((goneMs / job.percentComplete) * (100 - job.percentComplete))} left`;
}

/** How far a resync has come that did not end in time. */
export function howFar({
  replicationState,
  jobId,
  jobState,
  percentComplete = 0,
  jobErrorCode = 0,
}: ResyncRecord): string {
  const code = jobErrorCode === 0 ? "" : ` with error ${describeReturnCode(jobErrorCode)}`;
  const progress = jobState === undefined ? "" : ` ${jobStateName(jobState)} at ${percentComplete} %${code}`;
  const job = jobId === undefined ? "" : `, job ${jobId}${progress}`;
  return `state ${replicationStateName(replicationState)}${job}`;
}
