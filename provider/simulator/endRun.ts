import type { HostState, LinkState, MachineState, ResyncRun } from "./hostState";
import { endJob, jobById } from "./job";
import { enterState } from "./link";
import { jobState, linkState } from "./platform";
import { percentOf } from "./run";
import type { Script } from "./script";

const jobStateOf = {
  success: jobState.completed,
  warning: jobState.completedWithWarnings,
  exception: jobState.exception,
  terminated: jobState.terminated,
  killed: jobState.killed,
} as const satisfies Record<Exclude<Script["end"], "stuck">, number>;

/** The work is over: the job ends as scripted, and the link replicates, or needs a resync again. */
export function finishRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  const { end, errorCode, errorDescription, stateAfterFailure } = run.script;
  if (end === "stuck") return;
  const succeeded = end === "success" || end === "warning";
  endJob(
    jobById(host, run.jobId),
    {
      state: jobStateOf[end],
      percent: succeeded ? 100 : percentOf(run, atMs),
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(errorDescription === undefined ? {} : { errorDescription }),
    },
    atMs,
  );
  link.run = null;
  if (succeeded) completeLink(machine, link, atMs);
  else enterState(machine, link, stateAfterFailure, atMs);
}

/** What a good end does: normal replication, and the recovery points are gone. */
export function completeLink(machine: MachineState, link: LinkState, atMs: number): void {
  machine.recoveryPoints = 0;
  enterState(machine, link, linkState.replicating, atMs);
}

/** Somebody ends a resync before its time: its job ends, the link needs a resync again. */
export function cancelRun(host: HostState, machine: MachineState, link: LinkState, run: ResyncRun, atMs: number): void {
  const state = jobState[host.switches.cancelledJob];
  endJob(jobById(host, run.jobId), { state, percent: percentOf(run, atMs) }, atMs);
  link.run = null;
  if (run.phase !== "scheduled") enterState(machine, link, linkState.required, atMs);
}

/** Something else puts the link into another state while a resync runs or waits: its job ends with an error. */
export function breakRun(host: HostState, link: LinkState, atMs: number): void {
  const { run } = link;
  if (run === null) return;
  endJob(jobById(host, run.jobId), { state: jobState.exception, percent: percentOf(run, atMs) }, atMs);
  link.run = null;
}

/**
 * The service that carried the resyncs out goes away: its jobs are gone at once. Whether a resync that ran goes on by
 * itself is open (`switches.interruptedResync`).
 */
export function interruptRuns(host: HostState, machine: MachineState, atMs: number): void {
  host.jobs = host.jobs.filter(({ machineId }) => machineId !== machine.id);
  host.pendingChanges = host.pendingChanges.filter(({ machineId }) => machineId !== machine.id);
  for (const link of machine.links) {
    if (link.run === null) continue;
    link.run.jobId = null;
    if (host.switches.interruptedResync === "continues") continue;
    const began = link.run.phase !== "scheduled";
    link.run = null;
    if (began) enterState(machine, link, linkState.required, atMs);
  }
}
