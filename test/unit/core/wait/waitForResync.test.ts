import { ReplicaResyncError } from "../../../../provider/core/errors";
import type { ResyncRecord } from "../../../../provider/core/record/record";
import type { ResyncRequest } from "../../../../provider/core/record/request";
import type { ResyncResult } from "../../../../provider/core/record/result";
import type { Awaited, Seen } from "../../../../provider/core/wait/awaited";
import { waitForResync } from "../../../../provider/core/wait/waitForResync";
import { awaited, noEvidence, record, request, seen, vmId } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";
import { badRun, lab, type Lab, longRun, type Scene, type Timeline } from "../../../support/fakeHost";

interface Given {
  readonly request?: Partial<ResyncRequest>;
  readonly record?: Partial<ResyncRecord>;
  readonly awaited?: Partial<Awaited>;
  readonly seen?: Partial<Seen>;
}

async function waitOn(one: Lab, given: Given = {}): Promise<ResyncResult> {
  const begun = {
    record: record({ jobId: "job-1", ...given.record }),
    awaited: awaited(given.awaited),
    seen: seen(given.seen),
  };
  return waitForResync(begun, request(given.request), one.context);
}

async function wait(timeline: Timeline, given: Given = {}): Promise<ResyncResult> {
  return waitOn(lab(vmId, { timeline }), given);
}

/** How a wait ended: with which outcome, and where that is no good one, with which error. */
function briefly(end: ResyncResult): string {
  return end.ok ? end.record.outcome : `${end.record?.outcome ?? "nothing kept"}, ${end.error.code}`;
}

const completed = { ok: true, record: { outcome: "completed" } };
const waiting = { host: "HV01", vm: "web01", step: "wait" };

test("a resync that ends well is completed, by the clock of its job", async () => {
  const ended = { jobState: 7, percentComplete: 100, timeOfLastStateChange: atSecond(58) };
  const end = await wait([
    [0, { jobs: [{}] }],
    [2, { state: 10, jobs: [{ percentComplete: 30 }] }],
    [58, { state: 3, jobs: [ended] }],
  ]);
  expect(end).toMatchObject({
    ok: true,
    record: {
      outcome: "completed",
      replicationState: 3,
      jobState: 7,
      percentComplete: 100,
      startedAt: atSecond(0),
      completionTime: atSecond(58),
      completionTimeSource: "job",
      durationSeconds: 58,
    },
  });
});

test("a job that ends as soon as the resync has begun does not say when the resync ended", async () => {
  const ended = { jobState: 7, percentComplete: 100, timeOfLastStateChange: atSecond(1) };
  const end = await wait([
    [0, { jobs: [{}] }],
    [2, { state: 10, jobs: [ended] }],
    [120, { state: 3, jobs: [ended] }],
  ]);
  expect(end).toMatchObject({ ok: true, record: { outcome: "completed", completionTimeSource: "observed" } });
  expect(Date.parse(end.record?.completionTime ?? "")).toBeGreaterThanOrEqual(Date.parse(atSecond(120)));
  expect(end.record?.durationSeconds).toBeGreaterThanOrEqual(120);
});

test("a job that vanishes five minutes after its end is not missed", async () => {
  await expect(wait([...longRun, [900, { jobs: [] }], [7_200, { state: 3 }]])).resolves.toMatchObject({
    ok: true,
    record: {
      outcome: "completed",
      jobState: 4,
      completionTimeSource: "observed",
    },
  });
});

test("percent that goes backwards changes nothing", async () => {
  const end = await wait([
    [0, { state: 10, jobs: [{ percentComplete: 80 }] }],
    [20, { jobs: [{ percentComplete: 5 }] }],
    [60, { state: 3, jobs: [{ jobState: 7, percentComplete: 100 }] }],
  ]);
  expect(briefly(end)).toBe("completed");
});

test("a resync that ends badly is failed, with what the job says and when", async () => {
  await expect(wait(badRun)).resolves.toMatchObject({
    ok: false,
    record: {
      outcome: "failed",
      jobState: 10,
      jobErrorCode: 32768,
      replicationState: 9,
    },
    error: {
      code: "JOB_FAILED",
      effect: "started",
      message:
        "web01 on HV01: job job-1 ended as exception (JobState 10) with error 32768 (Failed): no space left. Look at the Hyper-V-VMMS event log of the host, check that the replica host answers and that the disks on both sides have the same size",
      context: waiting,
    },
  });
});

