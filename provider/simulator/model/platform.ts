import { linkHealth } from "../scenario/stateNames";

/** Numbers of the platform that the model works with. Sources: the named class or method pages, learn.microsoft.com. */

/** The part of `Msvm_ReplicationRelationship.ReplicationState` that the model reacts to. */
export const linkState = {
  disabled: 0,
  initialReplication: 2,
  replicating: 3,
  suspended: 7,
  critical: 8,
  required: 9,
  resynchronizing: 10,
  resyncSuspended: 11,
} as const;

/** `Msvm_ConcreteJob.JobState`; 12 from `CIM_ConcreteJob`, 32768 from the enumeration in Microsoft's Hyper-V samples. */
export const jobState = {
  new: 2,
  starting: 3,
  running: 4,
  suspended: 5,
  queryPending: 12,
  completed: 7,
  terminated: 8,
  killed: 9,
  exception: 10,
  completedWithWarnings: 32768,
} as const;

/** `Msvm_ConcreteJob.JobType`, the part that the model makes: 96 is "replicate state change", 111 "get statistics". */
export const jobType = {
  stateChange: 96,
  resync: 107,
  statistics: 111,
  seededInitial: 117,
  extendedResync: 121,
} as const;

/** Return values of `Resynchronize` and `RequestReplicationStateChangeEx` ("Return value" of both method pages). */
export const returnValue = {
  completed: 0,
  jobStarted: 4096,
  failed: 32768,
  accessDenied: 32769,
  notSupported: 32770,
  statusUnknown: 32771,
  timeout: 32772,
  invalidParameter: 32773,
  inUse: 32774,
  invalidState: 32775,
  incorrectDataType: 32776,
  systemNotAvailable: 32777,
  outOfMemory: 32778,
  fileNotFound: 32779,
} as const;

/** A finished job stays for five minutes. Source: `Msvm_ConcreteJob.TimeBeforeRemoval`. */
export const jobRemovalMs = 300_000;

/** Default of `Msvm_ReplicationSettingData.ReplicationInterval`: 300 s. */
export const replicationIntervalMs = 300_000;

/** A replica makes a recovery point every hour. Source: `Msvm_ReplicationSettingData.RecoveryHistory`, learn.microsoft.com. */
export const recoveryPointMs = 3_600_000;

/** The year-1601 start of Windows file time, which CIM properties show for "never". */
export const neverMs = Date.UTC(1601, 0, 1);

/** The health that goes with a state when nothing else is said: lost tracking is critical, a pause is a warning. */
export function healthOf(state: number): number {
  switch (state) {
    case linkState.disabled:
      return linkHealth.notApplicable;
    case linkState.required:
    case linkState.critical:
    case 16:
      return linkHealth.critical;
    case linkState.suspended:
    case linkState.resynchronizing:
    case linkState.resyncSuspended:
      return linkHealth.warning;
    default:
      return linkHealth.ok;
  }
}
