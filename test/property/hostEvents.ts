import { advance } from "../../provider/simulator/model/advance";
import { carryOut, type HostCall } from "../../provider/simulator/model/call";
import { linkInstanceId, machineRef } from "../../provider/simulator/model/rows/cimValue";
import type { HostState, LinkState, MachineState } from "../../provider/simulator/model/hostState";
import { breakLink, putIntoState, stopService } from "../../provider/simulator/model/interventions/interventions";
import { resyncLink } from "../../provider/simulator/model/links/link";
import { bringIn, leave } from "../../provider/simulator/model/interventions/moves";

/** The account that the resources use, and that of another user of the host. */
export const resourceAccount = "operator";
export const otherAccount = "somebody";

/** The VMs of every case, by their number. */
export const machineNames = ["web01", 'db "02" $(x)'] as const;

/** What happens at the host without a call of the product. `machine` is the VM's number; one that does not exist is left out. */
export type HostEvent =
  | { readonly kind: "break"; readonly machine: number }
  /** As by a live migration to another host and back. */
  | { readonly kind: "moveAway"; readonly machine: number }
  | { readonly kind: "moveBack"; readonly machine: number }
  | { readonly kind: "setState"; readonly machine: number; readonly state: number }
  | { readonly kind: "stopService" | "startService" | "loseNetwork" | "restoreNetwork" }
  | { readonly kind: "setRights"; readonly rights: "administrator" | "read" | "none" }
  | { readonly kind: "otherStarts" | "otherCancels" | "otherPauses" | "otherResumes"; readonly machine: number };

/** What can happen to a VM only while it is on the host. */
type EventOfMachine = Exclude<Extract<HostEvent, { machine: number }>, { kind: "moveBack" }>;

/** The host after an event at this time; the host before is left as it is. */
export function afterEvent(before: HostState, event: HostEvent, atMs: number): HostState {
  const host = structuredClone(before);
  advance(host, atMs);
  const result = happen(host, event);
  advance(result, result.nowMs);
  return result;
}

function happen(host: HostState, event: HostEvent): HostState {
  switch (event.kind) {
    case "stopService":
      stopService(host);
      return host;
    case "startService":
      host.service = "running";
      return host;
    case "loseNetwork":
      host.reachable = false;
      return host;
    case "restoreNetwork":
      host.reachable = true;
      return host;
    case "setRights":
      for (const account of host.accounts) if (account.user === resourceAccount) account.rights = event.rights;
      return host;
    case "moveBack":
      bringBack(host, machineNames[event.machine]);
      return host;
    case "break":
    case "moveAway":
    case "setState":
    case "otherStarts":
    case "otherCancels":
    case "otherPauses":
    case "otherResumes": {
      const machine = host.machines.find(({ name }) => name === machineNames[event.machine]);
      return machine === undefined ? host : happenTo(host, machine, event);
    }
    default:
      return event satisfies never;
  }
}

function happenTo(host: HostState, machine: MachineState, event: EventOfMachine): HostState {
  switch (event.kind) {
    case "break":
      breakLink(host, machine);
      return host;
    case "moveAway":
      leave(host, machine.id, "another host");
      return host;
    case "setState":
      putIntoState(host, machine, event.state);
      return host;
    case "otherStarts":
      return byOther(host, {
        kind: "invoke",
        className: "Msvm_ReplicationService",
        method: "Resynchronize",
        input: { ComputerSystem: machineRef(machine.id) },
      });
    case "otherCancels":
      return byOther(host, request(machine, 9));
    case "otherPauses":
      return byOther(host, request(machine, 7));
    case "otherResumes":
      return byOther(host, request(machine, 3));
    default:
      return event satisfies never;
  }
}

function request(machine: MachineState, requestedState: number): HostCall {
  return {
    kind: "invoke",
    className: "Msvm_ComputerSystem",
    method: "RequestReplicationStateChangeEx",
    target: machineRef(machine.id),
    input: {
      ReplicationRelationship: linkInstanceId(machine.id, roleLink(machine).number),
      RequestedState: requestedState,
    },
  };
}

function byOther(host: HostState, call: HostCall): HostState {
  return carryOut(host, call, { door: "other", user: otherAccount }, host.nowMs).host;
}

/** The relationship of a VM that resources of its role are about. */
export function roleLink(machine: MachineState): LinkState {
  const link = resyncLink(machine);
  if (link === undefined) throw new Error(`${machine.name} has no relationship to resynchronize`);
  return link;
}

/** All VMs of a case, including those that are away. */
export function allMachines({ machines, leaving }: HostState): readonly MachineState[] {
  return [...machines, ...leaving.map(({ machine }) => machine)];
}

/** Brings back the VM of this name, or every one that is away. */
export function bringBack(host: HostState, only?: string): void {
  for (const { machine } of host.leaving) {
    if (only === undefined || machine.name === only) bringIn(host, { name: host.name, nowMs: host.nowMs }, machine);
  }
}
