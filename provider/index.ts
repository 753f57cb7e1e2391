export type { ConnectionArgs, ReplicaResyncArgs } from "./args";
export { type Effect, isReplicaResyncError, type ReplicaResyncError } from "./core/errors";
export type { Outcome } from "./core/record/record";
export { ReplicaResync } from "./replicaResync";
