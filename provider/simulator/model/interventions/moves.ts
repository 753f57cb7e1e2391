import { SimulatorError } from "../../simulatorError";
import type { HostState, LinkState, MachineState, ResyncRun } from "../hostState";
import { machineNamed } from "./interventions";
import { interruptByMove } from "./interruptions";

/** A VM that is on its way to another host. */
export type Departure = HostState["leaving"][number];

/**
 * A move is three changes of two hosts: the VM leaves the one, which remembers it; it comes to the other; the first
 * forgets it. A process that dies in between repeats the move, which continues where it was.
 */
export function leave(host: HostState, nameOrId: string, to: string): Departure {
  const known = departureOf(host, nameOrId);
  if (known !== undefined && known.to !== to) {
    throw new SimulatorError(`"${known.machine.name}" is on its way to ${known.to}: repeat that move first`);
  }
  if (known !== undefined) return known;
  const machine = machineNamed(host, nameOrId);
  takeOut(host, machine);
  const departure = { machine, to, leftAtMs: host.nowMs };
  host.leaving = [...host.leaving, departure];
  return departure;
}

/** A VM that left and has not been seen to arrive, by name (letter case ignored) or GUID. */
export function departureOf(host: HostState, nameOrId: string): Departure | undefined {
  const wanted = nameOrId.toLowerCase();
  return host.leaving.find(({ machine: { id, name } }) => id === wanted || name.toLowerCase() === wanted);
}

/** The VM is where it was to go. */
export function forgetDeparture(host: HostState, machineId: string): void {
  host.leaving = host.leaving.filter(({ machine }) => machine.id !== machineId);
}

/** Takes a VM away from the host, with all its jobs. */
export function takeOut(host: HostState, machine: MachineState): void {
  interruptByMove(host, machine, host.nowMs);
  host.machines = host.machines.filter((one) => one !== machine);
  host.removedIds = [...host.removedIds, machine.id];
}

/** Brings a VM in that another host had; its times are moved over to this host's clock. */
export function bringIn(host: HostState, from: { name: string; nowMs: number }, machine: MachineState): void {
  const shiftMs = host.nowMs - from.nowMs;
  const nameHere = (name: string) => (name === from.name ? host.name : name);
  const links = machine.links.map((link): LinkState => ({
    ...link,
    enteredAtMs: link.enteredAtMs + shiftMs,
    lastReplicationMs: link.lastReplicationMs === null ? null : link.lastReplicationMs + shiftMs,
    primaryHost: nameHere(link.primaryHost),
    recoveryHost: nameHere(link.recoveryHost),
    run: link.run === null ? null : shifted(link.run, shiftMs),
    later: link.later.map((run) => shifted(run, shiftMs)),
  }));
  const recoveryPointsFromMs = machine.recoveryPointsFromMs + shiftMs;
  forgetDeparture(host, machine.id);
  host.removedIds = host.removedIds.filter((id) => id !== machine.id);
  host.machines = [...host.machines, { ...machine, links, recoveryPointsFromMs, fromScenario: false }];
}

function shifted(run: ResyncRun, byMs: number): ResyncRun {
  const scheduledAtMs = run.scheduledAtMs === null ? null : run.scheduledAtMs + byMs;
  return { ...run, scheduledAtMs, resumedAtMs: run.resumedAtMs + byMs };
}
