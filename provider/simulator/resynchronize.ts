import { replicationMode } from "../core/relationship";
import { hasFreeTransfer } from "./advance";
import { completeLink } from "./endRun";
import type { HostState, LinkState, MachineState } from "./hostState";
import { endJob, jobById } from "./job";
import { resyncLink } from "./link";
import { denied, machineBehind, momentOf, type Method, type MethodCall, type MethodOutcome } from "./method";
import { nextScript } from "./nextScript";
import { jobState, returnValue } from "./platform";
import { hyperVReplicaProviderId } from "../core/relationship";
import { acceptRun, dropRun, makeResyncJob } from "./run";
import type { Script } from "./script";
import { isResyncable, isUnderWay } from "./stateRules";

/** At most so far ahead. Source: "Resume-VMReplication", `-ResynchronizeStartTime`, learn.microsoft.com. */
const furthestStartMs = 7 * 86_400_000;

/**
 * `Msvm_ReplicationService.Resynchronize(ComputerSystem, StartTime)`. Source: that method's page, learn.microsoft.com.
 * A script's `returnCode` goes before everything but rights and the machine's existence.
 */
export const resynchronize: Method = {
  parameters: ["ComputerSystem", "StartTime"],
  machineOf: ({ host, input }) => machineBehind(host, input["ComputerSystem"]),
  run(call, machine) {
    if (!call.mayChange) return denied(call);
    if (machine === undefined) return { returnValue: returnValue.invalidParameter };
    const startMs = momentOf(call.input["StartTime"], "StartTime");
    const script = nextScript(machine);
    machine.calls += 1;
    return script.returnCode === undefined || script.returnCode === returnValue.jobStarted
      ? answerByState(call, machine, script, startMs)
      : answerAsScripted(call, machine, script, script.returnCode);
  },
};

function answerAsScripted(call: MethodCall, machine: MachineState, script: Script, returnCode: number): MethodOutcome {
  const { host } = call;
  const link = resyncLink(machine);
  if (link === undefined) return { returnValue: returnCode };
  if (returnCode === returnValue.completed) {
    dropRun(host, link);
    completeLink(machine, link, host.nowMs);
  } else if (script.startsAnyway && !isUnderWay(link)) {
    begin(call, machine, link, script, undefined);
  }
  return { returnValue: returnCode };
}

function answerByState(
  call: MethodCall,
  machine: MachineState,
  script: Script,
  startMs: number | undefined,
): MethodOutcome {
  const { host } = call;
  const link = resyncLink(machine);
  if (link === undefined) return { returnValue: codeWithoutLink(host, machine) };
  if (script.returnCode === returnValue.jobStarted) return begin(call, machine, link, script, startMs);
  if (link.provider !== hyperVReplicaProviderId) return { returnValue: returnValue.notSupported };
  if (startMs !== undefined && host.switches.startTimeOutOfRange === "refused") {
    const aheadMs = startMs - host.nowMs;
    if (aheadMs < 0 || aheadMs > furthestStartMs) return { returnValue: returnValue.invalidParameter };
  }
  if (isUnderWay(link)) return answerWhileRunning(call, machine, link);
  if (!isResyncable(host, link.state)) return { returnValue: returnValue.invalidState };
  if (host.switches.aboveTransferLimit === "refused" && !hasFreeTransfer(host))
    return { returnValue: returnValue.inUse };
  return begin(call, machine, link, script, startMs);
}

function begin(
  { host, owner }: MethodCall,
  machine: MachineState,
  link: LinkState,
  script: Script,
  startMs: number | undefined,
): MethodOutcome {
  const scheduledAtMs = startMs !== undefined && startMs > host.nowMs ? startMs : undefined;
  const withJob = scheduledAtMs === undefined || host.switches.scheduledStart === "job";
  const { jobId } = acceptRun(host, machine, link, { script, owner, scheduledAtMs, withJob }, host.nowMs);
  return jobId === null ? { returnValue: returnValue.completed } : { returnValue: returnValue.jobStarted, jobId };
}

function answerWhileRunning(call: MethodCall, machine: MachineState, link: LinkState): MethodOutcome {
  const { host, owner } = call;
  switch (host.switches.alreadyRunning) {
    case "invalidState":
      return { returnValue: returnValue.invalidState };
    case "inUse":
      return { returnValue: returnValue.inUse };
    case "sameJob": {
      const job = jobById(host, link.run?.jobId ?? null);
      return job === undefined
        ? { returnValue: returnValue.invalidState }
        : { returnValue: returnValue.jobStarted, jobId: job.id };
    }
    case "failingJob": {
      const job = makeResyncJob(host, machine, link, { owner }, host.nowMs);
      endJob(job, { state: jobState.exception, errorCode: returnValue.invalidState }, host.nowMs);
      return { returnValue: returnValue.jobStarted, jobId: job.id };
    }
  }
}

function codeWithoutLink({ switches }: HostState, { mode }: MachineState): number {
  if (mode === replicationMode.testReplica) return returnValue.notSupported;
  const behaviour = mode === replicationMode.none ? switches.notReplicated : switches.replicaWithoutExtended;
  return returnValue[behaviour];
}
