import { linkInstanceId } from "../rows/cimValue";
import { endJobLater, makeJob, moveJob } from "../runs/job";
import { denied, machineBehind, noSuchMachine, type Method, type MethodCall, type MethodOutcome } from "./method";
import { jobState, jobType, returnValue } from "../platform";

/** How long a job takes that gathers the statistics. */
const gatheringMs = 1_000;

/**
 * `Msvm_ReplicationService.GetReplicationStatisticsEx(ComputerSystem, ReplicationRelationship)`, of which the model knows
 * one output: `ReplicationHealthIssues`, here the `Message` of each embedded `Msvm_Error`. Source: that method's page,
 * learn.microsoft.com.
 */
export const getReplicationStatisticsEx: Method = {
  parameters: ["ComputerSystem", "ReplicationRelationship"],
  machineOf: ({ host, input }) => machineBehind(host, input["ComputerSystem"]),
  run(call, machine) {
    if (!call.sees) return denied(call);
    if (machine === undefined) return noSuchMachine(call);
    const wanted = call.input["ReplicationRelationship"] ?? linkInstanceId(machine.id, 0);
    const link = machine.links.find(({ number }) => linkInstanceId(machine.id, number) === wanted);
    if (link === undefined) return { returnValue: returnValue.invalidState };
    if (call.host.switches.statistics === "job") return gatherInJob(call, machine.id);
    return { returnValue: returnValue.completed, output: { ReplicationHealthIssues: link.healthReasons } };
  },
};

/** The page allows 4096, and does not say where the outputs are then: here they are nowhere. */
function gatherInJob({ host, owner }: MethodCall, machineId: string): MethodOutcome {
  const job = makeJob(host, { machineId, type: jobType.statistics, owner }, host.nowMs);
  moveJob(job, jobState.running, host.nowMs);
  endJobLater(job, 0, { state: jobState.completed, percent: 100 }, host.nowMs + gatheringMs);
  return { returnValue: returnValue.jobStarted, jobId: job.id };
}
