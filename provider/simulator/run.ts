import type { HostState, LinkState, MachineState, ResyncRun } from "./hostState";
import { endJob, jobById, makeJob, moveJob } from "./job";
import { enterState } from "./link";
import { jobState, jobType, linkState } from "./platform";
import type { Script } from "./script";

/** A resync that was asked for. */
export interface RunRequest {
  readonly script: Script;
  /** Who asked, as `DOMAIN\user`. */
  readonly owner: string;
  /** Left out: at once. */
  readonly scheduledAtMs?: number | undefined;
  readonly withJob: boolean;
}

/** Takes on a resync: for later, or to be begun by the next look at the clock. Replaces one that waits for its time. */
export function acceptRun(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  { script, owner, scheduledAtMs, withJob }: RunRequest,
  atMs: number,
): ResyncRun {
  dropRun(host, link);
  const job = withJob ? makeResyncJob(host, machine, link, { owner, scheduledAtMs }, atMs) : undefined;
  const run: ResyncRun = {
    phase: scheduledAtMs === undefined ? "waiting" : "scheduled",
    jobId: job?.id ?? null,
    scheduledAtMs: scheduledAtMs ?? null,
    resumedAtMs: atMs,
    workedMs: 0,
    script,
  };
  link.run = run;
  if (run.phase === "waiting") waitForTransfer(machine, link, run, atMs);
  return run;
}

/** Makes the job of a resync of this link. */
export function makeResyncJob(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  { owner, scheduledAtMs }: Pick<RunRequest, "owner" | "scheduledAtMs">,
  atMs: number,
) {
  const type = link.number === 0 ? jobType.resync : jobType.extendedResync;
  return makeJob(host, { machineId: machine.id, type, owner, scheduledAtMs }, atMs);
}

/** Whatever the link was in, from now on it waits to be resynchronized. */
export function waitForTransfer(machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  run.phase = "waiting";
  run.resumedAtMs = atMs;
  if (link.state !== linkState.required) enterState(machine, link, linkState.required, atMs);
}

/** A transfer is free: the work begins. */
export function startRun(host: HostState, run: ResyncRun, atMs: number): void {
  run.phase = "starting";
  run.resumedAtMs = atMs;
  moveJob(jobById(host, run.jobId), jobState.starting, atMs);
}

/** The link leaves "waiting to start" for "resynchronizing". */
export function showRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  run.phase = "running";
  enterState(machine, link, linkState.resynchronizing, atMs);
  const job = jobById(host, run.jobId);
  moveJob(job, jobState.running, atMs);
  if (host.switches.jobEnds === "early") {
    endJob(job, { state: jobState.completed, percent: 100 }, atMs);
    run.jobId = null;
  }
}

/** Pauses the work; what was done stays done. */
export function pauseRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  run.workedMs = workedMs(run, atMs);
  run.phase = "paused";
  enterState(machine, link, linkState.resyncSuspended, atMs);
  moveJob(jobById(host, run.jobId), jobState.suspended, atMs);
}

/** Goes on where it was paused. */
export function resumeRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  run.phase = "running";
  run.resumedAtMs = atMs;
  enterState(machine, link, linkState.resynchronizing, atMs);
  moveJob(jobById(host, run.jobId), jobState.running, atMs);
}

/** Forgets a run together with its job, without a trace. */
export function dropRun(host: HostState, link: LinkState): void {
  const { run } = link;
  if (run === null) return;
  host.jobs = host.jobs.filter(({ id, endedAtMs }) => id !== run.jobId || endedAtMs !== null);
  link.run = null;
}

/** How much of the work is done, in milliseconds of it. */
function workedMs(run: ResyncRun, atMs: number): number {
  const works = run.phase === "starting" || run.phase === "running";
  return run.workedMs + (works ? Math.max(0, atMs - run.resumedAtMs) : 0);
}

/** The whole of the work, in milliseconds. */
export function totalMs({ script }: ResyncRun): number {
  return Math.round(script.seconds * 1000);
}

/** Whether the disks are being merged: from then on there is no way back. */
export function isMerging(run: ResyncRun, atMs: number): boolean {
  const mergesFromMs = totalMs(run) - run.script.mergeSeconds * 1000;
  return run.script.end !== "stuck" && run.phase === "running" && workedMs(run, atMs) > mergesFromMs;
}

/** `PercentComplete` of a run that has not ended. */
export function percentOf(run: ResyncRun, atMs: number): number {
  const { percent, end } = run.script;
  const share = totalMs(run) === 0 ? 0 : workedMs(run, atMs) / totalMs(run);
  if (percent !== undefined) return percent[Math.min(Math.floor(share * percent.length), percent.length - 1)] ?? 0;
  // 100 belongs to an ended job alone.
  return Math.min(Math.floor(share * 100), end === "stuck" ? 50 : 99);
}
