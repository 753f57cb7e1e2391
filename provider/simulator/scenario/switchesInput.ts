/**
 * One switch for each behaviour of a host that no public source states, with the question it stands for. A program that
 * relies on one of them should work in all its positions. The first position of each is the default.
 */
export interface SwitchesInput {
  /** What answers `Resynchronize` of a relationship that replicates normally? 32775, or it is carried out. */
  readonly replicating?: "refused" | "accepted" | undefined;
  /**
   * What answers `Resynchronize` while one runs? 32775, 32774, 4096 with a job that fails at once, 4096 with the running
   * job, or 4096 with a job of its own, whose resync begins when the running one has ended.
   */
  readonly alreadyRunning?: "invalidState" | "inUse" | "failingJob" | "sameJob" | "queued" | undefined;
  /** What answers `Resynchronize` while one is scheduled? The new one takes its place, both take place, or 32775. */
  readonly alreadyScheduled?: "replaced" | "kept" | "refused" | undefined;
  /**
   * What answers `Resynchronize` of a relationship whose resync is paused (11)? It begins from zero, continues where it
   * was, or 32775.
   */
  readonly pausedResync?: "fromZero" | "continues" | "refused" | undefined;
  /** What answers `Resynchronize` of a primary VM that is off, saved or paused? It is carried out, or 32775. */
  readonly machineNotRunning?: "accepted" | "refused" | undefined;
  /** What answers `Resynchronize` of a VM without replication? 32775 or 32770. */
  readonly notReplicated?: "invalidState" | "notSupported" | undefined;
  /** What answers `Resynchronize` of a replica without an extended replica, or of an extended replica? 32775 or 32770. */
  readonly replicaWithoutExtended?: "invalidState" | "notSupported" | undefined;
  /**
   * What answers a method whose parameter names a VM that is not on this host, as on the wrong node of a cluster? 32773,
   * or a not-found fault.
   */
  readonly machineNotHere?: "invalidParameter" | "notFound" | undefined;
  /** What has happened when `Resynchronize` answers 0? The resync is over, it has begun without a job, or nothing. */
  readonly returnZero?: "completed" | "begun" | "nothing" | undefined;
  /**
   * Is a start time refused that is in the past, or more than 7 days ahead? Both with 32773; neither (a past one: at
   * once); only one in the past; only one too far ahead; or both with 32775.
   */
  readonly startTimeOutOfRange?: "refused" | "accepted" | "pastRefused" | "farRefused" | "invalidState" | undefined;
  /** Is a start time taken with its offset, or are its digits taken for the host's local time? */
  readonly startTimeZone?: "offset" | "hostLocal" | undefined;
  /** What answers a start time ahead? 4096 with a job that waits, or 0 and no job before that time. */
  readonly scheduledStart?: "job" | "noJob" | undefined;
  /** What does a relationship show whose resync is scheduled? The state it was in, or 9. */
  readonly scheduledLink?: "unchanged" | "required" | undefined;
  /** What does a job show that waits for its time, or for a free transfer? `JobState` 2, 3 or 12. */
  readonly waitingJob?: "new" | "starting" | "queryPending" | undefined;
  /**
   * When does the job end? With the resync, as soon as the resync has begun (and well), or five seconds after the
   * relationship has left state 10.
   */
  readonly jobEnds?: "withResync" | "early" | "late" | undefined;
  /** Is `TimeOfLastStateChange` of an ended job the time of its end, or is it not there? */
  readonly endedJobTime?: "end" | "absent" | undefined;
  /** Does the side that receives have a job for a resync too, or only the side that sends? */
  readonly jobOnRecoverySide?: "shown" | "hidden" | undefined;
  /** Does `LastReplicationTime` stand still during a resync, or does it follow the replication cycles? */
  readonly lastReplicationInResync?: "standsStill" | "follows" | undefined;
  /** What becomes of a resync beyond `maximumActiveTransfers`? It waits, is refused with 32774, or runs anyway. */
  readonly aboveTransferLimit?: "waits" | "refused" | "ignored" | undefined;
  /**
   * What becomes of a resync that runs while the service stops? It falls back to 9, or continues. One that was scheduled
   * is forgotten, or takes place anyway.
   */
  readonly interruptedResync?: "required" | "continues" | undefined;
  /**
   * Do jobs survive a restart of the service? They are lost, or kept; a kept job whose resync fell back has failed with
   * 32777.
   */
  readonly jobsAfterRestart?: "lost" | "kept" | undefined;
  /**
   * What becomes of a resync that runs while its VM moves to another host? It falls back to 9, continues, or is paused in
   * 11; its job stays behind and is lost. One that was scheduled is forgotten in the first case only.
   */
  readonly movedResync?: "required" | "continues" | "paused" | undefined;
  /** How does the job of a cancelled resync end? `JobState` 8, 9 or 10. */
  readonly cancelledJob?: "terminated" | "killed" | "exception" | undefined;
  /** Does `RequestedState` 3 resume a relationship that is suspended (7) or stopped by an error (8)? Yes, or 32773, or 32775. */
  readonly resumeRequest?: "accepted" | "invalidParameter" | "invalidState" | undefined;
  /** Does `RequestedState` 3 let a paused resync (11) continue? Yes, or 32775. */
  readonly continueRequest?: "accepted" | "refused" | undefined;
  /** What does `RequestReplicationStateChangeEx` answer? 0 and it is done, or 4096 with a job that does it a second later. */
  readonly stateChange?: "completed" | "job" | undefined;
  /** What does `GetReplicationStatisticsEx` answer? 0 with the health issues, or 4096 with a job and without them. */
  readonly statistics?: "completed" | "job" | undefined;
  /** What answers a method that is called without the rights for it? Return value 32769, or an access-denied fault. */
  readonly withoutRights?: "returnCode" | "fault" | undefined;
  /** Which number has an extended replica's own relationship? 1 or 0. */
  readonly extendedReplicaLink?: "extended" | "primary" | undefined;
}
