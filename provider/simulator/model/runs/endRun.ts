import type { HostState, LinkState, MachineState, ResyncRun } from "../hostState";
import { endJob, endJobLater, jobById, type JobEnd } from "./job";
import { enterState } from "../links/link";
import { jobState, linkState } from "../platform";
import { deleteRecoveryPoints } from "../links/recoveryPoints";
import { percentOf } from "./runProgress";
import type { Script } from "../../scenario/script";

/** How much later than its resync a job ends that ends late. */
const lateMs = 5_000;

const jobStateOf = {
  success: jobState.completed,
  warning: jobState.completedWithWarnings,
  exception: jobState.exception,
  terminated: jobState.terminated,
  killed: jobState.killed,
} as const satisfies Record<Exclude<Script["end"], "stuck">, number>;

/** The work is over: the job ends as scripted, and the relationship replicates, or requires a resync again. */
export function finishRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  const { end, errorCode, errorDescription, stateAfterFailure } = run.script;
  if (end === "stuck") return;
  const succeeded = end === "success" || end === "warning";
  const percent = percentOf(run, atMs);
  const jobEnd: JobEnd = {
    state: jobStateOf[end],
    percent: succeeded ? 100 : percent,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(errorDescription === undefined ? {} : { errorDescription }),
  };
  const job = jobById(host, run.jobId);
  if (host.switches.jobEnds === "late") endJobLater(job, percent, jobEnd, atMs + lateMs);
  else endJob(job, jobEnd, atMs);
  link.run = null;
  if (succeeded) completeLink(host, machine, link, atMs);
  else enterState(host, machine, link, stateAfterFailure, atMs);
}

/** What a good end does: normal replication, and the recovery points are gone. */
export function completeLink(host: HostState, machine: MachineState, link: LinkState, atMs: number): void {
  enterState(host, machine, link, linkState.replicating, atMs);
  deleteRecoveryPoints(machine, atMs);
}

/** Somebody ends a resync before its time: its job ends, the relationship requires a resync again. */
export function cancelRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  const state = jobState[host.switches.cancelledJob];
  endJob(jobById(host, run.jobId), { state, percent: percentOf(run, atMs) }, atMs);
  link.run = null;
  if (run.phase !== "scheduled") enterState(host, machine, link, linkState.required, atMs);
}

/** Something else puts the relationship into another state while a resync runs or waits: its job ends with an error. */
export function breakRun(host: HostState, link: LinkState, atMs: number): void {
  const { run } = link;
  if (run === null) return;
  endJob(jobById(host, run.jobId), { state: jobState.exception, percent: percentOf(run, atMs) }, atMs);
  link.run = null;
}

/** The same for what was to come after it. */
export function breakRuns(host: HostState, link: LinkState, atMs: number): void {
  for (const { jobId } of link.later) endJob(jobById(host, jobId), { state: jobState.exception }, atMs);
  link.later = [];
  breakRun(host, link, atMs);
}
