import type { EarlierRun } from "../../../../provider/core/decide/decision";
import { decideResync } from "../../../../provider/core/decide/decideResync";
import type { Observation } from "../../../../provider/core/host/observation";
import { newRecord } from "../../../../provider/core/record/beginning";
import { asRead } from "../../../../provider/core/record/reading";
import type { ResyncRecord } from "../../../../provider/core/record/record";
import type { ResyncRequest } from "../../../../provider/core/record/request";
import { adopt, adoptOvertaking, resumeWaiting, warn } from "../../../../provider/core/start/adopt";
import type { Attempt, Begun } from "../../../../provider/core/start/attempt";
import { nothingSeen } from "../../../../provider/core/wait/awaited";
import { failedRecord, job, noEvidence, observation, record, request, vmId } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";
import { lab, type Lab } from "../../../support/fakeHost";

const older = job({ jobId: "job-0", jobState: 10, startTime: atSecond(-60) });
const startTime = atSecond(3_600);
const sawJob = { ...noEvidence, sawJob: true };
const sawResync = { ...noEvidence, sawResync: true };

function jobOf(percentComplete: number): Partial<ResyncRecord> {
  return {
    jobId: "job-1",
    jobState: 4,
    jobErrorCode: 0,
    percentComplete,
    startedAt: atSecond(0),
    evidence: sawJob,
  };
}

function attemptOn(
  observed: Observation,
  earlier?: EarlierRun,
  more: Partial<ResyncRequest> = {},
): { one: Lab; attempt: Attempt } {
  const one = lab(vmId);
  return { one, attempt: { observation: observed, request: request(more), earlier, context: one.context } };
}

/** What is waited for after the decision that fits what was observed. */
async function begin(
  observed: Observation,
  earlier?: EarlierRun,
  more: Partial<ResyncRequest> = {},
): Promise<{ one: Lab; result: Begun }> {
  const { one, attempt } = attemptOn(observed, earlier, more);
  const decision = decideResync(observed, attempt.request, earlier);
  if (decision.action === "adopt") return { one, result: adopt(decision, attempt) };
  if (decision.action === "resumeWaiting") return { one, result: resumeWaiting(decision, attempt) };
  throw new Error(`the decision is ${decision.action}`);
}

function fresh(observed: Observation, more: Partial<ResyncRecord>): ResyncRecord {
  return { ...newRecord(observed, "request-1", undefined), ...more };
}

test("a resync that runs is adopted with its job, without another look at the host", async () => {
  const observed = observation({ jobs: [older, job({ percentComplete: 40 })] });
  const { one, result } = await begin(observed);
  const reason = "a resynchronization runs already (job job-1): waiting for it instead of starting a second";
  expect(result).toStrictEqual({
    record: fresh(observed, {
      outcome: "started",
      adopted: true,
      reason,
      requestedAt: atSecond(0),
      ...jobOf(40),
    }),
    awaited: { kind: "primary", jobId: "job-1", olderJobIds: new Set(["job-0", "job-1"]) },
    seen: { ...nothingSeen, job: true },
  });
  expect(one.lines.lines).toEqual([`info: web01: ${reason}`]);
  expect(one.log.calls).toEqual([]);
});

test("state 10 is adopted without a job", async () => {
  const observed = observation({ replicationState: 10, jobs: [older] });
  const { result } = await begin(observed);
  expect(result).toStrictEqual({
    record: fresh(observed, {
      outcome: "started",
      adopted: true,
      reason: "a resynchronization runs already: waiting for it instead of starting a second",
      requestedAt: atSecond(0),
    }),
    awaited: { kind: "primary", jobId: undefined, olderJobIds: new Set(["job-0"]) },
    seen: { ...nothingSeen, resynchronizing: true },
  });
});

test("a resync that is scheduled for the time of the request is adopted as scheduled", async () => {
  const observed = observation({ jobs: [job({ jobState: 2, scheduledStartTime: startTime })] });
  const { result } = await begin(observed, undefined, { startTime });
  expect(result.record).toMatchObject({ outcome: "scheduled", scheduledStartTime: startTime, jobId: "job-1" });
});

