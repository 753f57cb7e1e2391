import { ReplicaResyncError } from "../../../../provider/core/errors";
import {
  asCompleted,
  failed,
  failedAgain,
  withEnd,
  withoutFailures,
  withReply,
} from "../../../../provider/core/record/ending";
import { failedRecord, job, record } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

test("a request that ended well takes nothing over into the next one", () => {
  const { failingSince: _since, nextAttemptAt: _next, ...rest } = failedRecord();
  expect(withoutFailures(failedRecord())).toStrictEqual({ ...rest, failuresInRow: 0 });
});

const waitedForOther = "a resynchronization that was already running was waited for";

test.each([
  ["a call of its own", {}, {}],
  ["a call after failures", { failuresInRow: 2, nextAttemptAt: atSecond(900), reason: "the disk is full" }, {}],
  [
    "a resync that ran",
    { adopted: true, attempts: 0, reason: "a resynchronization runs already" },
    { adopted: true, attempts: 0, reason: waitedForOther },
  ],
  [
    "a resync that was found after a lost reply",
    { adopted: true, attempts: 1, reason: "the reply was lost" },
    { adopted: true, attempts: 1, reason: "the reply was lost" },
  ],
  [
    "a resync that was found after a call, nobody says how",
    { adopted: true, attempts: 1 },
    { adopted: true, attempts: 1, reason: waitedForOther },
  ],
])("the good end of %s is kept with the reason that is true by then", (_what, before, after) => {
  expect(asCompleted(record({ jobId: "job-1", percentComplete: 40, ...before }))).toStrictEqual({
    ...record({ jobId: "job-1" }),
    outcome: "completed",
    percentComplete: 100,
    ...after,
  });
});

test("a good end without a job has no percent", () => {
  expect(asCompleted(record())).toStrictEqual({ ...record(), outcome: "completed" });
});

test("a reply is recorded with its number", () => {
  expect(withReply(record(), { returnCode: 32774 })).toStrictEqual({ ...record(), returnCode: 32774 });
  expect(withReply(record(), undefined)).toStrictEqual(record());
});

test.each([
  [
    "the host",
    new ReplicaResyncError("REJECTED", "it is in use", { returnCode: 32774 }),
    { attempts: 2, returnCode: 32774 },
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

test.each(["failed", "unknown", "cancelled"] as const)("a request that is %s says why, and is counted", (outcome) => {
  const error = new ReplicaResyncError("REFUSED", "it broke", { remedy: "Repair it" });
  expect(failed(failedRecord(), error, atSecond(0), outcome)).toStrictEqual({
    ...failedRecord(),
    outcome,
    reason: "it broke",
    failuresInRow: 2,
    failingSince: atSecond(-600),
    nextAttemptAt: atSecond(600),
  });
  expect(failed(record(), error, atSecond(0), outcome)).toMatchObject({ failuresInRow: 1, failingSince: atSecond(0) });
});

const observed = { completionTime: atSecond(90), completionTimeSource: "observed" };

test.each([
  [
    { jobState: 7, timeOfLastStateChange: atSecond(50) },
    { completionTime: atSecond(50), completionTimeSource: "job", durationSeconds: 50 },
  ],
  [{ jobState: 7 }, { ...observed, durationSeconds: 90 }],
  [
    { jobState: 4, timeOfLastStateChange: atSecond(50) },
    { ...observed, durationSeconds: 90 },
  ],
  [
    { jobState: 99, timeOfLastStateChange: atSecond(50) },
    { ...observed, durationSeconds: 90 },
  ],
  [
    { jobState: 7, startTime: atSecond(88.6) },
    { ...observed, durationSeconds: 1 },
  ],
  [
    { jobState: 7, startTime: atSecond(90) },
    { ...observed, durationSeconds: 0 },
  ],
  [undefined, { ...observed, durationSeconds: 90 }],
])("the end by job %j read at second 90 is %j", (given, expected) => {
  expect(withEnd(record(), given && job(given), atSecond(90))).toStrictEqual({ ...record(), ...expected });
});

test("a duration is left out when nothing says when it began, or the clocks contradict", () => {
  const { requestedAt: _none, ...unknown } = record();
  expect(withEnd(unknown, undefined, atSecond(90))).not.toHaveProperty("durationSeconds");
  expect(withEnd(record({ startedAt: atSecond(200) }), undefined, atSecond(90))).not.toHaveProperty("durationSeconds");
});

test("a duration is not counted from the time at which a resync was adopted", () => {
  const adopted = record({ adopted: true, attempts: 0, requestedAt: atSecond(0) });
  expect(withEnd(adopted, undefined, atSecond(60))).not.toHaveProperty("durationSeconds");
  expect(withEnd({ ...adopted, attempts: 1 }, undefined, atSecond(60))).toMatchObject({ durationSeconds: 60 });
});

test.each([
  ["the job", { startedAt: atSecond(10) }, job({ startTime: atSecond(20) }), atSecond(30), 70],
  ["the record", { startedAt: atSecond(10) }, undefined, atSecond(30), 80],
  ["what is known besides", {}, undefined, atSecond(30), 60],
  ["the call", {}, undefined, undefined, 90],
] as const)("a duration is counted from the start that %s says first", (_who, more, one, begunAt, seconds) => {
  expect(withEnd(record(more), one, atSecond(90), begunAt).durationSeconds).toBe(seconds);
});