test.each([
  ["by the clock of its job", [], "job"],
  ["by when it was seen, if its job had ended before", [[2, { state: 10, jobs: [{ jobState: 7 }] }]], "observed"],
] satisfies [string, Timeline, string][])("a bad end is dated %s", async (_how, before, completionTimeSource) => {
  const failedJob = { jobState: 10, timeOfLastStateChange: atSecond(28) };
  const end = await wait([...longRun, ...before, [30, { state: 9, jobs: [failedJob] }]]);
  expect(end).toMatchObject({ ok: false, record: { outcome: "failed", completionTimeSource } });
});

test("a job that had ended while the resync ran on before this run does not say when it ended", async () => {
  const ended = { jobState: 7, timeOfLastStateChange: atSecond(-60) };
  const end = await wait([[0, { state: 3, jobs: [ended] }]], {
    record: { jobState: 7, replicationState: 10 },
  });
  expect(end).toMatchObject({ ok: true, record: { outcome: "completed", completionTimeSource: "observed" } });
});

test("the record says nothing of a relationship of the other kind", async () => {
  const end = await wait([...longRun, [60, { state: 3, link: { kind: "extended" } }]]);
  expect(end).toMatchObject({ ok: false, record: { outcome: "failed", replicationState: null } });
});

test.each([
  ["role", { vm: { replicationMode: 2 }, state: 3 }, "role has changed"],
  ["relationship", { state: null }, "removed"],
])("another %s in the middle fails, even when it looks healthy", async (_what, scene, reason) => {
  const end = await wait([...longRun, [600, scene]]);
  expect(end).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining(reason) as string },
    record: { outcome: "failed" },
  });
});

test.each([
  [
    17,
    "its replication is in state 17 (unknown), in which no resynchronization is waited for. The host does not know the state itself: look at it in Hyper-V Manager",
  ],
  [
    22,
    "its replication is in state 22 (not a known state), in which no resynchronization is waited for. Report this as a bug of the package",
  ],
])("state %d ends the wait as unexpected, with the effect started", async (state, message) => {
  await expect(wait([...longRun, [600, { state }]])).resolves.toMatchObject({
    ok: false,
    record: {
      outcome: "started",
    },
    error: { code: "UNEXPECTED_STATE", effect: "started", message: `web01 on HV01: ${message}`, context: waiting },
  });
});

test("a VM that goes away ends the wait with the effect started", async () => {
  await expect(wait([...longRun, [600, { vm: null }]])).resolves.toMatchObject({
    ok: false,
    record: {
      outcome: "started",
    },
    error: {
      code: "NOT_FOUND",
      effect: "started",
      message:
        "web01 on HV01: the VM is not on this host any more: moved, deleted, or the account lost its rights. Run up again once it is clear where the VM is: it keeps waiting and starts nothing that is already running",
      context: waiting,
    },
  });
});

test("a VM that is away for one reading is waited for", async () => {
  const end = await wait([...longRun, [600, { vm: null }], [610, { vm: {} }], [900, { state: 3, jobs: [] }]]);
  expect(briefly(end)).toBe("completed");
});

test("a service that stops in the middle, and loses its jobs, is waited for", async () => {
  const end = await wait([
    ...longRun,
    [600, { service: false }],
    [2_000, { service: true, jobs: [] }],
    [4_000, { state: 3 }],
  ]);
  expect(briefly(end)).toBe("completed");
});

test("a service that stops in the middle and falls back is failed", async () => {
  const end = await wait([...longRun, [600, { service: false }], [2_000, { service: true, jobs: [], state: 9 }]]);
  expect(end).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining("fell back") as string },
    record: { outcome: "failed" },
  });
});

