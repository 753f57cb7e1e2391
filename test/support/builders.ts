import type { HostReading, Observation } from "../../provider/core/host/observation";
import type {
  JobReading,
  RelationshipReading,
  ServiceReading,
  VmReading,
  VmReplicationReading,
} from "../../provider/core/host/ports";
import type { ResyncRecord } from "../../provider/core/record/record";
import type { ResyncRequest } from "../../provider/core/record/request";
import { type Awaited, nothingSeen, type Seen } from "../../provider/core/wait/awaited";
import { atSecond } from "./fakeClock";

/** GUID of the VM that tests are about when they do not say otherwise. */
export const vmId = "6f1f0a9c-52a7-4c0e-9f5e-0b2c6f3d1a11";
/** GUID of another VM. */
export const otherVmId = "b7c2e3d4-1111-4222-8333-94a5b6c7d8e9";

export function service(more: Partial<ServiceReading> = {}): ServiceReading {
  return { hostName: "HV01", hostTime: atSecond(0), ...more };
}

/** A primary that runs. */
export function vm(more: Partial<VmReading> = {}): VmReading {
  return { vmId, vmName: "web01", replicationMode: 1, enabledState: 2, ...more };
}

/** The ordinary relationship, which requires a resync. */
export function link(more: Partial<RelationshipReading> = {}): RelationshipReading {
  return {
    kind: "primary",
    replicationState: 9,
    replicationHealth: 3,
    healthReasons: [],
    primaryHost: "HV01",
    recoveryHost: "HV02",
    ...more,
  };
}

export function vmWith(
  relationships: readonly RelationshipReading[],
  more: Partial<VmReading> = {},
): VmReplicationReading {
  return { ...vm(more), relationships };
}

/** A resync that runs since the beginning. */
export function job(more: Partial<JobReading> = {}): JobReading {
  return {
    jobId: "job-1",
    vmId,
    jobType: 107,
    jobState: 4,
    percentComplete: 0,
    errorCode: 0,
    errorDescription: "",
    startTime: atSecond(0),
    ...more,
  };
}

/** A VM as it is observed: by default a primary in state 9 without jobs. */
export function observation({
  replicationState = 9,
  ...more
}: { replicationState?: number | null } & Partial<Observation> = {}): Observation {
  const links = replicationState === null ? [] : [link({ replicationState })];
  return { service: service(), vm: vmWith(links), link: links[0], jobs: [], ...more };
}

/** A reading of a host that shows one VM. */
export function reading({ service: read, vm: shown, jobs }: Observation): HostReading {
  return { service: read, vms: new Map([[shown.vmId, shown]]), jobs };
}

export function request(more: Partial<ResyncRequest> = {}): ResyncRequest {
  return {
    selector: { vmName: "web01" },
    kind: "primary",
    policy: "ifRequired",
    wait: "completed",
    timeoutMs: 86_400_000,
    stalledAfterMs: 3_600_000,
    onTimeout: "leave",
    maxConcurrentResyncs: 3,
    ...more,
  };
}

export function awaited(more: Partial<Awaited> = {}): Awaited {
  return { kind: "primary", jobId: "job-1", olderJobIds: new Set(), ...more };
}

export function seen(more: Partial<Seen> = {}): Seen {
  return { ...nothingSeen, ...more };
}

/** What is known of a resync of which nothing was seen yet. */
export const noEvidence: ResyncRecord["evidence"] = { sawResync: false, sawJob: false, suspendedByUs: false };

/** A request that was accepted and is waited for. */
export function record(more: Partial<ResyncRecord> = {}): ResyncRecord {
  return {
    outcome: "started",
    requestId: "request-0",
    adopted: false,
    attempts: 1,
    vmId,
    vmName: "web01",
    hostName: "HV01",
    evidence: noEvidence,
    replicationMode: 1,
    requestedAt: atSecond(0),
    observedAt: atSecond(0),
    replicationStateBefore: 9,
    replicationState: 9,
    replicationHealth: 3,
    healthReasons: [],
    failuresInRow: 0,
    warnings: [],
    ...more,
  };
}

/** A request that has ended badly, and may be tried again. */
export function failedRecord(more: Partial<ResyncRecord> = {}): ResyncRecord {
  return record({
    outcome: "failed",
    reason: "the resynchronization ended without success",
    failuresInRow: 1,
    failingSince: atSecond(-600),
    nextAttemptAt: atSecond(-300),
    ...more,
  });
}
