import { ReplicaResyncError } from "../errors";
import type { Observation } from "../host/observation";
import type { RelationshipReading } from "../host/ports";
import {
  hyperVReplicaProviderId,
  type RelationshipKind,
  replicationMode,
  replicationModeName,
} from "../hyperv/relationship";

/** The relationship that may be resynchronized from here, or why there is none. */
export type RoleCheck =
  | { readonly link: RelationshipReading; readonly refusal?: undefined }
  | { readonly link?: undefined; readonly refusal: ReplicaResyncError };

/**
 * Whether the VM's role on this host lets the relationship of this kind be resynchronized from here: a primary
 * resynchronizes its replica, a replica its extended replica. Pure.
 * @returns the relationship, or the refusal.
 */
export function checkRole({ service, vm, link }: Observation, kind: RelationshipKind): RoleCheck {
  const context = { host: service.hostName, vm: vm.vmName, step: "decide" };
  const refuse = (message: string, remedy: string): RoleCheck => ({
    refusal: new ReplicaResyncError("REFUSED", message, { context, remedy }),
  });
  const anyLink = link ?? vm.relationships[0];
  const ask = (host: string | undefined, fallback: string): string =>
    host === undefined ? fallback : `Set connection.host to ${host}`;

  switch (vm.replicationMode) {
    case replicationMode.none:
      return refuse("it is not replicated", "Enable replication for the VM first");
    case replicationMode.testReplica:
      return refuse("it is a test replica", "Set vm to the VM itself, not to the copy of its test failover");
    case replicationMode.extendedReplica:
      return refuse(
        "it is an extended replica here",
        ask(anyLink?.primaryHost, "Set connection.host to the host of its replica"),
      );
    case replicationMode.primary:
      if (kind === "primary") break;
      return refuse(
        "it is the primary here, and an extended relationship starts at the replica",
        ask(anyLink?.recoveryHost, "Set connection.host to the host of its replica"),
      );
    case replicationMode.replica:
      if (kind === "extended") break;
      return refuse(
        "it is the replica here, and its primary must be asked",
        ask(anyLink?.primaryHost, "Set connection.host to the host of its primary"),
      );
    default:
      return {
        refusal: new ReplicaResyncError(
          "UNEXPECTED_STATE",
          `ReplicationMode ${replicationModeName(vm.replicationMode)} is not one this version knows`,
          { effect: "none", context, remedy: "Report this as a bug of the package" },
        ),
      };
  }
  if (link === undefined) {
    return kind === "extended"
      ? refuse("it has no extended replica", "Extend the replication first, or leave out `relationship`")
      : refuse("it has no replication relationship", "Enable replication for the VM first");
  }
  if (link.providerId !== undefined && link.providerId !== hyperVReplicaProviderId) {
    return refuse(
      `it is replicated by another provider (${link.providerId})`,
      "Only Hyper-V's own replication can be resynchronized this way; use the tools of that provider, Azure Site Recovery for example",
    );
  }
  return { link };
}