test("a host that cannot be read for a while is tried again", async () => {
  const one = lab(vmId, {
    timeline: [
      ...longRun,
      [600, { error: new ReplicaResyncError("UNREACHABLE", "the host is away") }],
      [3_000, { error: null, state: 3, jobs: [] }],
    ],
  });
  await expect(waitOn(one)).resolves.toMatchObject(completed);
  expect(one.lines.text).toContain("status: cannot read HV01, trying again: the host is away");
});

test.each([
  ["AUTH_FAILED", new ReplicaResyncError("AUTH_FAILED", "wrong password")],
  ["ACCESS_DENIED", new ReplicaResyncError("ACCESS_DENIED", "no rights")],
  ["REFUSED", new Error("a bug")],
])("%s ends the wait at once, with what is known kept", async (code, error) => {
  await expect(wait([...longRun, [600, { error }]])).resolves.toMatchObject({
    ok: false,
    error: { code, effect: "started", message: error.message, cause: error },
    record: { outcome: "started", jobState: 4, percentComplete: 10, reason: error.message },
  });
});

test("the deadline counts from the beginning of the run", async () => {
  const one = lab(vmId, { timeline: longRun });
  one.clock.pass(5_000);
  const end = await waitOn(one, { request: { timeoutMs: 600_000 } });
  expect(end).toMatchObject({
    ok: false,
    record: {
      outcome: "started",
    },
    error: {
      code: "JOB_TIMEOUT",
      effect: "started",
      message: expect.stringContaining("10 min (state resynchronizing, job job-1 running at 10 %)") as string,
    },
  });
  expect(one.clock.now()).toBeLessThan(Date.parse(atSecond(5_620)));
});

test("the deadline counts from the start time when that is ahead", async () => {
  const one = lab(vmId, { timeline: [[0, { jobs: [{ jobState: 2, scheduledStartTime: atSecond(36_000) }] }]] });
  const end = await waitOn(one, {
    request: { timeoutMs: 60_000 },
    record: { outcome: "scheduled", scheduledStartTime: atSecond(36_000) },
  });
  expect(briefly(end)).toBe("scheduled, JOB_TIMEOUT");
  expect(one.clock.now()).toBeGreaterThanOrEqual(Date.parse(atSecond(36_060)));
});

test.each<[string, Timeline, string]>([
  [
    "while the host cannot be read",
    [[0, { error: new ReplicaResyncError("UNREACHABLE", "away") }]],
    "resynchronizationRequired, job job-1",
  ],
  ["while the resync runs", [[0, { state: 10, jobs: [{}] }]], "resynchronizing, job job-1 running at 0 %"],
])("the deadline comes %s, as soon as the time is over", async (_when, timeline, state) => {
  const one = lab(vmId, { timeline });
  await expect(waitOn(one, { request: { timeoutMs: 1_000 } })).resolves.toMatchObject({
    ok: false,
    record: {
      outcome: "started",
    },
    error: { summary: `not finished after 1 s (state ${state})`, context: waiting },
  });
  expect(one.clock.slept).toEqual([1_000]);
});

test("a wait that joins others begins with the shortest pause", async () => {
  const one = lab(vmId, { timeline: longRun });
  for (let tick = 0; tick < 3; tick++) await one.session.reader.next(one.context.signal);
  await waitOn(one, { request: { timeoutMs: 1_000 } });
  expect(one.clock.slept).toEqual([1_000, 1_500, 2_250, 1_000]);
});

test("a timeout without a job names the state alone", async () => {
  const one = lab(vmId);
  const { jobId: _none, ...bare } = record();
  const begun = { record: bare, awaited: awaited({ jobId: undefined }), seen: seen() };
  const end = await waitForResync(begun, request({ timeoutMs: 1_000 }), one.context);
  expect(end).toMatchObject({
    error: { message: expect.stringContaining("(state resynchronizationRequired)") as string },
  });
});

test("a stop ends the wait at once, with what is known kept", async () => {
  const one = lab(vmId, { timeline: longRun });
  const sleep = one.clock.sleep.bind(one.clock);
  one.clock.sleep = async (delayMs, signal) => {
    if (one.clock.slept.length === 5) one.stop();
    return sleep(delayMs, signal);
  };
  await expect(waitOn(one)).resolves.toMatchObject({
    ok: false,
    error: { code: "CANCELLED", effect: "started", context: waiting },
    record: { outcome: "started", percentComplete: 10 },
  });
  expect(one.clock.slept.length).toBeLessThan(7);
});

