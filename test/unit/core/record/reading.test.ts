import { newRecord } from "../../../../provider/core/record/beginning";
import {
  asRead,
  fromReading,
  isResynchronizing,
  outlivesItsJob,
  sawResync,
  withEvidence,
  withJob,
  withReading,
} from "../../../../provider/core/record/reading";
import { job, link, noEvidence, observation, record, service, vmId, vmWith } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const readOfLink = {
  vmId,
  vmName: "web01",
  replicationMode: 1,
  replicationState: 9,
  replicationHealth: 3,
  healthReasons: [],
  primaryHost: "HV01",
  recoveryHost: "HV02",
};

test("a reading gives both ends of the relationship, its health and its reasons", () => {
  const reading = link({ healthReasons: ["no route"], lastReplicationTime: atSecond(-60) });
  expect(fromReading(vmWith([reading]), reading)).toStrictEqual({
    ...readOfLink,
    healthReasons: ["no route"],
    lastReplicationTime: atSecond(-60),
  });
});

test("a VM without a relationship has no health, no ends and no times", () => {
  expect(fromReading(vmWith([], { replicationMode: 0 }), undefined)).toStrictEqual({
    vmId,
    vmName: "web01",
    replicationMode: 0,
    replicationState: null,
    replicationHealth: 0,
    healthReasons: [],
  });
});

test("a relationship that does not say its hosts leaves them out", () => {
  const { primaryHost: _primary, recoveryHost: _recovery, ...bare } = link();
  const { primaryHost: _one, recoveryHost: _other, ...expected } = readOfLink;
  expect(fromReading(vmWith([bare]), bare)).toStrictEqual(expected);
});

test("reasons that were not asked for stay what they were", () => {
  const { healthReasons: _, ...reading } = link();
  expect(fromReading(vmWith([reading]), reading)).not.toHaveProperty("healthReasons");
  const before = record({ healthReasons: ["a disk is missing"] });
  const now = { ...observation(), link: reading };
  expect(asRead(before, now).healthReasons).toEqual(["a disk is missing"]);
  expect(newRecord(now, "request-1", undefined).healthReasons).toEqual([]);
});

test("a record under a reading keeps the request, and its host", () => {
  const { link: one } = observation({ replicationState: 3 });
  const before = record({ jobId: "job-1", vmName: "old", hostName: "HV03", healthReasons: ["gone by now"] });
  expect(withReading(before, vmWith([]), one, atSecond(60))).toStrictEqual({
    ...before,
    ...readOfLink,
    replicationState: 3,
    observedAt: atSecond(60),
  });
});

test("a record under what was read now keeps the request and says where the VM is", () => {
  const now = observation({ replicationState: 3, service: service({ hostName: "HV03", hostTime: atSecond(60) }) });
  expect(asRead(record({ jobId: "job-1" }), now)).toStrictEqual({
    ...record({ jobId: "job-1" }),
    ...readOfLink,
    hostName: "HV03",
    replicationState: 3,
    observedAt: atSecond(60),
  });
});

test.each([
  [10, true],
  [11, true],
  [9, false],
  [7, false],
  [3, false],
  [null, false],
])("a reading in state %s is evidence of a resync: %s", (replicationState, isEvidence) => {
  const now = observation({ replicationState });
  expect(asRead(record(), now).evidence).toStrictEqual({ ...noEvidence, sawResync: isEvidence });
  expect(isResynchronizing({ replicationState })).toBe(replicationState === 10);
});

test("what was seen once stays seen in later readings", () => {
  const evidence = { sawResync: true, sawJob: true, suspendedByUs: true };
  expect(asRead(record({ evidence }), observation({ replicationState: 3 })).evidence).toStrictEqual(evidence);
  const other = { sawResync: false, sawJob: true, suspendedByUs: true };
  expect(asRead(record({ evidence: other }), observation({ replicationState: 10 })).evidence).toStrictEqual(evidence);
});

