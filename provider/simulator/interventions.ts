import { comeToLife } from "./comeToLife";
import { breakRun, interruptRuns } from "./endRun";
import { SimulatorError } from "./errors";
import type { HostState, LinkState, MachineState } from "./hostState";
import { endJob } from "./job";
import { enterState } from "./link";
import { jobState, jobType, linkState } from "./platform";
import { dropRun } from "./run";

/**
 * The machine with this name (letter case ignored) or GUID.
 * @throws SimulatorError when there is none, or more than one.
 */
export function machineNamed(host: HostState, nameOrId: string): MachineState {
  const wanted = nameOrId.toLowerCase();
  const named = host.machines.filter(({ name, id }) => id === wanted || name.toLowerCase() === wanted);
  const [machine, ...others] = named;
  if (machine === undefined) {
    const names = host.machines.map(({ name }) => name).join(", ");
    throw new SimulatorError(`${host.name} has no machine "${nameOrId}"; it has ${names === "" ? "none" : names}`);
  }
  if (others.length > 0) {
    throw new SimulatorError(
      `${host.name} has several machines "${nameOrId}": ${named.map(({ id }) => id).join(", ")}`,
    );
  }
  return machine;
}

/** The link that a machine's `state` in a scenario belongs to: the one furthest from the first primary. */
function describedLink({ name, links }: MachineState): LinkState {
  const link = links.at(-1);
  if (link === undefined) throw new SimulatorError(`"${name}" is not replicated: it has no link that could change`);
  return link;
}

/** The link needs a resync, as after a disk that was reverted; a resync that runs fails. */
export function breakLink(host: HostState, machine: MachineState): void {
  const link = describedLink(machine);
  breakRun(host, link, host.nowMs);
  enterState(machine, link, linkState.required, host.nowMs);
}

/** Puts the link into a state, with the job that belongs to it; what ran before is gone without a trace. */
export function putIntoState(host: HostState, machine: MachineState, state: number): void {
  const link = describedLink(machine);
  dropRun(host, link);
  for (const job of host.jobs) {
    const isInitial = job.machineId === machine.id && job.type === jobType.seededInitial && job.endedAtMs === null;
    if (isInitial) endJob(job, { state: jobState.completed, percent: 100 }, host.nowMs);
  }
  enterState(machine, link, state, host.nowMs);
  comeToLife(host, machine, link, host.nowMs);
}

/** The management service ends: all its jobs are gone. */
export function stopService(host: HostState): void {
  host.service = "stopped";
  for (const machine of host.machines) interruptRuns(host, machine, host.nowMs);
}

/** Takes a machine away from the host, with all its jobs. */
export function takeOut(host: HostState, machine: MachineState): void {
  interruptRuns(host, machine, host.nowMs);
  host.machines = host.machines.filter((one) => one !== machine);
  host.removedIds = [...host.removedIds, machine.id];
}

/** Brings a machine in that another host had; its times are moved over to this host's clock. */
export function bringIn(host: HostState, from: { name: string; nowMs: number }, machine: MachineState): void {
  const shiftMs = host.nowMs - from.nowMs;
  const nameHere = (name: string) => (name === from.name ? host.name : name);
  const links = machine.links.map((link) => ({
    ...link,
    enteredAtMs: link.enteredAtMs + shiftMs,
    lastReplicationMs: link.lastReplicationMs === null ? null : link.lastReplicationMs + shiftMs,
    primaryHost: nameHere(link.primaryHost),
    recoveryHost: nameHere(link.recoveryHost),
    run: link.run === null ? null : { ...link.run, resumedAtMs: link.run.resumedAtMs + shiftMs },
  }));
  host.removedIds = host.removedIds.filter((id) => id !== machine.id);
  host.machines = [...host.machines, { ...machine, links, fromScenario: false }];
}
