import type { HostState, LinkState, MachineState, ResyncRun } from "../hostState";
import { endJob, jobById, moveJob } from "./job";
import { enterState } from "../links/link";
import { jobState, linkState } from "../platform";
import { workedMs } from "./runProgress";
import type { Script } from "../../scenario/script";

/** Whatever the relationship was in, from now on it waits to be resynchronized. */
export function waitForTransfer(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  run: ResyncRun,
  atMs: number,
): void {
  run.phase = "waiting";
  run.resumedAtMs = atMs;
  requireResync(host, machine, link, atMs);
}

/** The relationship shows that it requires a resync, if it does not yet. */
export function requireResync(host: HostState, machine: MachineState, link: LinkState, atMs: number): void {
  if (link.state !== linkState.required) enterState(host, machine, link, linkState.required, atMs);
}

/** A transfer is free: the work begins. */
export function startRun(host: HostState, run: ResyncRun, atMs: number): void {
  run.phase = "starting";
  run.resumedAtMs = atMs;
  moveJob(jobById(host, run.jobId), jobState.starting, atMs);
}

/** The relationship leaves "waiting to start" for "resynchronizing". */
export function showRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  run.phase = "running";
  enterState(host, machine, link, linkState.resynchronizing, atMs);
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
  enterState(host, machine, link, linkState.resyncSuspended, atMs);
  moveJob(jobById(host, run.jobId), jobState.suspended, atMs);
}

/** Goes on where it was paused. */
export function resumeRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  run.phase = "running";
  run.resumedAtMs = atMs;
  enterState(host, machine, link, linkState.resynchronizing, atMs);
  moveJob(jobById(host, run.jobId), jobState.running, atMs);
}

/** The script for the next call of `Resynchronize`: the last of them serves all calls that follow. */
export function nextScript({ scripts, calls }: MachineState): Script {
  const script = scripts[Math.min(calls, scripts.length - 1)];
  if (script === undefined) throw new TypeError("a VM has at least one script");
  return script;
}