test("a stop is no error of a reading that can pass", async () => {
  const one = lab(vmId, { timeline: longRun });
  const reason = new ReplicaResyncError("CANCELLED", "the run was stopped");
  const context = { ...one.context, signal: AbortSignal.abort(reason) };
  const begun = { record: record(), awaited: awaited(), seen: seen() };
  const summary = "stopped waiting after 0 s; the resynchronization keeps running on the host";
  await expect(waitForResync(begun, request(), context)).resolves.toEqual({
    ok: false,
    error: expect.objectContaining({ code: "CANCELLED", effect: "started", summary }) as Error,
    record: { ...record(), reason: summary },
  });
  expect(one.lines.lines).toEqual([]);
});

const pausedWarning = {
  code: "paused",
  text: "the resynchronization is paused by an operator: Resume-VMReplication -Continue lets it continue",
} as const;

test("a paused resync warns once, at once, and is waited for", async () => {
  const one = lab(vmId, {
    timeline: [...longRun, [600, { state: 11 }], [9_000, { state: 10 }], [9_600, { state: 3, jobs: [] }]],
  });
  const end = await waitOn(one, { request: { stalledAfterMs: 0 } });
  expect(end).toMatchObject({
    ok: true,
    record: { outcome: "completed", warnings: [pausedWarning] },
  });
  expect(one.lines.lines.filter((line) => line.startsWith("warn:"))).toHaveLength(1);
});

const stalled = (howLong: string): { code: string; text: string } => ({
  code: "stalled",
  text: `nothing has moved for ${howLong}: the usual causes are a disk whose size differs between the two sides, a paused resynchronization, or no route to the replica host`,
});

test("a resync in which nothing moves warns once, with the usual causes", async () => {
  const one = lab(vmId, { timeline: longRun });
  const end = await waitOn(one, { request: { timeoutMs: 20_000_000 } });
  expect(end.record?.warnings).toEqual([stalled("1 h")]);
  expect(one.lines.lines.filter((line) => line.startsWith("warn:"))).toEqual([`warn: web01: ${stalled("1 h").text}`]);
});

test("a resync is stalled as soon as the time is over", async () => {
  const end = await wait([[0, { state: 10, jobs: [{}] }]], { request: { stalledAfterMs: 1_500, timeoutMs: 2_500 } });
  expect(end.record?.warnings).toEqual([stalled("2 s")]);
});

test.each<[string, (percentOrState: number) => Scene]>([
  ["its percent", (nth) => ({ state: 10, jobs: [{ percentComplete: nth }] })],
  ["the state of its job", (nth) => ({ state: 10, jobs: [{ jobState: 3 + (nth % 2) }] })],
  ["the state of its relationship", (nth) => ({ state: 10 + (nth % 2), jobs: [] })],
])("a resync is not stalled as long as %s changes", async (_what, scene) => {
  const moving: Timeline = Array.from({ length: 5 }, (_, nth) => [nth * 3_000, scene(nth)]);
  const end = await wait(moving, { request: { timeoutMs: 15_000_000 } });
  expect(end.record?.warnings.map(({ code }) => code)).not.toContain("stalled");
});

test("stalledAfterSeconds 0 never warns", async () => {
  const end = await wait(longRun, { request: { timeoutMs: 20_000_000, stalledAfterMs: 0 } });
  expect(end.record?.warnings).toEqual([]);
});

test("the time before the start time does not count as stalled", async () => {
  const scheduledStartTime = atSecond(36_000);
  const end = await wait(
    [
      [0, { jobs: [{ jobState: 2, scheduledStartTime }] }],
      [36_000, { state: 10, jobs: [{ percentComplete: 1 }] }],
      [36_600, { state: 3, jobs: [{ jobState: 7 }] }],
    ],
    { record: { outcome: "scheduled", scheduledStartTime } },
  );
  expect(end).toMatchObject({ ok: true, record: { outcome: "completed", warnings: [] } });
});

