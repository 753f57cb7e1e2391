import { hyperVReplicaProviderId, replicationMode } from "../../../core/hyperv/relationship";
import { acceptRun, dropRuns, makeResyncJob, queueRun, type RunRequest } from "../runs/acceptRun";
import { hasFreeTransfer } from "../advance";
import { completeLink } from "../runs/endRun";
import type { HostState, LinkState, MachineState, ResyncRun } from "../hostState";
import { endJob, jobById } from "../runs/job";
import { resyncLink } from "../links/link";
import { denied, machineBehind, noSuchMachine, type Method, type MethodCall, type MethodOutcome } from "./method";
import { nextScript } from "../runs/run";
import { jobState, returnValue } from "../platform";
import { enabledState } from "../../scenario/stateNames";
import { resumeRun } from "../runs/run";
import type { Script } from "../../scenario/script";
import { refusalOfTime, startTimeOf } from "./startTime";
import { isResyncable, isUnderWay } from "../links/stateRules";

/**
 * `Msvm_ReplicationService.Resynchronize(ComputerSystem, StartTime)`. Source: that method's page, learn.microsoft.com.
 * A script's `returnCode` goes before everything but rights and the VM's existence.
 */
export const resynchronize: Method = {
  parameters: ["ComputerSystem", "StartTime"],
  machineOf: ({ host, input }) => machineBehind(host, input["ComputerSystem"]),
  run(call, machine) {
    if (!call.mayChange) return denied(call);
    if (machine === undefined) return noSuchMachine(call);
    const startMs = startTimeOf(call);
    const script = nextScript(machine);
    machine.calls += 1;
    return script.returnCode === undefined || script.returnCode === returnValue.jobStarted
      ? answerByState(call, machine, script, startMs)
      : answerAsScripted(call, machine, script, script.returnCode);
  },
};

function answerAsScripted(call: MethodCall, machine: MachineState, script: Script, returnCode: number): MethodOutcome {
  const link = resyncLink(machine);
  if (link === undefined) return { returnValue: returnCode };
  if (returnCode === returnValue.completed) {
    answerWithZero(call, machine, link, script);
  } else if (script.startsAnyway && !isUnderWay(link)) {
    begin(call, machine, link, script, undefined);
  }
  return { returnValue: returnCode };
}

/** What 0 has done is open (`switches.returnZero`). */
function answerWithZero({ host, owner }: MethodCall, machine: MachineState, link: LinkState, script: Script): void {
  switch (host.switches.returnZero) {
    case "completed":
      dropRuns(host, link);
      completeLink(host, machine, link, host.nowMs);
      return;
    case "begun":
      if (!isUnderWay(link)) acceptRun(host, machine, link, { script, owner, withJob: false }, host.nowMs);
      return;
    case "nothing":
      return;
  }
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
  const timeRefusal = startMs === undefined ? undefined : refusalOfTime(host, startMs - host.nowMs);
  if (timeRefusal !== undefined) return { returnValue: timeRefusal };
  if (refusesMachine(host, machine)) return { returnValue: returnValue.invalidState };
  if (isUnderWay(link)) return answerWhileRunning(call, machine, link, script, startMs);
  if (!isResyncable(host, link.state)) return { returnValue: returnValue.invalidState };
  if (link.run?.phase === "scheduled" && host.switches.alreadyScheduled === "refused")
    return { returnValue: returnValue.invalidState };
  if (host.switches.aboveTransferLimit === "refused" && !hasFreeTransfer(host))
    return { returnValue: returnValue.inUse };
  const isAtOnce = startMs === undefined || startMs <= host.nowMs;
  if (isAtOnce && link.run?.phase === "paused" && host.switches.pausedResync === "continues")
    return goOn(call, machine, link, link.run);
  return begin(call, machine, link, script, startMs);
}

/** A replica is off as long as nothing has failed over: only of a VM that should run is it open. */
function refusesMachine({ switches }: HostState, { mode, enabledState: state }: MachineState): boolean {
  return switches.machineNotRunning === "refused" && mode === replicationMode.primary && state !== enabledState.running;
}

function begin(
  call: MethodCall,
  machine: MachineState,
  link: LinkState,
  script: Script,
  startMs: number | undefined,
): MethodOutcome {
  return accepted(acceptRun(call.host, machine, link, requestOf(call, script, startMs), call.host.nowMs));
}

function goOn({ host, owner }: MethodCall, machine: MachineState, link: LinkState, run: ResyncRun): MethodOutcome {
  run.jobId ??= makeResyncJob(host, machine, link, { owner }, host.nowMs).id;
  resumeRun(host, machine, link, run, host.nowMs);
  return accepted(run);
}

function requestOf({ host, owner }: MethodCall, script: Script, startMs: number | undefined): RunRequest {
  const scheduledAtMs = startMs !== undefined && startMs > host.nowMs ? startMs : undefined;
  const withJob = scheduledAtMs === undefined || host.switches.scheduledStart === "job";
  return { script, owner, scheduledAtMs, withJob };
}

function accepted({ jobId }: ResyncRun): MethodOutcome {
  return jobId === null ? { returnValue: returnValue.completed } : { returnValue: returnValue.jobStarted, jobId };
}

function answerWhileRunning(
  call: MethodCall,
  machine: MachineState,
  link: LinkState,
  script: Script,
  startMs: number | undefined,
): MethodOutcome {
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
    case "queued":
      return accepted(queueRun(host, machine, link, requestOf(call, script, startMs), host.nowMs));
  }
}

function codeWithoutLink({ switches }: HostState, { mode }: MachineState): number {
  if (mode === replicationMode.testReplica) return returnValue.notSupported;
  const behaviour = mode === replicationMode.none ? switches.notReplicated : switches.replicaWithoutExtended;
  return returnValue[behaviour];
}
