export type { ConnectionArgs, ReplicaResyncArgs } from "./args";
export type { Outcome } from "./core/record/record";
export { ReplicaResync } from "./replicaResync";
export type { FailuresOutput, InternalOutput, JobOutput, ReplicationOutput, RequestOutput } from "./state/outputTypes";
