import { PreconditionError } from "../../../provider/core/errors";
import {
  failed,
  fromJob,
  fromReading,
  hasEnded,
  newRecord,
  outlivesItsJob,
  withoutFailures,
  withReply,
  withWarnings,
} from "../../../provider/core/record";
import { failedRecord, job, link, observation, record, vmWith } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";

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

test("a new request knows the machine and nothing of a call", () => {
  expect(newRecord(observation(), "request-1", undefined)).toMatchObject({
    requestId: "request-1",
    attempts: 0,
    failuresInRow: 0,
    hostName: "HV01",
    replicationStateBefore: "resynchronizationRequired",
    warnings: [],
  });
});

test("a further try of a request keeps its id and its counts", () => {
  const again = newRecord(observation(), "request-1", failedRecord({ attempts: 3 }));
  expect(again).toMatchObject({ requestId: "request-0", attempts: 3, failuresInRow: 1, failingSince: atSecond(-600) });
});

test("a reading gives both ends of the link, its health and its reasons", () => {
  const reading = link({ healthReasons: ["no route"], lastReplicationTime: atSecond(-60) });
  expect(fromReading(vmWith([reading]), reading, atSecond(0))).toMatchObject({
    primaryHost: "HV01",
    recoveryHost: "HV02",
    replicationHealth: "critical",
    healthReasons: ["no route"],
    lastReplicationTime: atSecond(-60),
  });
});

test("a machine without a link has no health", () => {
  const reading = fromReading(vmWith([]), undefined, atSecond(0));
  expect(reading).toMatchObject({ replicationState: "none", replicationHealth: "notApplicable", healthReasons: [] });
  expect(reading).not.toHaveProperty("primaryHost");
});

test("a job gives its id, state, error and percent", () => {
  expect(fromJob(job({ percentComplete: 7 }))).toEqual({
    jobId: "job-1",
    jobState: "running",
    jobErrorCode: 0,
    percentComplete: 7,
    startedAt: atSecond(0),
  });
  expect(fromJob(undefined)).toEqual({});
});

test("a warning is kept once", () => {
  expect(withWarnings(record({ warnings: ["a"] }), "a", "b").warnings).toEqual(["a", "b"]);
});

test("a request that ended well takes nothing over into the next one", () => {
  expect(withoutFailures(failedRecord())).not.toHaveProperty("nextAttemptAt");
  expect(withoutFailures(failedRecord()).failuresInRow).toBe(0);
});

test("a reply is recorded with number and name", () => {
  expect(withReply(record(), { returnCode: 32774 })).toMatchObject({
    returnCode: 32774,
    returnCodeName: "SystemInUse",
  });
  expect(withReply(record(), undefined)).not.toHaveProperty("returnCode");
});

test("a failed request says why, and is counted", () => {
  const after = failed(record(), new PreconditionError("it broke"), atSecond(0), "failed");
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
