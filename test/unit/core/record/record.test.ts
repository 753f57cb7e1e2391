import { ReplicaResyncError } from "../../../../provider/core/errors";
import {
  asCompleted,
  asRead,
  failed,
  failedAgain,
  fromJob,
  fromReading,
  hasEnded,
  isWaitedFor,
  newRecord,
  outcomes,
  outlivesItsJob,
  pausedWarning,
  sawResync,
  withoutEnd,
  withoutFailures,
  withReply,
  withWarnings,
} from "../../../../provider/core/record/record";
import { failedRecord, job, link, observation, record, service, vmId, vmWith } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

test.each([
  ["completed", true, true],
  ["skipped", true, true],
  ["started", false, true],
  ["scheduled", false, true],
  ["failed", false, false],
  ["unknown", false, false],
  ["cancelled", false, false],
] as const)("%s has ended under wait completed: %s, under wait started: %s", (outcome, completed, started) => {
  expect(hasEnded(outcome, "completed")).toBe(completed);
  expect(hasEnded(outcome, "started")).toBe(started);
});

const readOfLink = {
  vmId,
  vmName: "web01",
  replicationMode: "primary",
  replicationState: "resynchronizationRequired",
  replicationHealth: "critical",
  healthReasons: [],
  primaryHost: "HV01",
  recoveryHost: "HV02",
  observedAt: atSecond(0),
};

test("a new request knows the machine and nothing of a call", () => {
  expect(newRecord(observation(), "request-1", undefined)).toStrictEqual({
    ...readOfLink,
    outcome: "unknown",
    requestId: "request-1",
    adopted: false,
    attempts: 0,
    hostName: "HV01",
    replicationStateBefore: "resynchronizationRequired",
    failuresInRow: 0,
    warnings: [],
  });
});

test("a further try of a request keeps its id and its counts", () => {
  const again = newRecord(observation(), "request-1", failedRecord({ attempts: 3 }));
  expect(again).toMatchObject({ requestId: "request-0", attempts: 3, failuresInRow: 1, failingSince: atSecond(-600) });
});

test("a reading gives both ends of the link, its health and its reasons", () => {
  const reading = link({ healthReasons: ["no route"], lastReplicationTime: atSecond(-60) });
  expect(fromReading(vmWith([reading]), reading, atSecond(0))).toStrictEqual({
    ...readOfLink,
    healthReasons: ["no route"],
    lastReplicationTime: atSecond(-60),
  });
});

test("a machine without a link has no health, no ends and no times", () => {
  expect(fromReading(vmWith([]), undefined, atSecond(0))).toStrictEqual({
    vmId,
    vmName: "web01",
    replicationMode: "primary",
    replicationState: "none",
    replicationHealth: "notApplicable",
    healthReasons: [],
    observedAt: atSecond(0),
  });
});

test("a record under what was read now keeps the request and says where the machine is", () => {
  const now = observation({ replicationState: 3, service: service({ hostName: "HV03", hostTime: atSecond(60) }) });
  expect(asRead(record({ jobId: "job-1" }), now)).toStrictEqual({
    ...record({ jobId: "job-1" }),
    ...readOfLink,
    hostName: "HV03",
    replicationState: "replicating",
    observedAt: atSecond(60),
  });
});

test("a job gives its id, state, error and percent", () => {
  const read = { jobId: "job-1", jobState: "running", jobErrorCode: 0, percentComplete: 7 };
  expect(fromJob(job({ percentComplete: 7 }))).toStrictEqual({ ...read, startedAt: atSecond(0) });
  const { startTime: _none, ...notBegun } = job({ percentComplete: 7 });
  expect(fromJob(notBegun)).toStrictEqual(read);
  expect(fromJob(undefined)).toEqual({});
});

test("a warning is kept once", () => {
  expect(withWarnings(record({ warnings: ["a"] }), "a", "b").warnings).toEqual(["a", "b"]);
});

test("a request that ended well takes nothing over into the next one", () => {
  const { failingSince: _since, nextAttemptAt: _next, ...rest } = failedRecord();
  expect(withoutFailures(failedRecord())).toStrictEqual({ ...rest, failuresInRow: 0 });
});

test.each([
  ["a call of its own", {}, {}],
  ["a call after failures", { failuresInRow: 2, nextAttemptAt: atSecond(900), reason: "the disk is full" }, {}],
  [
    "a resync that ran",
    { adopted: true, attempts: 0, reason: "a resynchronization runs already" },
    { adopted: true, attempts: 0, reason: "a resynchronization that ran already was waited for" },
  ],
  [
    "a resync that was found after a lost reply",
    { adopted: true, attempts: 1, reason: "the reply was lost" },
    { adopted: true, attempts: 1, reason: "the reply was lost" },
  ],
  [
    "a resync that was found after a call, nobody says how",
    { adopted: true, attempts: 1 },
    { adopted: true, attempts: 1, reason: "a resynchronization that ran already was waited for" },
  ],
])("the good end of %s is kept with the reason that is true by then", (_what, before, after) => {
  expect(asCompleted(record(before))).toStrictEqual({
    ...record(),
    outcome: "completed",
    percentComplete: 100,
    ...after,
  });
});

