import type { RelationshipKind } from "../hyperv/relationship";

/** What every read or call against a host is given. */
export interface CallOptions {
  /** Ends the call with an error as soon as it is aborted. */
  readonly signal: AbortSignal;
}

/** The host's replication service, as one reading. Source: `Msvm_ReplicationService`, learn.microsoft.com. */
export interface ServiceReading {
  /** The computer's own name (`SystemName`). */
  readonly hostName: string;
  /** The host's own clock at the time of the reading, ISO 8601 UTC. */
  readonly hostTime: string;
}

/** One virtual machine, as one reading. Source: `Msvm_ComputerSystem`. */
export interface VmReading {
  /** The VM's GUID in lower case, without braces (`Name`). */
  readonly vmId: string;
  /** Display name (`ElementName`); not unique on a host. */
  readonly vmName: string;
  /** Raw `ReplicationMode`: 0 none, 1 primary, 2 replica, 3 test replica, 4 extended replica. */
  readonly replicationMode: number;
  /** Raw `EnabledState`: 2 running, 3 off, 6 saved, 9 paused. */
  readonly enabledState: number;
}

/** One replication relationship of a VM, as one reading. Source: `Msvm_ReplicationRelationship`, `Msvm_ReplicationSettingData`. */
export interface RelationshipReading {
  readonly kind: RelationshipKind;
  /** Raw `ReplicationState`, 0 to 21. */
  readonly replicationState: number;
  /** Raw `ReplicationHealth`: 0 not applicable, 1 OK, 2 warning, 3 critical. */
  readonly replicationHealth: number;
  /** Why it is not well; absent when it was not asked for. */
  readonly healthReasons?: readonly string[];
  /** When the recovery side last received changes, ISO 8601 UTC; absent for "never". */
  readonly lastReplicationTime?: string;
  /** `PrimaryHostSystem` and `RecoveryHostSystem` of this relationship. */
  readonly primaryHost?: string;
  readonly recoveryHost?: string;
  /** GUID of the replication provider in lower case; absent when the host does not say. */
  readonly providerId?: string;
  /** The host's own automatic resynchronization, when it is switched on. */
  readonly autoResync?: { readonly windowStart: string; readonly windowEnd: string };
}

/** A VM with the relationships it has: none when it is not replicated. */
export interface VmReplicationReading extends VmReading {
  readonly relationships: readonly RelationshipReading[];
}

/** One job that belongs to a VM, as one reading. Source: `Msvm_ConcreteJob`. */
export interface JobReading {
  /** `InstanceID`. */
  readonly jobId: string;
  readonly vmId: string;
  /** Raw `JobType`: 107 resynchronizing, 117 initial replication of a seeded replica, 121 resynchronizing extended replication. */
  readonly jobType: number;
  /** Raw `JobState`. */
  readonly jobState: number;
  /** 0 to 100. */
  readonly percentComplete: number;
  /** Raw `ErrorCode`, 0 when there is none. */
  readonly errorCode: number;
  /** `ErrorDescription`, in the host's language; empty when there is none. */
  readonly errorDescription: string;
  /** ISO 8601 UTC. */
  readonly startTime?: string;
  readonly scheduledStartTime?: string;
  readonly timeOfLastStateChange?: string;
}

/** What a CIM method answered. */
export interface MethodReply {
  /** The raw `ReturnValue`. */
  readonly returnCode: number;
  /** `InstanceID` of the job, when the method made one (return value 4096). */
  readonly jobId?: string;
}

/**
 * A Hyper-V host, in Hyper-V's words. Implementations move data: they never wait for a job, never repeat
 * {@link startResync}, hold no policy, and throw only the transport and CIM errors of `errors.ts`.
 */
export interface ReplicationHost {
  /** The name or address the user gave for the host, for messages. */
  readonly address: string;
  /** The replication service, or `undefined` when the management service does not run. */
  readService(options: CallOptions): Promise<ServiceReading | undefined>;
  /** Every VM with its relationships, by GUID: one query per class. Without rights it is empty, there is no error. */
  readVms(options: CallOptions): Promise<ReadonlyMap<string, VmReplicationReading>>;
  /** One VM, read by its keys; `undefined` when it is not there. */
  readVm(vmId: string, options: CallOptions): Promise<VmReplicationReading | undefined>;
  /** Why a relationship is not well: messages of its `ReplicationHealthIssues`; empty when there are none. One call each. */
  readHealthReasons(link: { vmId: string; kind: RelationshipKind }, options: CallOptions): Promise<readonly string[]>;
  /** Every job on the host that has to do with a resync (types 107, 117, 121), whoever started it, ended ones too. */
  readResyncJobs(options: CallOptions): Promise<readonly JobReading[]>;
  /**
   * Calls `Msvm_ReplicationService.Resynchronize` once. `startTime` is ISO 8601 UTC; left out: at once.
   * An error with effect `unknown` means that the call may have reached the host.
   */
  startResync(request: { vmId: string; startTime?: string }, options: CallOptions): Promise<MethodReply>;
  /** Calls `Msvm_ComputerSystem.RequestReplicationStateChangeEx` once: 3 resume, 7 suspend, 9 cancel a resync. */
  requestReplicationState(
    request: { vmId: string; kind: RelationshipKind; requestedState: 3 | 7 | 9 },
    options: CallOptions,
  ): Promise<MethodReply>;
  /** Ends sessions; safe to call twice. */
  close(): Promise<void>;
}

/** Time as the wait sees it. The simulated host brings its own, so that both sides share one clock. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `delayMs` of this clock, rejects with the signal's reason as soon as it is aborted. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** An observer of the wait: it may show things, never steer. It must not throw. */
export interface ProgressSink {
  /** What is happening now; shown beside the resource and overwritten by the next. */
  status(message: string): void;
  /** A sentence that stays in the run's output. */
  info(message: string): void;
  /** A sentence that stays in the run's output, as a warning. */
  warn(message: string): void;
}
