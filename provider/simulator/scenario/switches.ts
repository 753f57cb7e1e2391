import type { z } from "zod";
import { oneOf, strict } from "./zodMessages";

/**
 * One switch for each behaviour of a host that no public source states, with the question it stands for: whoever relies
 * on one of them should pass under all its values. The first value of each is the default.
 */
export const switchesSchema = strict({
  /** What answers `Resynchronize` of a link that replicates normally? 32775, or it is carried out. */
  replicating: oneOf(["refused", "accepted"]).default("refused"),
  /**
   * What answers `Resynchronize` while one runs? 32775, 32774, 4096 with a job that fails at once, 4096 with the running
   * job, or 4096 with a job of its own, whose resync begins when the running one has ended.
   */
  alreadyRunning: oneOf(["invalidState", "inUse", "failingJob", "sameJob", "queued"]).default("invalidState"),
  /**
   * What answers `Resynchronize` while one is put down for later? The new one takes its place, both take place, or 32775.
   */
  alreadyScheduled: oneOf(["replaced", "kept", "refused"]).default("replaced"),
  /**
   * What answers `Resynchronize` of a link whose resync is paused (11)? It begins from zero, goes on where it was, or
   * 32775.
   */
  pausedResync: oneOf(["fromZero", "continues", "refused"]).default("fromZero"),
  /** What answers `Resynchronize` of a primary machine that is off, saved or paused? It is carried out, or 32775. */
  machineNotRunning: oneOf(["accepted", "refused"]).default("accepted"),
  /** What answers `Resynchronize` of a machine without replication? 32775 or 32770. */
  notReplicated: oneOf(["invalidState", "notSupported"]).default("invalidState"),
  /** What answers `Resynchronize` of a replica without an extended replica, or of an extended replica? 32775 or 32770. */
  replicaWithoutExtended: oneOf(["invalidState", "notSupported"]).default("invalidState"),
  /**
   * What answers a method whose parameter names a machine that is not here, as on the wrong node of a cluster? 32773, or
   * a not-found fault.
   */
  machineNotHere: oneOf(["invalidParameter", "notFound"]).default("invalidParameter"),
  /** What has happened when `Resynchronize` answers 0? The resync is over, it has begun without a job, or nothing. */
  returnZero: oneOf(["completed", "begun", "nothing"]).default("completed"),
  /**
   * Is a start time refused that is in the past, or more than 7 days ahead? Both with 32773; neither (a past one: at
   * once); only one in the past; only one too far ahead; or both with 32775.
   */
  startTimeOutOfRange: oneOf(["refused", "accepted", "pastRefused", "farRefused", "invalidState"]).default("refused"),
  /** Is a start time taken with its offset, or are its digits taken for the host's local time? */
  startTimeZone: oneOf(["offset", "hostLocal"]).default("offset"),
  /** What answers a start time ahead? 4096 with a job that waits, or 0 and no job before that time. */
  scheduledStart: oneOf(["job", "noJob"]).default("job"),
  /** What does a link show whose resync is put down for later? The state it was in, or 9. */
  scheduledLink: oneOf(["unchanged", "required"]).default("unchanged"),
  /** What does a job show that waits for its time, or for a free transfer? `JobState` 2, 3 or 12. */
  waitingJob: oneOf(["new", "starting", "queryPending"]).default("new"),
  /**
   * When does the job end? With the resync, as soon as the resync has begun (and well), or five seconds after the link
   * has left state 10.
   */
  jobEnds: oneOf(["withResync", "early", "late"]).default("withResync"),
  /** Is `TimeOfLastStateChange` of an ended job the moment of its end, or is it not there? */
  endedJobTime: oneOf(["end", "absent"]).default("end"),
  /** Does the recovery side have a job for a resync too, or only the side that sends? */
  jobOnRecoverySide: oneOf(["shown", "hidden"]).default("shown"),
  /** Does `LastReplicationTime` stand still during a resync, or does it follow the replication cycles? */
  lastReplicationInResync: oneOf(["standsStill", "follows"]).default("standsStill"),
  /** What becomes of a resync beyond `maximumActiveTransfers`? It waits, is refused with 32774, or runs all the same. */
  aboveTransferLimit: oneOf(["waits", "refused", "ignored"]).default("waits"),
  /**
   * What becomes of a resync that runs while the service stops? It falls back to 9, or goes on. One that was put down for
   * later is forgotten, or takes place all the same.
   */
  interruptedResync: oneOf(["required", "continues"]).default("required"),
  /**
   * Do jobs survive a restart of the service? They are lost, or kept; a kept job whose resync fell back has failed with
   * 32777.
   */
  jobsAfterRestart: oneOf(["lost", "kept"]).default("lost"),
  /**
   * What becomes of a resync that runs while its machine moves to another host? It falls back to 9, goes on, or is paused
   * in 11; its job stays behind and is lost. One that was put down for later is forgotten in the first case only.
   */
  movedResync: oneOf(["required", "continues", "paused"]).default("required"),
  /** How does the job of a cancelled resync end? `JobState` 8, 9 or 10. */
  cancelledJob: oneOf(["terminated", "killed", "exception"]).default("terminated"),
  /** Does `RequestedState` 3 resume a link that is suspended (7) or stopped by an error (8)? Yes, or 32773, or 32775. */
  resumeRequest: oneOf(["accepted", "invalidParameter", "invalidState"]).default("accepted"),
  /** Does `RequestedState` 3 let a paused resync (11) go on? Yes, or 32775. */
  continueRequest: oneOf(["accepted", "refused"]).default("accepted"),
  /** What does `RequestReplicationStateChangeEx` answer? 0 and it is done, or 4096 with a job that does it a second later. */
  stateChange: oneOf(["completed", "job"]).default("completed"),
  /** What does `GetReplicationStatisticsEx` answer? 0 with the health issues, or 4096 with a job and without them. */
  statistics: oneOf(["completed", "job"]).default("completed"),
  /** What answers a method that is called without the rights for it? Return value 32769, or an access-denied fault. */
  withoutRights: oneOf(["returnCode", "fault"]).default("returnCode"),
  /** Which number has an extended replica's own relationship? 1 or 0. */
  extendedReplicaLink: oneOf(["extended", "primary"]).default("extended"),
});

/** Every switch with the position it is in. */
export type Switches = z.output<typeof switchesSchema>;
