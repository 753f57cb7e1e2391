import { acceptRun } from "./acceptRun";
import type { HostState, LinkState, MachineState } from "../hostState";
import { makeJob, moveJob } from "./job";
import { resyncLink } from "../links/link";
import { nextScript } from "./run";
import { system } from "./ownRun";
import { jobState, jobType, linkState } from "../platform";
import { pauseRun, showRun, startRun } from "./run";

/**
 * Gives a relationship that was put into its state from outside what belongs to that state: a resync that runs or is paused
 * has a job, and so has an initial replication of a seeded replica. Whether the side that receives has a job too is open
 * (`switches.jobOnRecoverySide`).
 */
export function comeToLife(host: HostState, machine: MachineState, link: LinkState, atMs: number): void {
  const { state } = link;
  if (state === linkState.initialReplication) {
    const job = makeJob(host, { machineId: machine.id, type: jobType.seededInitial, owner: system }, atMs);
    moveJob(job, jobState.running, atMs);
    return;
  }
  if (state !== linkState.resynchronizing && state !== linkState.resyncSuspended) return;
  const withJob = link === resyncLink(machine) || host.switches.jobOnRecoverySide === "shown";
  const run = acceptRun(host, machine, link, { script: nextScript(machine), owner: system, withJob }, atMs);
  startRun(host, run, atMs);
  showRun(host, machine, link, run, atMs);
  if (state === linkState.resyncSuspended) pauseRun(host, machine, link, run, atMs);
}