test("a try that has ended leaves neither job nor times to the next one", () => {
  const ended = {
    completionTime: atSecond(60),
    completionTimeSource: "job",
    durationSeconds: 60,
    startedAt: atSecond(0),
    scheduledStartTime: atSecond(0),
    jobId: "job-1",
    jobState: "completed",
    jobErrorCode: 0,
    percentComplete: 100,
  } as const;
  expect(withoutEnd(record(ended))).toStrictEqual(record());
});

test("a resync is waited for while it is started or scheduled, and in no other outcome", () => {
  expect(outcomes.filter((outcome) => isWaitedFor(record({ outcome })))).toEqual(["scheduled", "started"]);
});

test.each([
  ["resynchronizing", [], true],
  ["suspended", [pausedWarning], true],
  ["suspended", ["the clocks differ"], false],
])("a link in state %s with the warnings %j is evidence of a resync: %s", (replicationState, warnings, expected) => {
  expect(sawResync(record({ replicationState, warnings }))).toBe(expected);
});

test.each([
  ["its own job", { jobId: "job-1" }, true],
  ["another job", { jobId: "job-0" }, false],
  ["the first job that is seen", {}, true],
])("a record is evidence of a resync under %s: with %j %s", (_which, more, expected) => {
  expect(sawResync(record({ replicationState: "resynchronizing", ...more }), job())).toBe(expected);
});

test("the warning of a paused resync says what lets it go on", () => {
  expect(pausedWarning).toBe(
    "the resynchronization is paused by an operator: Resume-VMReplication -Continue lets it go on",
  );
});

test("a try that was paused and has ended is no evidence of the next one", () => {
  const paused = record({ replicationState: "suspended", warnings: ["the clocks differ", pausedWarning] });
  expect(sawResync(paused, undefined)).toBe(true);
  expect(sawResync(withoutEnd(paused), undefined)).toBe(false);
  expect(withoutEnd(paused).warnings).toEqual(["the clocks differ"]);
});

test.each([
  ["the job of the request", "job-1", job(), true],
  ["no job", "job-1", undefined, true],
  ["a job, of a request that knew none", undefined, job(), true],
  ["the job of another resync", "job-0", job(), false],
] as const)("state 10 seen before, and %s now: it was seen %s", (_what, jobId, now, isSeen) => {
  const before = record({ replicationState: "resynchronizing", ...(jobId !== undefined && { jobId }) });
  expect(sawResync(before, now)).toBe(isSeen);
});

test("a reply is recorded with number and name", () => {
  expect(withReply(record(), { returnCode: 32774 })).toStrictEqual({
    ...record(),
    returnCode: 32774,
    returnCodeName: "SystemInUse",
  });
  expect(withReply(record(), undefined)).toStrictEqual(record());
});

test.each([
  [
    "the host",
    new ReplicaResyncError("REJECTED", "it is in use", { returnCode: 32774 }),
    { attempts: 2, returnCode: 32774, returnCodeName: "SystemInUse" },
  ],
  ["a check before the call", new ReplicaResyncError("REFUSED", "it is in use"), {}],
])("a further try that %s refused is counted, and stays what it was", (_who, error, more) => {
  expect(failedAgain(record({ outcome: "completed" }), error, atSecond(0))).toStrictEqual({
    ...record({ outcome: "completed" }),
    reason: "it is in use",
    failuresInRow: 1,
    failingSince: atSecond(0),
    nextAttemptAt: atSecond(300),
    ...more,
  });
});

test("a failed request says why, and is counted", () => {
  const after = failed(record(), new ReplicaResyncError("REFUSED", "it broke"), atSecond(0), "failed");
  expect(after).toMatchObject({ outcome: "failed", reason: "it broke", failuresInRow: 1, failingSince: atSecond(0) });
});

test.each([
  ["resynchronizing", "completed", true],
  ["resynchronizing", "completedWithWarnings", true],
  ["resynchronizing", "running", false],
  ["replicating", "completed", false],
])("a link that is %s with a job that is %s outlives it: %s", (replicationState, jobState, expected) => {
  expect(outlivesItsJob(record({ replicationState, jobState }))).toBe(expected);
});

test("reasons that were not asked for stay what they were", () => {
  const { healthReasons: _, ...reading } = link();
  expect(fromReading(vmWith([reading]), reading, atSecond(0))).not.toHaveProperty("healthReasons");
  const before = record({ healthReasons: ["a disk is missing"] });
  const now = { ...observation(), link: reading };
  expect(asRead(before, now).healthReasons).toEqual(["a disk is missing"]);
  expect(newRecord(now, "request-1", undefined).healthReasons).toEqual([]);
});
