import { newRecord, withoutEnd } from "../../../../provider/core/record/beginning";
import { asRead, sawResync } from "../../../../provider/core/record/reading";
import type { Warning } from "../../../../provider/core/record/warnings";
import { failedRecord, noEvidence, observation, record, service, vmId } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

test("a new request knows the VM and nothing of a call", () => {
  const now = observation({ service: service({ hostName: "HV03", hostTime: atSecond(60) }) });
  expect(newRecord(now, "request-1", undefined)).toStrictEqual({
    vmId,
    vmName: "web01",
    replicationMode: 1,
    replicationState: 9,
    replicationHealth: 3,
    healthReasons: [],
    primaryHost: "HV01",
    recoveryHost: "HV02",
    observedAt: atSecond(60),
    outcome: "unknown",
    requestId: "request-1",
    adopted: false,
    attempts: 0,
    evidence: noEvidence,
    hostName: "HV03",
    replicationStateBefore: 9,
    failuresInRow: 0,
    warnings: [],
  });
});

test.each([
  [10, true],
  [9, false],
  [11, false],
  [null, false],
])("a request that begins in state %s has seen a resync: %s", (replicationState, isSeen) => {
  expect(newRecord(observation({ replicationState }), "request-1", undefined)).toMatchObject({
    replicationState,
    replicationStateBefore: replicationState,
    evidence: { ...noEvidence, sawResync: isSeen },
  });
});

test("a further try of a request keeps its id and its counts", () => {
  const again = newRecord(observation(), "request-1", failedRecord({ attempts: 3 }));
  expect(again).toMatchObject({ requestId: "request-0", attempts: 3, failuresInRow: 1, failingSince: atSecond(-600) });
});

test("failures in a row count on in another request, without their pause", () => {
  const again = newRecord(observation(), "request-1", {
    failuresInRow: 2,
    failingSince: atSecond(-600),
    nextAttemptAt: atSecond(0),
  });
  expect(again).toMatchObject({ requestId: "request-1", attempts: 0, failuresInRow: 2, failingSince: atSecond(-600) });
  expect(again).not.toHaveProperty("nextAttemptAt");
  expect(newRecord(observation(), "request-1", { failuresInRow: 0 })).not.toHaveProperty("failingSince");
});

test("what an earlier try has seen or warned of is not taken over into a new record", () => {
  const before = failedRecord({
    evidence: { sawResync: true, sawJob: true, suspendedByUs: true },
    warnings: [{ code: "stalled", text: "nothing has moved" }],
    replicationStateBefore: 3,
  });
  expect(newRecord(observation(), "request-1", before)).toMatchObject({
    evidence: noEvidence,
    warnings: [],
    replicationStateBefore: 9,
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
    jobState: 7,
    jobErrorCode: 0,
    jobErrorDescription: "no route",
    percentComplete: 100,
  } as const;
  expect(withoutEnd(record(ended))).toStrictEqual(record());
});

const skew: Warning = { code: "clockSkew", text: "the clocks differ" };

test("a try that was seen and has ended is no evidence of the next one, the suspension is", () => {
  const evidence = { sawResync: true, sawJob: true, suspendedByUs: true };
  const paused = record({
    replicationState: 7,
    evidence,
    warnings: [skew, { code: "paused", text: "paused by an operator" }],
  });
  expect(sawResync(paused)).toBe(true);
  expect(sawResync(withoutEnd(paused))).toBe(false);
  expect(withoutEnd(paused)).toStrictEqual({
    ...paused,
    evidence: { ...noEvidence, suspendedByUs: true },
    warnings: [skew],
  });
  expect(withoutEnd(record({ evidence: { ...evidence, suspendedByUs: false } })).evidence).toStrictEqual(noEvidence);
});

test("what is read after a try has ended is evidence of the next one", () => {
  const before = record({ evidence: { ...noEvidence, sawJob: true } });
  expect(asRead(withoutEnd(before), observation({ replicationState: 10 })).evidence).toStrictEqual({
    ...noEvidence,
    sawResync: true,
  });
});
