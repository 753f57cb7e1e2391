import type { z } from "zod";
import type { SwitchesInput } from "./switchesInput";
import { takesExactly } from "./takesExactly";
import { oneOf, strict } from "./zodMessages";

/** The switches; what each stands for: {@link SwitchesInput}. The first position of each is the default. */
export const switchesSchema = takesExactly<SwitchesInput>()(
  strict({
    replicating: oneOf(["refused", "accepted"]).default("refused"),
    alreadyRunning: oneOf(["invalidState", "inUse", "failingJob", "sameJob", "queued"]).default("invalidState"),
    alreadyScheduled: oneOf(["replaced", "kept", "refused"]).default("replaced"),
    pausedResync: oneOf(["fromZero", "continues", "refused"]).default("fromZero"),
    machineNotRunning: oneOf(["accepted", "refused"]).default("accepted"),
    notReplicated: oneOf(["invalidState", "notSupported"]).default("invalidState"),
    replicaWithoutExtended: oneOf(["invalidState", "notSupported"]).default("invalidState"),
    machineNotHere: oneOf(["invalidParameter", "notFound"]).default("invalidParameter"),
    returnZero: oneOf(["completed", "begun", "nothing"]).default("completed"),
    startTimeOutOfRange: oneOf(["refused", "accepted", "pastRefused", "farRefused", "invalidState"]).default("refused"),
    startTimeZone: oneOf(["offset", "hostLocal"]).default("offset"),
    scheduledStart: oneOf(["job", "noJob"]).default("job"),
    scheduledLink: oneOf(["unchanged", "required"]).default("unchanged"),
    waitingJob: oneOf(["new", "starting", "queryPending"]).default("new"),
    jobEnds: oneOf(["withResync", "early", "late"]).default("withResync"),
    endedJobTime: oneOf(["end", "absent"]).default("end"),
    jobOnRecoverySide: oneOf(["shown", "hidden"]).default("shown"),
    lastReplicationInResync: oneOf(["standsStill", "follows"]).default("standsStill"),
    aboveTransferLimit: oneOf(["waits", "refused", "ignored"]).default("waits"),
    interruptedResync: oneOf(["required", "continues"]).default("required"),
    jobsAfterRestart: oneOf(["lost", "kept"]).default("lost"),
    movedResync: oneOf(["required", "continues", "paused"]).default("required"),
    cancelledJob: oneOf(["terminated", "killed", "exception"]).default("terminated"),
    resumeRequest: oneOf(["accepted", "invalidParameter", "invalidState"]).default("accepted"),
    continueRequest: oneOf(["accepted", "refused"]).default("accepted"),
    stateChange: oneOf(["completed", "job"]).default("completed"),
    statistics: oneOf(["completed", "job"]).default("completed"),
    withoutRights: oneOf(["returnCode", "fault"]).default("returnCode"),
    extendedReplicaLink: oneOf(["extended", "primary"]).default("extended"),
  }),
);

/** Every switch with the position it is in. */
export type Switches = z.output<typeof switchesSchema>;