test("a scheduled request has started as soon as state 10 is seen", async () => {
  const scheduledStartTime = atSecond(600);
  const scheduled: Timeline = [
    [0, { jobs: [{ jobState: 2, scheduledStartTime }] }],
    [600, { state: 10 }],
  ];
  const before = { outcome: "scheduled", scheduledStartTime, reason: "it was found scheduled", adopted: true } as const;
  const end = await wait(scheduled, { request: { timeoutMs: 60_000 }, record: before });
  expect(briefly(end)).toBe("started, JOB_TIMEOUT");
  const whole = await wait([...scheduled, [700, { state: 3, jobs: [] }]], { record: before });
  expect(whole).toMatchObject({ ok: true, record: { reason: "the host resynchronizes it as scheduled" } });
});

test("a scheduled request is scheduled until state 10 is seen", async () => {
  const scheduledStartTime = atSecond(600);
  const end = await wait([[0, { jobs: [{ jobState: 4, scheduledStartTime }] }]], {
    request: { timeoutMs: 60_000 },
    record: { outcome: "scheduled", scheduledStartTime },
  });
  expect(briefly(end)).toBe("scheduled, JOB_TIMEOUT");
});

test("a request that was not scheduled keeps its reason when state 10 is seen", async () => {
  const before = { reason: "it was found running", adopted: true };
  const end = await wait([...longRun, [60, { state: 3, jobs: [{ jobState: 7 }] }]], { record: before });
  expect(end).toMatchObject({ ok: true, record: { outcome: "completed", reason: "it was found running" } });
});

test("a job that completed with warnings leaves a warning", async () => {
  const warned = { jobState: 32768, errorDescription: "slow disk" };
  const one = lab(vmId, { timeline: [...longRun, [60, { state: 3, jobs: [warned] }]] });
  await expect(waitOn(one)).resolves.toMatchObject({
    ok: true,
    record: {
      outcome: "completed",
      warnings: [
        {
          code: "completedWithWarnings",
          text: "the job completed with warnings (JobState 32768): slow disk; the Hyper-V-VMMS event log of the host says more",
        },
      ],
    },
  });
  expect(one.lines.text).toContain("warn: web01: the job completed with warnings (JobState 32768): slow disk");
});

test.each([
  [{ percentComplete: 10 }, "resynchronizing 10 %, about 9 s left"],
  [{ percentComplete: 1 }, "resynchronizing 1 %, about 1 min 39 s left"],
  [{ percentComplete: 0 }, "resynchronizing 0 %"],
  [{ percentComplete: 100 }, "resynchronizing 100 %"],
  [{ percentComplete: 10, startTime: atSecond(1) }, "resynchronizing 10 %"],
  [{ percentComplete: 10, startTime: atSecond(5) }, "resynchronizing 10 %"],
])("a job with %j is shown as %s", async (more, status) => {
  const one = lab(vmId, { timeline: [[0, { state: 10, jobs: [more] }]] });
  await waitOn(one, { request: { timeoutMs: 1_000 } });
  expect(one.lines.lines).toEqual([`status: ${status}`]);
});

test("a resync without a job is shown without percent", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 10 }]] });
  await waitOn(one, { request: { timeoutMs: 1_000 } });
  expect(one.lines.lines).toEqual(["status: resynchronizing"]);
});

test("nothing is ever started while waiting", async () => {
  const one = lab(vmId, { timeline: badRun });
  await waitOn(one);
  expect(one.log.starts).toBe(0);
  expect(one.log.requestedStates).toEqual([]);
});

test("a good end that is seen as the time is over is looked at once more", async () => {
  const end = await wait([[0, { state: 3, jobs: [{ jobState: 7 }] }]], { request: { timeoutMs: 1 } });
  expect(briefly(end)).toBe("completed");
  const other = await wait(
    [
      [0, { state: 3, jobs: [{ jobState: 7 }] }],
      [1.5, { state: 10, jobs: [{}] }],
    ],
    { request: { timeoutMs: 1 } },
  );
  expect(briefly(other)).toBe("started, JOB_TIMEOUT");
});

