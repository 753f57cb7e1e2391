import { linkInstanceId } from "./cimValue";
import { denied, machineBehind, type Method } from "./method";
import { returnValue } from "./platform";

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
    if (machine === undefined) return { returnValue: returnValue.invalidParameter };
    const wanted = call.input["ReplicationRelationship"] ?? linkInstanceId(machine.id, 0);
    const link = machine.links.find(({ number }) => linkInstanceId(machine.id, number) === wanted);
    if (link === undefined) return { returnValue: returnValue.invalidState };
    return { returnValue: returnValue.completed, output: { ReplicationHealthIssues: link.healthReasons } };
  },
};
