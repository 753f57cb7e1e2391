/** The states by number, as outputs and messages name them. */
export const replicationStateNames = [
  "disabled",
  "readyForReplication",
  "waitingToCompleteInitialReplication",
  "replicating",
  "syncedReplicationComplete",
  "recovered",
  "committed",
  "suspended",
  "critical",
  "resynchronizationRequired",
  "resynchronizing",
  "resynchronizationSuspended",
  "failoverInProgress",
  "failbackInProgress",
  "failbackComplete",
  "diskUpdateInProgress",
  "diskUpdateCritical",
  "unknown",
  "repurposeReplicationInProgress",
  "preparedForSyncReplication",
  "preparedForGroupReverseReplication",
  "firedrillInProgress",
] as const;

/** `none`: there is no relationship; `unknown (n)`: a number that this version does not know. */
export type ReplicationStateName = (typeof replicationStateNames)[number] | "none" | `unknown (${number})`;

/** What a relationship in this state means for a request that has not been made yet. */
export type Readiness = "needsResync" | "healthy" | "suspended" | "resynchronizing" | "refused";

/** What a relationship in this state means for a resync that is waited for. */
export type WaitMeaning =
  "done" | "running" | "paused" | "waiting" | "fellBack" | "failedOver" | "ended" | "removed" | "unexpected";

/** A `ReplicationState` with what it means before and during a resync. */
export interface ReplicationState {
  readonly name: (typeof replicationStateNames)[number];
  readonly readiness: Readiness;
  readonly whileWaiting: WaitMeaning;
  /** What to do before a resync can be asked for; not for states in which it can be, or is under way. */
  readonly remedy?: string;
}

const finishInitial = "Let the initial replication finish first";
const finishFailover = "Complete or cancel the failover first, then set the direction of replication";

/**
 * The 22 values of `Msvm_ReplicationRelationship.ReplicationState`. Source: "Msvm_ReplicationRelationship class",
 * learn.microsoft.com. The numbers of the PowerShell module are others.
 */
export const replicationStates: ReadonlyMap<number, ReplicationState> = new Map<number, ReplicationState>([
  [0, refused("disabled", "removed", "Enable replication for the VM first")],
  [1, refused("readyForReplication", "ended", finishInitial)],
  [2, refused("waitingToCompleteInitialReplication", "ended", finishInitial)],
  [3, { name: "replicating", readiness: "healthy", whileWaiting: "done" }],
  [4, refused("syncedReplicationComplete", "failedOver", finishFailover)],
  [5, refused("recovered", "failedOver", finishFailover)],
  [6, refused("committed", "failedOver", finishFailover)],
  [
    7,
    {
      name: "suspended",
      readiness: "suspended",
      whileWaiting: "paused",
      remedy: "Resume replication: Resume-VMReplication",
    },
  ],
  [8, refused("critical", "fellBack", "Resume replication first: Resume-VMReplication")],
  [9, { name: "resynchronizationRequired", readiness: "needsResync", whileWaiting: "waiting" }],
  [10, { name: "resynchronizing", readiness: "resynchronizing", whileWaiting: "running" }],
  [
    11,
    refused(
      "resynchronizationSuspended",
      "paused",
      "Let the paused resynchronization continue: Resume-VMReplication -Continue",
    ),
  ],
  [12, refused("failoverInProgress", "failedOver", finishFailover)],
  [13, refused("failbackInProgress", "failedOver", finishFailover)],
  [14, refused("failbackComplete", "failedOver", finishFailover)],
  [15, refused("diskUpdateInProgress", "waiting", "Let the change of the replicated disks finish first")],
  [16, refused("diskUpdateCritical", "ended", "Repair the failed change of the replicated disks first")],
  [17, refused("unknown", "unexpected", "The host does not know the state itself: look at it in Hyper-V Manager")],
  [18, refused("repurposeReplicationInProgress", "ended", "Let the operation that runs finish first")],
  [19, refused("preparedForSyncReplication", "ended", "Let the operation that runs finish first")],
  [20, refused("preparedForGroupReverseReplication", "ended", "Let the group's reverse replication finish first")],
  [21, refused("firedrillInProgress", "ended", "Let the test failover of the group finish first")],
]);

/** State in which a relationship requires a resync. */
export const needsResyncState = 9;
/** State of a relationship that replicates normally. */
export const replicatingState = 3;
/** State of a relationship that was suspended. */
export const suspendedState = 7;
/** State of a relationship that is being resynchronized. */
export const resynchronizingState = 10;
/** State of a relationship whose resync was paused: it was being resynchronized before. */
const resyncPausedState = 11;

/** Whether a state shows that a resync has begun and not ended: it runs, or is paused. */
export function showsResync(state: number | null): boolean {
  return state === resynchronizingState || state === resyncPausedState;
}

function refused(name: ReplicationState["name"], whileWaiting: WaitMeaning, remedy: string): ReplicationState {
  return { name, readiness: "refused", whileWaiting, remedy };
}

/** The name of a raw `ReplicationState`, for outputs and messages; `null`: there is no relationship. */
export function replicationStateName(value: number | null): ReplicationStateName {
  return value === null ? "none" : (replicationStates.get(value)?.name ?? `unknown (${value})`);
}

/** A raw `ReplicationState` by number and name, for messages. */
export function describeState(value: number): string {
  return `${value} (${replicationStates.get(value)?.name ?? "not a known state"})`;
}

/** `ReplicationHealth` by value. Source: "Msvm_ReplicationRelationship class", learn.microsoft.com. */
export const replicationHealthNames = ["notApplicable", "ok", "warning", "critical"] as const;

export type ReplicationHealthName = (typeof replicationHealthNames)[number] | `unknown (${number})`;

/** The name of a raw `ReplicationHealth`, for outputs. */
export function replicationHealthName(value: number): ReplicationHealthName {
  return replicationHealthNames[value] ?? `unknown (${value})`;
}

/** `ReplicationHealth` of a relationship that has nothing to complain of. */
const healthOk = 1;

/** Whether a host has reasons to give for the health of a relationship: one that is being resynchronized gave them before. */
export function hasHealthReasons({
  replicationHealth,
  replicationState,
}: {
  readonly replicationHealth: number;
  readonly replicationState: number;
}): boolean {
  return replicationHealth > healthOk && replicationState !== resynchronizingState;
}
