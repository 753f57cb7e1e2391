import { guidFrom } from "../guid";
import type { HostState, JobRecord } from "../hostState";
import { jobState, returnValue } from "../platform";

/** Makes a job that has not begun. */
export function makeJob(
  host: HostState,
  job: Pick<JobRecord, "machineId" | "type" | "owner"> & {
    readonly scheduledAtMs?: number | undefined;
    /** What it shows until it begins. Left out: new. */
    readonly state?: number;
  },
  atMs: number,
): JobRecord {
  host.jobsMade += 1;
  const made: JobRecord = {
    id: guidFrom(host.name, "job", String(host.jobsMade)).toUpperCase(),
    machineId: job.machineId,
    type: job.type,
    state: job.state ?? jobState.new,
    percent: 0,
    errorCode: 0,
    errorDescription: "",
    owner: job.owner,
    submittedAtMs: atMs,
    scheduledAtMs: job.scheduledAtMs ?? atMs,
    startedAtMs: null,
    changedAtMs: atMs,
    endedAtMs: null,
    lateEnd: null,
  };
  host.jobs.push(made);
  return made;
}

/** The job of a run, if it has one that is still there. */
export function jobById(host: HostState, id: string | null): JobRecord | undefined {
  return host.jobs.find((job) => job.id === id);
}

/** Takes a job on to another state that is not an end. */
export function moveJob(job: JobRecord | undefined, state: number, atMs: number): void {
  if (job === undefined) return;
  job.state = state;
  job.changedAtMs = atMs;
  job.startedAtMs ??= atMs;
}

/** How a job ends. Left out: at the percent it was, with the error that goes with the state. */
export type JobEnd = Omit<NonNullable<JobRecord["lateEnd"]>, "atMs">;

/** Lets a job end later than its work, which has come as far as this. */
export function endJobLater(job: JobRecord | undefined, percent: number, end: JobEnd, atMs: number): void {
  if (job === undefined) return;
  job.percent = percent;
  job.lateEnd = { ...end, atMs };
}

/** Ends a job: it stays for five minutes. */
export function endJob(job: JobRecord | undefined, end: JobEnd, atMs: number): void {
  if (job === undefined) return;
  const isError = end.state === jobState.exception;
  const errorCode = end.errorCode ?? (isError ? returnValue.failed : 0);
  job.startedAtMs ??= atMs;
  job.state = end.state;
  job.percent = end.percent ?? job.percent;
  job.errorCode = errorCode;
  job.errorDescription = end.errorDescription ?? (isError ? failureText(job, errorCode) : "");
  job.changedAtMs = atMs;
  job.endedAtMs = atMs;
}

function failureText(job: JobRecord, errorCode: number): string {
  return `The operation failed with error code '${errorCode}'. (Virtual machine ID ${job.machineId.toUpperCase()})`;
}
