import type { MethodReply } from "../../core/host/ports";
import type { RelationshipKind } from "../../core/hyperv/relationship";

/** The classes that are read, each with all its instances. */
export type ReadClass =
  | "Msvm_ComputerSystem"
  | "Msvm_ReplicationRelationship"
  | "Msvm_ReplicationSettingData"
  | "Msvm_ConcreteJob"
  | "Msvm_AffectedJobElement";

/** One replication relationship of a VM. */
export interface LinkRef {
  /** GUID in lower case. */
  readonly vmId: string;
  readonly kind: RelationshipKind;
}

/** The number at the end of a relationship's `InstanceID`. Source: `Msvm_ReplicationRelationship.InstanceID`, learn.microsoft.com. */
export const linkNumber: Readonly<Record<RelationshipKind, 0 | 1>> = { primary: 0, extended: 1 };

/**
 * The calls that every transport makes, in CIM terms: namespace `root\virtualization\v2`. Rows and output
 * parameters come back unchecked, in the one form that `rows.ts` describes. A client throws the transport and CIM errors of
 * `errors.ts`, repeats nothing that changes anything, and says with the error's effect whether a change may have been made.
 */
export interface CimClient {
  /** The name or address of the host, for messages. */
  readonly address: string;
  /** All instances of `Msvm_ReplicationService`, with the host's own clock, ISO 8601 UTC. */
  readService(signal: AbortSignal): Promise<{ readonly rows: readonly unknown[]; readonly at: string }>;
  /**
   * All instances of each of these classes: one query a class, in this order. With `vmId` (GUID in lower case) only those of
   * one VM, selected by their keys on the host.
   */
  readRows(
    classNames: readonly ReadClass[],
    signal: AbortSignal,
    vmId?: string,
  ): Promise<ReadonlyMap<ReadClass, readonly unknown[]>>;
  /** Output parameters of `GetReplicationStatisticsEx`; `undefined` when the host answers with anything but 0. */
  readStatistics(link: LinkRef, signal: AbortSignal): Promise<unknown>;
  /** `Msvm_ReplicationService.Resynchronize`, once. `startTime` is ISO 8601 UTC. */
  resynchronize(request: { vmId: string; startTime?: string }, signal: AbortSignal): Promise<MethodReply>;
  /** `Msvm_ComputerSystem.RequestReplicationStateChangeEx`, once. */
  requestStateChange(request: LinkRef & { requestedState: 3 | 7 | 9 }, signal: AbortSignal): Promise<MethodReply>;
  /** Ends the session; safe to call twice. */
  close(): Promise<void>;
}
