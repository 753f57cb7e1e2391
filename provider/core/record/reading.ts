import type { Observation } from "../host/observation";
import type { JobReading, RelationshipReading, VmReplicationReading } from "../host/ports";
import { jobStates } from "../hyperv/jobState";
import { hasHealthReasons, resynchronizingState, showsResync } from "../hyperv/replicationState";
import type { ResyncRecord } from "./record";

/** The record under what was read of its VM at `observedAt`. What was not asked for stays as it was. */
export function withReading(
  record: ResyncRecord,
  vm: VmReplicationReading,
  link: RelationshipReading | undefined,
  observedAt: string,
): ResyncRecord {
  const read = { ...record, ...fromReading(vm, link), observedAt };
  return showsResync(read.replicationState) ? withEvidence(read, { sawResync: true }) : read;
}

/** The record under what was read now. */
export function asRead(record: ResyncRecord, { service, vm, link }: Observation): ResyncRecord {
  return { ...withReading(record, vm, link, service.hostTime), hostName: service.hostName };
}

/** What a reading of VM and relationship says in a record. */
export function fromReading(vm: VmReplicationReading, link: RelationshipReading | undefined) {
  const healthReasons = link === undefined || !hasHealthReasons(link) ? [] : link.healthReasons;
  return {
    vmId: vm.vmId,
    vmName: vm.vmName,
    replicationMode: vm.replicationMode,
    replicationState: link === undefined ? null : link.replicationState,
    replicationHealth: link === undefined ? 0 : link.replicationHealth,
    ...(healthReasons !== undefined && { healthReasons }),
    ...(link?.primaryHost !== undefined && { primaryHost: link.primaryHost }),
    ...(link?.recoveryHost !== undefined && { recoveryHost: link.recoveryHost }),
    ...(link?.lastReplicationTime !== undefined && { lastReplicationTime: link.lastReplicationTime }),
  };
}

/** The record with what was read of its job; as it was when there is none. */
export function withJob(record: ResyncRecord, job: JobReading | undefined): ResyncRecord {
  if (job === undefined) return record;
  const { jobErrorDescription: _before, ...other } = record;
  return withEvidence(
    {
      ...other,
      jobId: job.jobId,
      jobState: job.jobState,
      jobErrorCode: job.errorCode,
      ...(job.errorDescription !== "" && { jobErrorDescription: job.errorDescription }),
      percentComplete: job.percentComplete,
      ...(job.startTime !== undefined && { startedAt: job.startTime }),
    },
    { sawJob: true },
  );
}

/** The record with other evidence. */
export function withEvidence(record: ResyncRecord, evidence: Partial<ResyncRecord["evidence"]>): ResyncRecord {
  return { ...record, evidence: { ...record.evidence, ...evidence } };
}

/** Whether the record says that the relationship was being resynchronized when it was last read. */
export function isResynchronizing({ replicationState }: Pick<ResyncRecord, "replicationState">): boolean {
  return replicationState === resynchronizingState;
}

/**
 * Whether the record is evidence that the relationship was seen being resynchronized, by what the host shows now: a job of
 * another id is another resync, of which nothing was seen.
 */
export function sawResync({ jobId, evidence }: ResyncRecord, job?: JobReading): boolean {
  if (job !== undefined && jobId !== undefined && job.jobId !== jobId) return false;
  return evidence.sawResync;
}

/** Whether the job had ended well when the relationship was still being resynchronized: its end is not the end then. */
export function outlivesItsJob(record: ResyncRecord): boolean {
  return isResynchronizing(record) && jobStates.get(record.jobState ?? 0)?.isSuccess === true;
}