test("a further try adopts with the request it belongs to, and needs no other evidence", async () => {
  const before = failedRecord({ jobId: "job-0", jobState: 10, completionTime: atSecond(-700) });
  const observed = observation({ jobs: [job()] });
  const { result } = await begin(observed, { kind: "resume", record: before, mayStart: true });
  const { jobId: _id, jobState: _state, completionTime: _end, ...kept } = before;
  const reason = "a resynchronization runs (job job-1): waiting for it instead of starting another";
  expect(result).toStrictEqual({
    record: {
      ...asRead(kept, observed),
      outcome: "started",
      adopted: true,
      reason,
      requestedAt: atSecond(0),
      ...jobOf(0),
    },
    awaited: { kind: "primary", jobId: "job-1", olderJobIds: new Set(["job-1"]) },
    seen: { ...nothingSeen, isTrusted: true, job: true },
  });
});

const scheduled = record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime: startTime });
test.each<[string, ResyncRecord, Observation, Partial<ResyncRecord>, Partial<Begun["seen"]>]>([
  [
    "whose job runs is started",
    scheduled,
    observation({ jobs: [job(), older] }),
    { outcome: "started", ...jobOf(0) },
    {},
  ],
  [
    "in state 10 without a job is started",
    scheduled,
    observation({ replicationState: 10, jobs: [older] }),
    { outcome: "started" },
    { resynchronizing: true },
  ],
  ["of which nothing shows is still scheduled", scheduled, observation({ jobs: [older] }), {}, {}],
  [
    "whose job was seen is known to have been seen",
    record({ jobId: "job-1", jobState: 4, evidence: sawJob }),
    observation({ replicationState: 3, jobs: [older] }),
    {},
    { job: true },
  ],
  [
    "without its link is waited for",
    record({ jobId: "job-1" }),
    observation({ replicationState: null, jobs: [older] }),
    {},
    {},
  ],
])("a request %s", async (_what, before, observed, kept, evidence) => {
  const { one, result } = await begin(observed, { kind: "resume", record: before, mayStart: true });
  expect(result).toStrictEqual({
    record: { ...asRead(before, observed), ...kept },
    awaited: { kind: "primary", jobId: "job-1", olderJobIds: new Set(["job-0"]) },
    seen: { ...nothingSeen, isTrusted: true, ...evidence },
  });
  expect(one.lines.lines).toEqual(["info: web01: resuming the wait for job job-1"]);
  expect(one.log.calls).toEqual([]);
});

test("a job that is found for a request without one is waited for by its id", async () => {
  const { result } = await begin(observation({ jobs: [job()] }), {
    kind: "resume",
    record: record(),
    mayStart: true,
  });
  expect(result).toMatchObject({ awaited: { jobId: "job-1" } });
});

test("what is adopted keeps and shows the warnings of its decision", async () => {
  const observed = observation({ jobs: [job()] });
  const { one, attempt } = attemptOn(observed);
  const warnings = [
    { code: "scheduledByHost", text: "the host has one scheduled" },
    { code: "ownWindow", text: "the host has a window" },
  ] as const;
  const { record: kept } = adopt({ action: "adopt", reason: "it runs", job: job(), warnings }, attempt);
  expect(kept).toMatchObject({ reason: "it runs", warnings });
  expect(one.lines.lines).toEqual([
    "info: web01: it runs",
    "warn: web01: the host has one scheduled",
    "warn: web01: the host has a window",
  ]);
});

const running = { action: "adopt", reason: "it runs", job: undefined, warnings: [] } as const;
const everything = { sawResync: true, sawJob: true, suspendedByUs: true };

test.each([
  [9, { ...noEvidence, suspendedByUs: true }],
  [10, { ...noEvidence, sawResync: true, suspendedByUs: true }],
])("what an earlier try has seen is no evidence of what is adopted in state %d", (replicationState, evidence) => {
  const paused = { code: "paused", text: "paused by an operator" } as const;
  const before = failedRecord({ replicationState: 10, evidence: everything, warnings: [paused], jobState: 7 });
  const { attempt } = attemptOn(observation({ replicationState }), { kind: "resume", record: before, mayStart: true });
  const { record: kept, seen } = adopt(running, attempt);
  expect(kept.evidence).toStrictEqual(evidence);
  expect(kept.warnings).toEqual([]);
  expect(kept).not.toHaveProperty("jobState");
  expect(seen).toStrictEqual({ ...nothingSeen, isTrusted: true, resynchronizing: replicationState === 10 });
});

