import { replicationMode } from "../../../core/hyperv/relationship";
import type { HostState, LinkState, MachineState } from "../hostState";
import { reasonsOf } from "./healthReasons";
import { healthOf, linkState, replicationIntervalMs } from "../platform";
import { followRecoveryPoints } from "./recoveryPoints";

/** The relationship that `Resynchronize` would work on: a VM's role decides. Source: that method's page, "Remarks". */
export function resyncLink({ mode, links }: MachineState): LinkState | undefined {
  if (mode === replicationMode.primary) return links.find(({ number }) => number === 0);
  if (mode === replicationMode.replica) return links.find(({ number }) => number === 1);
  return undefined;
}

/** Puts a relationship into a state, with the health that goes with it. */
export function enterState(host: HostState, machine: MachineState, link: LinkState, state: number, atMs: number): void {
  followReplication(host, machine, link, atMs);
  link.state = state;
  link.health = healthOf(state);
  link.healthReasons = reasonsOf(state, machine.name);
  link.enteredAtMs = atMs;
  if (state === linkState.replicating) link.lastReplicationMs = atMs;
}

/**
 * Changes arrive every replication interval while a relationship replicates normally, and in no other state; during a resync that
 * is open (`switches.lastReplicationInResync`).
 */
export function followReplication(host: HostState, machine: MachineState, link: LinkState, atMs: number): void {
  followRecoveryPoints(machine, link, atMs);
  if (!receives(host, link)) return;
  const cyclesMs = Math.floor((atMs - link.enteredAtMs) / replicationIntervalMs) * replicationIntervalMs;
  if (cyclesMs > 0) link.lastReplicationMs = link.enteredAtMs + cyclesMs;
}

function receives({ switches }: HostState, { state }: LinkState): boolean {
  if (state === linkState.resynchronizing) return switches.lastReplicationInResync === "follows";
  return state === linkState.replicating;
}

/** The VM and the relationship that a run or a job belongs to. */
export function* linksOf(host: HostState): Generator<readonly [MachineState, LinkState]> {
  for (const machine of host.machines) for (const link of machine.links) yield [machine, link];
}
