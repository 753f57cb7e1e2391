import { runsOf } from "../runs/acceptRun";
import type { HostState, LinkState, MachineState } from "../hostState";
import { endJob, jobById } from "../runs/job";
import { enterState } from "../links/link";
import { jobState, linkState, returnValue } from "../platform";
import { pauseRun } from "../runs/run";
import { percentOf } from "../runs/runProgress";

/**
 * The service that carried a VM's resyncs out goes away. Whether its jobs survive that, and whether a resync that
 * ran continues by itself, is open (`switches.jobsAfterRestart` and `interruptedResync`).
 */
export function interruptByStop(host: HostState, machine: MachineState, atMs: number): void {
  if (host.switches.jobsAfterRestart === "lost") loseJobs(host, machine);
  if (host.switches.interruptedResync === "continues") return;
  for (const link of machine.links) {
    for (const run of runsOf(link)) {
      const end = {
        state: jobState.exception,
        percent: percentOf(run, atMs),
        errorCode: returnValue.systemNotAvailable,
      };
      endJob(jobById(host, run.jobId), end, atMs);
    }
    fallBack(host, machine, link, atMs);
  }
}

/** The VM leaves the host: its jobs are lost, and what becomes of a resync that ran is open (`switches.movedResync`). */
export function interruptByMove(host: HostState, machine: MachineState, atMs: number): void {
  loseJobs(host, machine);
  for (const link of machine.links) {
    switch (host.switches.movedResync) {
      case "required":
        fallBack(host, machine, link, atMs);
        break;
      case "paused":
        if (link.run !== null && link.run.phase !== "scheduled" && link.run.phase !== "paused") {
          pauseRun(host, machine, link, link.run, atMs);
        }
        break;
      case "continues":
        break;
    }
  }
}

function loseJobs(host: HostState, machine: MachineState): void {
  host.jobs = host.jobs.filter(({ machineId }) => machineId !== machine.id);
  host.pendingChanges = host.pendingChanges.filter(({ machineId }) => machineId !== machine.id);
  for (const run of machine.links.flatMap(runsOf)) run.jobId = null;
}

/** What ran requires a resync again; what was scheduled is forgotten. */
function fallBack(host: HostState, machine: MachineState, link: LinkState, atMs: number): void {
  const began = link.run !== null && link.run.phase !== "scheduled";
  link.run = null;
  link.later = [];
  if (began) enterState(host, machine, link, linkState.required, atMs);
}
