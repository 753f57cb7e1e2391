import { ReplicaResyncError } from "../errors";
import type { RelationshipKind } from "../hyperv/relationship";
import { isRunningResync } from "../hyperv/resyncJob";
import type { JobReading, RelationshipReading, ServiceReading, VmReplicationReading } from "./ports";

/** A host as it was read at one time: what everybody who asked then shares. */
export interface HostReading {
  /** Absent when the management service does not run. */
  readonly service: ServiceReading | undefined;
  /** Every VM that the account sees, by GUID. */
  readonly vms: ReadonlyMap<string, VmReplicationReading>;
  /** Every job on the host that has to do with a resync. */
  readonly jobs: readonly JobReading[];
}

/** All that a reading says of one VM. */
export interface Observation {
  readonly service: ServiceReading;
  readonly vm: VmReplicationReading;
  /** The relationship that is to be resynchronized; absent when the VM has none of that kind. */
  readonly link: RelationshipReading | undefined;
  /** The VM's jobs that have to do with a resync. */
  readonly jobs: readonly JobReading[];
}

/** A reading that says nothing of a VM: the service did not answer, or did not show it. */
export interface NotShown {
  readonly notShown: "service" | "vm";
  readonly service: ServiceReading | undefined;
}

/** What a reading says of one VM and one of its relationships. */
export function lookAt(
  { service, vms, jobs }: HostReading,
  vmId: string,
  kind: RelationshipKind,
): Observation | NotShown {
  if (service === undefined) return { notShown: "service", service };
  const vm = vms.get(vmId);
  if (vm === undefined) return { notShown: "vm", service };
  return {
    service,
    vm,
    link: vm.relationships.find((link) => link.kind === kind),
    jobs: jobs.filter((job) => job.vmId === vmId),
  };
}

/**
 * What a reading says of one VM that has to be there. `address`: the host's, for messages.
 * @throws ReplicaResyncError `REFUSED` when the management service does not run, `NOT_FOUND` when the VM is not there.
 */
export function observationOf(
  reading: HostReading,
  vmId: string,
  kind: RelationshipKind,
  address: string,
): Observation {
  const look = lookAt(reading, vmId, kind);
  if (!("notShown" in look)) return look;
  if (look.notShown === "service") throw noService(address);
  throw vmNotFound(address, vmId, reading.vms.size, []);
}

/** The error of a host whose management service does not run. */
export function noService(address: string): ReplicaResyncError {
  return new ReplicaResyncError("REFUSED", "the host's replication service is not available", {
    context: { host: address, step: "read the replication service" },
    remedy:
      "Start the Hyper-V Virtual Machine Management service (vmms) on the host, and check that the Hyper-V role is installed",
  });
}

/** The error of a VM that is not there. `nearest`: names that resemble the one looked for. */
export function vmNotFound(
  address: string,
  wanted: string,
  visibleVms: number,
  nearest: readonly string[],
): ReplicaResyncError {
  const context = { host: address, vm: wanted, step: "find the VM" };
  if (visibleVms === 0) {
    return new ReplicaResyncError("NOT_FOUND", "no such VM; the account sees no VM at all", {
      context,
      remedy:
        "Missing rights look like this: add the account to the Hyper-V Administrators group (S-1-5-32-578) on this host",
    });
  }
  const meant = nearest.length === 0 ? "" : `; did you mean ${nearest.join(", ")}`;
  return new ReplicaResyncError("NOT_FOUND", `no such VM among the ${visibleVms} that the account sees${meant}`, {
    context,
    remedy: "Only this host was searched: if the VM is on another one, set connection.host to that",
  });
}

/** The job of a resync that runs on this relationship now, whoever started it. */
export function findRunning({ jobs, service }: Observation, kind: RelationshipKind): JobReading | undefined {
  return jobs.find((job) => isRunningResync(job, kind, service.hostTime));
}

/** Jobs that are there before a call: none of them is the one it makes. */
export function jobIdsOf({ jobs }: Observation): ReadonlySet<string> {
  return new Set(jobs.map(({ jobId }) => jobId));
}
