/** A VM of a simulated host. */
export interface MachineInput {
  /** Display name; need not be unique. */
  readonly name: string;
  /** GUID. Default: made from the names of the host and the VM, the same every time. */
  readonly id?: string | undefined;
  /** `ReplicationMode`. Default primary. */
  readonly mode?: "none" | "primary" | "replica" | "testReplica" | "extendedReplica" | undefined;
  /** A replica that is replicated on to an extended replica. Default false. */
  readonly extended?: boolean | undefined;
  /** `ReplicationState`, by name or number, of the relationship that would be resynchronized. Default replicating. */
  readonly state?: string | number | undefined;
  /** `ReplicationState` of an extended replica's relationship to its primary, with `extended`. Default replicating. */
  readonly primaryState?: string | number | undefined;
  /** `ReplicationHealth` of the relationship that `state` belongs to. Default: what goes with the state. */
  readonly health?: "notApplicable" | "ok" | "warning" | "critical" | undefined;
  /** Messages of its health issues. Default: a sentence when the health is not OK. */
  readonly healthReasons?: readonly string[] | undefined;
  /** Replication provider: Hyper-V's own (`hyperV`), or the GUID of another. Default hyperV. */
  readonly provider?: string | undefined;
  /** Sending end of the relationship that `state` belongs to. Default: this host, or an invented one. */
  readonly primaryHost?: string | undefined;
  /** Its receiving end. Default: this host, or an invented one. */
  readonly recoveryHost?: string | undefined;
  /** When changes were last received: ISO 8601 with offset, or `never`. Default: now while replicating, else an hour ago. */
  readonly lastReplicationTime?: string | undefined;
  /**
   * Recovery points of the replica. A resync deletes them; with every hour of replication one comes back, until there are
   * as many as before. Default 4.
   */
  readonly recoveryPoints?: number | undefined;
  /** The window, such as 18:30 to 06:00 of the host's local time, in which the host resynchronizes by itself. Default none. */
  readonly autoResync?: { readonly windowStart: string; readonly windowEnd: string } | undefined;
  /** `EnabledState`. Default running; for replicas off. */
  readonly enabledState?: "running" | "off" | "saved" | "paused" | undefined;
  /** A planned VM: there, and not listed as `Msvm_ComputerSystem`. Default false. */
  readonly planned?: boolean | undefined;
  /** What happens when it is resynchronized: one script for every call, or a list: one for each, the last for all later ones. */
  readonly resync?: ResyncInput | readonly ResyncInput[] | undefined;
}

/** What happens when `Resynchronize` is called. Durations are in the host's own time. */
export interface ResyncInput {
  /** From the accepted call (or the start time, or a free transfer) to the end, in seconds. Default 60. */
  readonly seconds?: number | undefined;
  /** How much of it passes before the relationship leaves state 9 for 10, in seconds; the job is "starting" then. Default 1. */
  readonly startDelaySeconds?: number | undefined;
  /** The last part of it, in which disks are merged and a cancel is refused, in seconds. Default 0. */
  readonly mergeSeconds?: number | undefined;
  /** The return value, whatever the state. Default: what the state asks for. 0 completes the resync at once. */
  readonly returnCode?: number | undefined;
  /** With a `returnCode` above 4096: the resync begins anyway (32771 and 32772 leave that open). Default false. */
  readonly startsAnyway?: boolean | undefined;
  /**
   * How it ends: job 7, 32768, 10, 8 or 9, or never. After the first two the relationship replicates, else it requires a
   * resynchronization again. Default success.
   */
  readonly end?: "success" | "warning" | "exception" | "terminated" | "killed" | "stuck" | undefined;
  /** `ReplicationState` after a resync that failed. Default resynchronizationRequired. */
  readonly stateAfterFailure?: string | number | undefined;
  /** `ErrorCode` of the ended job. Default 32768 for an exception, else 0. */
  readonly errorCode?: number | undefined;
  /** `ErrorDescription` of the ended job. Default: a sentence for a failure, else empty. */
  readonly errorDescription?: string | undefined;
  /**
   * `PercentComplete` over time: each value for an equal share of `seconds`; it may go backwards. Default: rises evenly
   * to 100, for a stuck resync to 50.
   */
  readonly percent?: readonly number[] | undefined;
}
