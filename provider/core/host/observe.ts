import { ReplicaResyncError } from "../errors";
import { jobStates } from "../hyperv/jobState";
import type {
  CallOptions,
  JobReading,
  RelationshipReading,
  ReplicationHost,
  ServiceReading,
  VmReading,
  VmReplicationReading,
  VmSelector,
} from "./ports";
import { type RelationshipKind, resyncJobType } from "../hyperv/relationship";

/** All that is known of one machine on its host at one moment. */
export interface Observation {
  readonly service: ServiceReading;
  readonly vm: VmReplicationReading;
  /** The link that is to be resynchronized; absent when the machine has none of that kind. */
  readonly link: RelationshipReading | undefined;
  /** The machine's jobs that have to do with a resync. */
  readonly jobs: readonly JobReading[];
}

/**
 * Finds the one machine that a name or GUID means.
 * @throws {@link ReplicaResyncError} when the host is not ready or several machines have the name,
 * {@link ReplicaResyncError} when there is none.
 */
export async function resolveVm(
  host: ReplicationHost,
  selector: VmSelector,
  options: CallOptions,
): Promise<{ readonly vm: VmReading; readonly hostName: string }> {
  const { hostName } = await readService(host, options);
  const search = await host.findVms(selector, options);
  const [first, ...others] = search.matches;
  const wanted = "vmId" in selector ? selector.vmId : selector.vmName;
  const context = { host: host.address, vm: wanted, step: "find the machine" };
  if (first === undefined) throw notFound(host, wanted, search.visibleVms, search.nearestNames);
  if (others.length > 0) {
    const ids = search.matches.map((vm) => vm.vmId).join(", ");
    throw new ReplicaResyncError("REFUSED", `${search.matches.length} machines have this name: ${ids}`, {
      context,
      remedy: "Name the machine by its GUID",
    });
  }
  return { vm: first, hostName };
}

/**
 * Reads service, machine, links and jobs of a machine whose GUID is known.
 * @throws {@link ReplicaResyncError} when the host is not ready, {@link ReplicaResyncError} when the machine is not there.
 */
export async function observe(
  host: ReplicationHost,
  vmId: string,
  kind: RelationshipKind,
  options: CallOptions,
): Promise<Observation> {
  // The service last: a reading that its end has torn apart is none, and no job of it began later than its time.
  const allJobs = await host.readResyncJobs(options);
  const vm = (await host.readReplication([vmId], options)).get(vmId);
  const service = await readService(host, options);
  if (vm === undefined) {
    const search = await host.findVms({ vmId }, options);
    throw notFound(host, vmId, search.visibleVms, search.nearestNames);
  }
  const jobs = allJobs.filter((job) => job.vmId === vmId);
  return { service, vm, link: vm.relationships.find((link) => link.kind === kind), jobs };
}

/**
 * Reads the replication service.
 * @throws {@link ReplicaResyncError} when the management service does not run.
 */
export async function readService(host: ReplicationHost, options: CallOptions): Promise<ServiceReading> {
  const service = await host.readService(options);
  if (service !== undefined) return service;
  throw new ReplicaResyncError("REFUSED", "the host has no replication service to ask", {
    context: { host: host.address, step: "read the replication service" },
    remedy:
      "Start the Hyper-V Virtual Machine Management service (vmms) there, and check that the Hyper-V role is installed",
  });
}

function notFound(
  host: ReplicationHost,
  wanted: string,
  visibleVms: number,
  nearest: readonly string[],
): ReplicaResyncError {
  const context = { host: host.address, vm: wanted, step: "find the machine" };
  if (visibleVms === 0) {
    return new ReplicaResyncError("NOT_FOUND", "no such machine; the account sees no machine at all", {
      context,
      remedy:
        "That is what missing rights look like: put the account into Hyper-V Administrators (S-1-5-32-578) on this host",
    });
  }
  const meant = nearest.length === 0 ? "" : `; did you mean ${nearest.join(", ")}`;
  return new ReplicaResyncError("NOT_FOUND", `no such machine among the ${visibleVms} the account sees${meant}`, {
    context,
    remedy: "Looked on this host only; if the machine is clustered, name the nodes in `hosts`",
  });
}

/**
 * A job that begins at once carries the moment as its start time, and the host's clock may be read a little before the
 * jobs and in whole seconds: what lies ahead by less than this runs.
 */
const aheadToleranceMs = 5_000;

/** Whether a job waits for a start time that is still ahead on the host's own clock. */
export function isScheduledAhead(job: JobReading, hostTime: string): boolean {
  return (
    job.scheduledStartTime !== undefined && Date.parse(job.scheduledStartTime) > Date.parse(hostTime) + aheadToleranceMs
  );
}

/** Whether a job is a resync of this link that has not ended and does not wait for a start time ahead. */
export function isRunningResync(job: JobReading, kind: RelationshipKind, hostTime: string): boolean {
  const state = jobStates.get(job.jobState);
  return job.jobType === resyncJobType[kind] && state?.isTerminal === false && !isScheduledAhead(job, hostTime);
}

/** The job of a resync that runs on this link now, whoever started it. */
export function findRunning({ jobs, service }: Observation, kind: RelationshipKind): JobReading | undefined {
  return jobs.find((job) => isRunningResync(job, kind, service.hostTime));
}

/** Whether two times are the same to the second; one that is not there is the same as none. */
export function sameSecond(one: string | undefined, other: string | undefined): boolean {
  return secondOf(one) === secondOf(other);
}

/** No number, which equals none, for a time that is not there. */
function secondOf(time: string | undefined): number {
  return Math.floor(Date.parse(time ?? "") / 1_000);
}

/** Jobs that are there before a call: none of them is the one it makes. */
export function jobIdsOf({ jobs }: Observation): ReadonlySet<string> {
  return new Set(jobs.map(({ jobId }) => jobId));
}