test("a pause that an earlier run has warned of is warned of again, and recorded once", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 11 }]] });
  const end = await waitOn(one, { record: { warnings: [pausedWarning] }, request: { timeoutMs: 60_000 } });
  expect(one.lines.lines.filter((line) => line.startsWith("warn:"))).toEqual([`warn: web01: ${pausedWarning.text}`]);
  expect(end.record?.warnings).toEqual([pausedWarning]);
});

test.each([7, 11])("a wait for a resync that is paused in state %d ends with what lets it continue", async (state) => {
  const one = lab(vmId, { timeline: [[0, { state }]] });
  const end = await waitOn(one, { seen: { resynchronizing: true }, request: { timeoutMs: 60_000 } });
  expect(end).toMatchObject({
    ok: false,
    record: {
      outcome: "started",
    },
    error: {
      code: "JOB_TIMEOUT",
      remedy: "Let it continue: Resume-VMReplication -Continue. Then run up again to keep waiting",
    },
  });
});

test("a wait that runs out over a job with an error names the error", async () => {
  const ended = { jobState: 10, errorCode: 32768, percentComplete: 99 };
  const end = await wait([[0, { state: 10, jobs: [ended] }]], { request: { timeoutMs: 60_000 } });
  expect(end).toMatchObject({
    ok: false,
    record: {
      outcome: "started",
    },
    error: {
      summary:
        "not finished after 1 min (state resynchronizing, job job-1 exception at 99 % with error 32768 (Failed))",
      remedy: "Run up again to keep waiting; timeoutSeconds says how long one run waits",
    },
  });
});

test("a job that is lost before its start time is not missed: the host may begin anyway", async () => {
  const startTime = atSecond(1_800);
  const waiting = { jobState: 2, scheduledStartTime: startTime };
  const end = await wait(
    [
      [0, { state: 9, jobs: [waiting] }],
      [60, { jobs: [] }],
      [1_801, { state: 10 }],
      [1_900, { state: 3 }],
    ],
    { record: { outcome: "scheduled", scheduledStartTime: startTime } },
  );
  expect(briefly(end)).toBe("completed");
  const never = await wait(
    [
      [0, { state: 9, jobs: [waiting] }],
      [60, { jobs: [] }],
    ],
    { record: { outcome: "scheduled", scheduledStartTime: startTime } },
  );
  expect(never).toMatchObject({ ok: false, error: { code: "JOB_FAILED" }, record: { outcome: "failed" } });
});

test("a job whose state goes back is waited for", async () => {
  const end = await wait([
    [0, { jobs: [{ jobState: 4 }] }],
    [2, { state: 10, jobs: [{ jobState: 4, percentComplete: 40 }] }],
    [20, { jobs: [{ jobState: 2, percentComplete: 40 }] }],
    [40, { jobs: [{ jobState: 3, percentComplete: 40 }] }],
    [60, { state: 3, jobs: [{ jobState: 7 }] }],
  ]);
  expect(end).toMatchObject({ ok: true, record: { outcome: "completed", jobState: 7 } });
});

test("what a wait has seen is kept as evidence for the next run", async () => {
  const end = await wait(longRun, { request: { timeoutMs: 60_000 } });
  expect(end.record?.evidence).toEqual({ sawResync: true, sawJob: true, suspendedByUs: false });
  const nothing = await wait([[0, { state: 9 }]], { request: { timeoutMs: 60_000 } });
  expect(nothing.record?.evidence).toEqual(noEvidence);
});

test("a wait that times out is kept with the reason why", async () => {
  const end = await wait(longRun, { request: { timeoutMs: 60_000 } });
  expect(end).toMatchObject({
    record: { reason: "not finished after 1 min (state resynchronizing, job job-1 running at 10 %)" },
  });
});

test("a wait that times out cancels where the caller chose so", async () => {
  const one = lab(vmId, { timeline: longRun });
  const end = await waitOn(one, { request: { timeoutMs: 60_000, onTimeout: "cancel" } });
  expect(briefly(end)).toBe("cancelled, JOB_FAILED");
  expect(one.log.requestedStates).toEqual([9]);
});

test("a bad end is counted from when it was read", async () => {
  const end = await wait(badRun);
  expect(end.record).toMatchObject({ outcome: "failed", failuresInRow: 1 });
  expect(end.record?.failingSince).toBe(end.record?.observedAt);
});