test("a job gives its id, state, error and percent, and is evidence", () => {
  const read = { jobId: "job-1", jobState: 4, jobErrorCode: 0, percentComplete: 7 };
  const seen = record({ ...read, evidence: { ...noEvidence, sawJob: true } });
  expect(withJob(record(), job({ percentComplete: 7 }))).toStrictEqual({ ...seen, startedAt: atSecond(0) });
  const { startTime: _none, ...notBegun } = job({ percentComplete: 7 });
  expect(withJob(record(), notBegun)).toStrictEqual(seen);
  const before = record({ jobId: "job-0", jobState: 7 });
  expect(withJob(before, undefined)).toBe(before);
});

test("a job that has not begun leaves the start that is known", () => {
  const { startTime: _none, ...notBegun } = job();
  expect(withJob(record({ startedAt: atSecond(-60) }), notBegun).startedAt).toBe(atSecond(-60));
});

test("the host's words about a job are kept as long as the job has them", () => {
  const broken = withJob(record(), job({ jobState: 10, errorCode: 32768, errorDescription: "no route" }));
  expect(broken).toMatchObject({ jobState: 10, jobErrorCode: 32768, jobErrorDescription: "no route" });
  expect(withJob(broken, job())).not.toHaveProperty("jobErrorDescription");
  expect(withJob(broken, undefined).jobErrorDescription).toBe("no route");
});

test("evidence is added to what is there", () => {
  const before = record({ evidence: { sawResync: true, sawJob: false, suspendedByUs: false } });
  expect(withEvidence(before, { suspendedByUs: true })).toStrictEqual({
    ...before,
    evidence: { sawResync: true, sawJob: false, suspendedByUs: true },
  });
  expect(withEvidence(before, { sawResync: false }).evidence).toStrictEqual(noEvidence);
});

const seen = { ...noEvidence, sawResync: true };

test.each([
  ["its own job", { jobId: "job-1" }, true],
  ["another job", { jobId: "job-0" }, false],
  ["the first job that is seen", {}, true],
])("a record is evidence of a resync under %s: with %j %s", (_which, more, expected) => {
  expect(sawResync(record({ evidence: seen, ...more }), job())).toBe(expected);
  expect(sawResync(record(more), job())).toBe(false);
});

test.each([
  ["the job of the request", "job-1", job(), true],
  ["no job", "job-1", undefined, true],
  ["no job, of a request that knew none", undefined, undefined, true],
  ["a job, of a request that knew none", undefined, job(), true],
  ["the job of another resync", "job-0", job(), false],
] as const)("state 10 seen before, and %s now: it was seen %s", (_what, jobId, now, isSeen) => {
  const before = record({ evidence: seen, ...(jobId !== undefined && { jobId }) });
  expect(sawResync(before, now)).toBe(isSeen);
});

test("neither states nor warnings nor a job are evidence of a resync by themselves", () => {
  const paused = { code: "paused", text: "the resynchronization is paused by an operator" } as const;
  const before = record({
    replicationState: 10,
    replicationStateBefore: 10,
    warnings: [paused],
    evidence: { ...noEvidence, sawJob: true },
  });
  expect(sawResync(before)).toBe(false);
});

test.each([
  [10, 7, true],
  [10, 32768, true],
  [10, 4, false],
  [10, 10, false],
  [3, 7, false],
])("a relationship in state %d with a job in state %d outlives it: %s", (replicationState, jobState, expected) => {
  expect(outlivesItsJob(record({ replicationState, jobState }))).toBe(expected);
});

test("a relationship without a job outlives none", () => {
  expect(outlivesItsJob(record({ replicationState: 10 }))).toBe(false);
});

test.each([
  ["is well", { replicationState: 3, replicationHealth: 1 }],
  ["is being resynchronized", { replicationState: 10, replicationHealth: 3 }],
])("a relationship that %s has no reasons, also where they were not asked for", (_how, more) => {
  const { healthReasons: _, ...reading } = link(more);
  const before = record({ healthReasons: ["a disk is missing"] });
  expect(asRead(before, observation({ vm: vmWith([reading]), link: reading })).healthReasons).toEqual([]);
});
