/**
 * Which replication relationship of a VM: `primary` is the one between a primary and its replica, `extended` the one
 * between a replica and its extended replica. On the wire it is the last part of the relationship's `InstanceID`,
 * `Microsoft:<vmid>\HVR\<0 or 1>`. Source: `Msvm_ReplicationRelationship`, learn.microsoft.com.
 */
export type RelationshipKind = "primary" | "extended";

/** `JobType` of the job that resynchronizes a relationship. Source: `Msvm_ConcreteJob.JobType`. */
export const resyncJobType = { primary: 107, extended: 121 } as const satisfies Record<RelationshipKind, number>;

/** `JobType` of the initial replication of a seeded replica. Source: `Msvm_ConcreteJob.JobType`. */
export const seededInitialReplicationJobType = 117;

/** `ReplicationMode` values. Source: `Msvm_ComputerSystem.ReplicationMode`. */
export const replicationMode = { none: 0, primary: 1, replica: 2, testReplica: 3, extendedReplica: 4 } as const;

export const replicationModeNames = ["none", "primary", "replica", "testReplica", "extendedReplica"] as const;
export type ReplicationModeName = (typeof replicationModeNames)[number] | `unknown (${number})`;

/** The name of a raw `ReplicationMode`, for outputs and messages. */
export function replicationModeName(mode: number): ReplicationModeName {
  return replicationModeNames.find((name) => replicationMode[name] === mode) ?? `unknown (${mode})`;
}

/** GUID of Hyper-V's own replication provider. Source: `Msvm_ReplicationProvider.Name`, learn.microsoft.com. */
export const hyperVReplicaProviderId = "22391cdc-272c-4ddf-ba88-9befb1a0975c";
