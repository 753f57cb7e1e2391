import { ReplicaResyncError } from "../errors";
import type { Observation } from "../host/observe";
import type { RelationshipReading } from "../host/ports";
import {
  hyperVReplicaProviderId,
  type RelationshipKind,
  replicationMode,
  replicationModeName,
} from "../hyperv/relationship";

/** The link that may be resynchronized from here, or why there is none. */
export type RoleCheck =
  | { readonly link: RelationshipReading; readonly refusal?: undefined }
  | { readonly link?: undefined; readonly refusal: ReplicaResyncError };

/**
 * Whether the machine's role on this host lets the link of this kind be resynchronized from here: a primary
 * resynchronizes its replica, a replica its extended replica. Pure.
 * @returns the link, or the refusal.
 */
export function checkRole({ service, vm, link }: Observation, kind: RelationshipKind): RoleCheck {
  const context = { host: service.hostName, vm: vm.vmName, step: "decide" };
  const refuse = (message: string, remedy: string): RoleCheck => ({
    refusal: new ReplicaResyncError("REFUSED", message, { context, remedy }),
  });
  const anyLink = link ?? vm.relationships[0];
  const ask = (host: string | undefined, fallback: string): string =>
    host === undefined ? fallback : `Ask ${host} instead`;

  switch (vm.replicationMode) {
    case replicationMode.none:
      return refuse("it is not replicated", "Enable replication for the machine first");
    case replicationMode.testReplica:
      return refuse("it is a test replica", "Name the machine itself, not the copy of its test failover");
    case replicationMode.extendedReplica:
      return refuse("it is an extended replica here", ask(anyLink?.primaryHost, "Ask the host of its replica instead"));
    case replicationMode.primary:
      if (kind === "primary") break;
      return refuse(
        "it is the primary here, and an extended link starts at the replica",
        ask(anyLink?.recoveryHost, "Ask the host of its replica instead"),
      );
    case replicationMode.replica:
      if (kind === "extended") break;
      return refuse(
        "it is the replica here, and its primary has to be asked",
        ask(anyLink?.primaryHost, "Ask the host of its primary instead"),
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
      : refuse("it has no replication relationship", "Enable replication for the machine first");
  }
  if (link.providerId !== undefined && link.providerId !== hyperVReplicaProviderId) {
    return refuse(
      `it is replicated by another provider (${link.providerId})`,
      "Only Hyper-V's own replication can be resynchronized this way; use the tools of that provider, Azure Site Recovery for example",
    );
  }
  return { link };
}
