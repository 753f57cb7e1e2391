import { replicationMode } from "../../../core/hyperv/relationship";
import { dropRuns } from "../runs/acceptRun";
import { comeToLife } from "../runs/comeToLife";
import { breakRun, breakRuns } from "../runs/endRun";
import { SimulatorError } from "../../simulatorError";
import type { HostState, LinkState, MachineState } from "../hostState";
import { interruptByStop } from "./interruptions";
import { endJob } from "../runs/job";
import { enterState } from "../links/link";
import { jobState, jobType, linkState } from "../platform";
import { enabledState } from "../../scenario/stateNames";

/**
 * The VM with this name (letter case ignored) or GUID.
 * @throws SimulatorError when there is none, or more than one.
 */
export function machineNamed(host: HostState, nameOrId: string): MachineState {
  const wanted = nameOrId.toLowerCase();
  const named = host.machines.filter(({ name, id }) => id === wanted || name.toLowerCase() === wanted);
  const [machine, ...others] = named;
  if (machine === undefined) {
    throw new SimulatorError(`${host.name} has no VM "${nameOrId}"; it has ${namesOf(host)}`);
  }
  if (others.length > 0) {
    throw new SimulatorError(`${host.name} has several VMs "${nameOrId}": ${named.map(({ id }) => id).join(", ")}`);
  }
  return machine;
}

function namesOf({ machines, leaving }: HostState): string {
  const here = machines.map(({ name }) => name);
  const away = leaving.map(
    ({ machine: { name }, to }) => `${name} on its way to ${to}, where a repeated move brings it`,
  );
  return here.length + away.length === 0 ? "none" : [...here, ...away].join(", ");
}

/** The relationship that a VM's `state` in a scenario belongs to: the one furthest from the first primary. */
function describedLink({ name, links }: MachineState): LinkState {
  const link = links.at(-1);
  if (link === undefined)
    throw new SimulatorError(`"${name}" is not replicated: it has no replication relationship that could change`);
  return link;
}

/** The relationship requires a resync, as after a disk that was reverted; a resync that runs fails. */
export function breakLink(host: HostState, machine: MachineState): void {
  const link = describedLink(machine);
  breakRun(host, link, host.nowMs);
  enterState(host, machine, link, linkState.required, host.nowMs);
}

/** Puts the relationship into a state, with the job that belongs to it; what ran before is gone without a trace. */
export function putIntoState(host: HostState, machine: MachineState, state: number): void {
  const link = describedLink(machine);
  dropRuns(host, link);
  for (const job of host.jobs) {
    const isInitial = job.machineId === machine.id && job.type === jobType.seededInitial && job.endedAtMs === null;
    if (isInitial) endJob(job, { state: jobState.completed, percent: 100 }, host.nowMs);
  }
  enterState(host, machine, link, state, host.nowMs);
  comeToLife(host, machine, link, host.nowMs);
}

/** Replication of the VM is removed: it has no relationship any more, and what ran has failed. */
export function removeReplication(host: HostState, machine: MachineState): void {
  for (const link of machine.links) breakRuns(host, link, host.nowMs);
  machine.mode = replicationMode.none;
  machine.links = [];
}

/** Primary and replica change places, as after a failover that was completed by reversing the replication. */
export function reverseReplication(host: HostState, machine: MachineState): void {
  const [link, ...others] = machine.links;
  const { mode, name } = machine;
  const isEnd = mode === replicationMode.primary || mode === replicationMode.replica;
  if (link === undefined || others.length > 0 || !isEnd) {
    throw new SimulatorError(`"${name}" has no other side that it could change places with`);
  }
  breakRuns(host, link, host.nowMs);
  machine.mode = mode === replicationMode.primary ? replicationMode.replica : replicationMode.primary;
  machine.enabledState = machine.mode === replicationMode.primary ? enabledState.running : enabledState.off;
  [link.primaryHost, link.recoveryHost] = [link.recoveryHost, link.primaryHost];
  enterState(host, machine, link, linkState.replicating, host.nowMs);
}

/** The management service ends, and with it what it was doing. */
export function stopService(host: HostState): void {
  host.service = "stopped";
  for (const machine of host.machines) interruptByStop(host, machine, host.nowMs);
}
