import type { RelationshipKind } from "../hyperv/relationship";
import { hasHealthReasons } from "../hyperv/replicationState";
import { type HostReading, type Observation, observationOf } from "./observation";
import type { CallOptions, ReplicationHost, VmReplicationReading } from "./ports";

/**
 * Reads one VM by its keys, and all jobs: the look right before a call, and after one whose fate is not known. It costs a
 * host with a thousand VMs as little as one with two.
 */
export async function readVmByKey(host: ReplicationHost, vmId: string, options: CallOptions): Promise<HostReading> {
  // The service last: a reading that its end has torn apart is none, and no job of it began later than its time.
  const jobs = await host.readResyncJobs(options);
  const vm = await host.readVm(vmId, options);
  const service = await host.readService(options);
  if (service === undefined) return { service, vms: new Map<string, VmReplicationReading>(), jobs: [] };
  // The error for a VM that is not there says how many the account sees.
  return { service, vms: vm === undefined ? await host.readVms(options) : new Map([[vm.vmId, vm]]), jobs };
}

/**
 * Reads one VM by its keys.
 * @throws ReplicaResyncError `REFUSED` when the management service does not run, `NOT_FOUND` when the VM is not there.
 */
export async function observeVm(
  host: ReplicationHost,
  vmId: string,
  kind: RelationshipKind,
  options: CallOptions,
): Promise<Observation> {
  return observationOf(await readVmByKey(host, vmId, options), vmId, kind, host.address);
}

/**
 * An observation with what the host says of a relationship that is not well. It only decorates: where it cannot be read,
 * the observation stays as it is.
 */
export async function withHealthReasons(
  observation: Observation,
  host: ReplicationHost,
  options: CallOptions,
): Promise<Observation> {
  const { link, vm } = observation;
  if (link === undefined) return observation;
  try {
    const { kind } = link;
    const healthReasons = hasHealthReasons(link) ? await host.readHealthReasons({ vmId: vm.vmId, kind }, options) : [];
    return { ...observation, link: { ...link, healthReasons } };
  } catch {
    return observation;
  }
}
