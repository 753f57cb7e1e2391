import { linkInstanceId, type CimValue } from "../rows/cimValue";
import { planChange, requestable } from "../runs/changeState";
import { CimFault } from "../hostFaults";
import { SimulatorError } from "../../simulatorError";
import type { LinkState, MachineState } from "../hostState";
import { makeJob, moveJob } from "../runs/job";
import { denied, machineBehind, type Method } from "./method";
import { jobState, jobType, returnValue } from "../platform";

/** How long a job takes that changes the state. */
const changeMs = 1_000;

/** Requests that a host knows and the model does not. Source: the method's page, `RequestedState`. */
const notModelled: readonly number[] = [1, 2, 4];

/**
 * `Msvm_ComputerSystem.RequestReplicationStateChangeEx(ReplicationRelationship, RequestedState)`; without a relationship
 * the primary one is meant. The relationship is given by its `InstanceID`. Source: that method's page,
 * learn.microsoft.com.
 */
export const requestReplicationStateChangeEx: Method = {
  parameters: ["ReplicationRelationship", "RequestedState", "TimeoutPeriod"],
  machineOf: ({ host, target }) => machineBehind(host, target),
  run(call, machine) {
    const { host, input, owner } = call;
    if (!call.mayChange) return denied(call);
    if (machine === undefined) throw new CimFault("notFound", "there is no such virtual machine");
    const requestedState = requestedStateOf(input["RequestedState"]);
    if (requestedState === undefined) return { returnValue: returnValue.invalidParameter };
    const link = linkOf(machine, input["ReplicationRelationship"]);
    if (link === undefined) return { returnValue: returnValue.invalidState };
    const change = planChange(host, machine, link, requestedState, host.nowMs);
    if ("refusal" in change) return { returnValue: change.refusal };
    if (host.switches.stateChange === "completed") {
      change.apply(host.nowMs);
      return { returnValue: returnValue.completed };
    }
    const job = makeJob(host, { machineId: machine.id, type: jobType.stateChange, owner }, host.nowMs);
    moveJob(job, jobState.running, host.nowMs);
    const atMs = host.nowMs + changeMs;
    host.pendingChanges.push({ atMs, machineId: machine.id, link: link.number, requestedState, jobId: job.id });
    return { returnValue: returnValue.jobStarted, jobId: job.id };
  },
};

function requestedStateOf(value: CimValue | undefined): number | undefined {
  if (typeof value !== "number") throw new SimulatorError(`RequestedState is not a number: ${JSON.stringify(value)}`);
  if (notModelled.includes(value)) throw new SimulatorError(`RequestedState ${value} is not modelled`);
  return Object.values<number>(requestable).includes(value) ? value : undefined;
}

function linkOf({ id, links }: MachineState, relationship: CimValue | undefined): LinkState | undefined {
  if (relationship === undefined || relationship === null) return links.find((link) => link.number === 0);
  return links.find((link) => linkInstanceId(id, link.number) === relationship);
}
