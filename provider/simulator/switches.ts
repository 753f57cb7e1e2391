import { oneOf, strict } from "./zodMessages";

/**
 * One switch for each behaviour of a host that no public source states: whoever relies on one of them should pass under
 * all its values. The first value of each is the default.
 */
export const switchesSchema = strict({
  /** `Resynchronize` of a link that replicates normally: 32775, or carried out. */
  replicating: oneOf(["refused", "accepted"]).default("refused"),
  /** `Resynchronize` while one runs: 32775, 32774, 4096 with a job that fails at once, or 4096 with the running job. */
  alreadyRunning: oneOf(["invalidState", "inUse", "failingJob", "sameJob"]).default("invalidState"),
  /** `Resynchronize` of a machine without replication: 32775 or 32770. */
  notReplicated: oneOf(["invalidState", "notSupported"]).default("invalidState"),
  /** `Resynchronize` of a replica without an extended replica, or of an extended replica: 32775 or 32770. */
  replicaWithoutExtended: oneOf(["invalidState", "notSupported"]).default("invalidState"),
  /** A start time in the past or more than 7 days ahead: 32773, or taken (a past one: at once). */
  startTimeOutOfRange: oneOf(["refused", "accepted"]).default("refused"),
  /** A start time ahead: 4096 with a job that waits in state 2, or 0 and no job before that time. */
  scheduledStart: oneOf(["job", "noJob"]).default("job"),
  /** The job lasts as long as the resync, or ends well as soon as the resync has begun. */
  jobEnds: oneOf(["withResync", "early"]).default("withResync"),
  /** A resync beyond `maximumActiveTransfers`: waits in job state 2, is refused with 32774, or runs all the same. */
  aboveTransferLimit: oneOf(["waits", "refused", "ignored"]).default("waits"),
  /**
   * A resync that runs while the service stops or the machine moves: falls back to 9, or goes on without its job. One that
   * was put down for later is forgotten, or takes place all the same.
   */
  interruptedResync: oneOf(["required", "continues"]).default("required"),
  /** How the job of a cancelled resync ends: `JobState` 8, 9 or 10. */
  cancelledJob: oneOf(["terminated", "killed", "exception"]).default("terminated"),
  /** `RequestReplicationStateChangeEx`: 0 and done, or 4096 with a job that does it a second later. */
  stateChange: oneOf(["completed", "job"]).default("completed"),
  /** A method called without the rights for it: return value 32769, or an access-denied fault. */
  withoutRights: oneOf(["returnCode", "fault"]).default("returnCode"),
  /** The number of an extended replica's own relationship: 1 or 0. */
  extendedReplicaLink: oneOf(["extended", "primary"]).default("extended"),
});