test("what a heal adopts is another request, and needs evidence", () => {
  const before = failedRecord({ outcome: "completed", jobId: "job-0", evidence: everything });
  const { attempt } = attemptOn(observation({ jobs: [job()] }), { kind: "heal", record: before });
  const begun = adopt({ ...running, job: job() }, attempt);
  expect(begun.record).toMatchObject({ requestId: "request-1", attempts: 0, failuresInRow: 1, evidence: sawJob });
  expect(begun.seen).toStrictEqual({ ...nothingSeen, job: true });
});

test.each([
  [observation({ replicationState: 7, jobs: [job({ jobId: "job-7" })] }), "job-7", " (job job-7)"],
  [observation({ replicationState: 10 }), undefined, ""],
])("a resync that overtakes a suspension is adopted as it was seen, with a warning", (now, jobId, which) => {
  const { one, attempt } = attemptOn(observation({ replicationState: 3 }));
  const warning = {
    code: "overtaken",
    text: "replication was suspended for a resynchronization that somebody else then began first",
  };
  const begun = adoptOvertaking(now, attempt);
  const reason = `a resynchronization runs already${which}: waiting for it instead of starting a second`;
  expect(begun).toMatchObject({
    record: {
      outcome: "started",
      adopted: true,
      attempts: 0,
      reason,
      replicationState: now.link?.replicationState,
      evidence: { sawResync: jobId === undefined, sawJob: jobId !== undefined, suspendedByUs: true },
      warnings: [warning],
    },
    awaited: { kind: "primary", jobId, olderJobIds: new Set(now.jobs.map((one) => one.jobId)) },
    seen: { ...nothingSeen, job: jobId !== undefined, resynchronizing: jobId === undefined },
  });
  expect(one.lines.lines).toEqual([`info: web01: ${reason}`, `warn: web01: ${warning.text}`]);
});

test("a resync of the other relationship does not overtake a suspension", () => {
  const other = observation({ replicationState: 10, jobs: [job({ jobId: "job-7", jobType: 121 })] });
  const { attempt } = attemptOn(observation({ replicationState: 3 }));
  expect(adoptOvertaking(other, attempt).awaited.jobId).toBeUndefined();
});

test.each([
  ["seen before, and no job", { evidence: sawResync }, observation(), true],
  ["seen before, and its job", { evidence: sawResync }, observation({ jobs: [job()] }), true],
  ["seen before, and another job", { evidence: sawResync }, observation({ jobs: [job({ jobId: "job-2" })] }), false],
  ["not seen before, and state 10", {}, observation({ replicationState: 10 }), true],
  ["not seen before, and no state 10", {}, observation(), false],
  [
    "seen before, and another job in state 10",
    { evidence: sawResync },
    observation({ replicationState: 10, jobs: [job({ jobId: "job-2" })] }),
    true,
  ],
] as const)("of a resync that was %s now, it is known that it was seen: %s", (_what, more, observed, isSeen) => {
  const before = record({ jobId: "job-1", ...more });
  const { attempt } = attemptOn(observed, { kind: "resume", record: before, mayStart: true });
  const { seen, record: kept } = resumeWaiting(
    { action: "resumeWaiting", reason: "resuming", job: observed.jobs[0], record: before },
    attempt,
  );
  expect(seen.resynchronizing).toBe(isSeen);
  expect(kept.evidence.sawResync).toBe(isSeen);
});

test("the warnings of a decision are said of the VM", () => {
  const { one, attempt } = attemptOn(observation());
  warn([{ code: "stalled", text: "nothing moves" }], attempt);
  warn([], attempt);
  expect(one.lines.lines).toEqual(["warn: web01: nothing moves"]);
});
