import type { Awaited, Seen } from "../../../../provider/core/wait/assessWait";
import { ReplicaResyncError } from "../../../../provider/core/errors";
import type { ResyncRecord } from "../../../../provider/core/record/record";
import type { ResyncRequest } from "../../../../provider/core/record/request";
import { completion, waitForResync, type WaitEnd } from "../../../../provider/core/wait/waitForResync";
import { awaited, job, record, request, seen, vmId } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";
import { badRun, lab, type Lab, longRun, type Scene, type Timeline } from "../../../support/fakeHost";

interface Given {
  readonly request?: Partial<ResyncRequest>;
  readonly record?: Partial<ResyncRecord>;
  readonly awaited?: Partial<Awaited>;
  readonly seen?: Partial<Seen>;
}

async function waitOn(one: Lab, given: Given = {}): Promise<WaitEnd> {
  return waitForResync(
    record({ jobId: "job-1", ...given.record }),
    request(given.request),
    awaited(given.awaited),
    seen(given.seen),
    one.context,
  );
}

async function wait(timeline: Timeline, given: Given = {}): Promise<WaitEnd> {
  return waitOn(lab(vmId, { timeline }), given);
}

const waiting = { host: "HV01", vm: "web01", step: "wait" };

test("a resync that ends well is completed, by the clock of its job", async () => {
  const ended = { jobState: 7, percentComplete: 100, timeOfLastStateChange: atSecond(58) };
  const end = await wait([
    [0, { jobs: [{}] }],
    [2, { state: 10, jobs: [{ percentComplete: 30 }] }],
    [58, { state: 3, jobs: [ended] }],
  ]);
  expect(end).toMatchObject({
    kind: "completed",
    record: {
      replicationState: "replicating",
      jobState: "completed",
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
  expect(end).toMatchObject({ kind: "completed", record: { completionTimeSource: "observed" } });
  expect(Date.parse(end.record.completionTime ?? "")).toBeGreaterThanOrEqual(Date.parse(atSecond(120)));
  expect(end.record.durationSeconds).toBeGreaterThanOrEqual(120);
});

test("a job that vanishes five minutes after its end is not missed", async () => {
  await expect(wait([...longRun, [900, { jobs: [] }], [7_200, { state: 3 }]])).resolves.toMatchObject({
    kind: "completed",
    record: { jobState: "running", completionTimeSource: "observed" },
  });
});

test("percent that goes backwards changes nothing", async () => {
  const end = await wait([
    [0, { state: 10, jobs: [{ percentComplete: 80 }] }],
    [20, { jobs: [{ percentComplete: 5 }] }],
    [60, { state: 3, jobs: [{ jobState: 7, percentComplete: 100 }] }],
  ]);
  expect(end.kind).toBe("completed");
});

test("a resync that ends badly is failed, with what the job says and when", async () => {
  await expect(wait(badRun)).resolves.toMatchObject({
    kind: "failed",
    record: { jobState: "exception", jobErrorCode: 32768, replicationState: "resynchronizationRequired" },
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
  expect(end).toMatchObject({ kind: "failed", record: { completionTimeSource } });
});

test("a job that had ended while the resync ran on before this run does not say when it ended", async () => {
  const ended = { jobState: 7, timeOfLastStateChange: atSecond(-60) };
  const end = await wait([[0, { state: 3, jobs: [ended] }]], {
    record: { jobState: "completed", replicationState: "resynchronizing" },
  });
  expect(end).toMatchObject({ kind: "completed", record: { completionTimeSource: "observed" } });
});

test("the record says nothing of a link of the other kind", async () => {
  const end = await wait([...longRun, [60, { state: 3, link: { kind: "extended" } }]]);
  expect(end).toMatchObject({ kind: "failed", record: { replicationState: "none" } });
});

test.each([
  ["role", { vm: { replicationMode: 2 }, state: 3 }, "role has changed"],
  ["relationship", { state: null }, "removed"],
])("another %s in the middle fails, even when it looks healthy", async (_what, scene, reason) => {
  const end = await wait([...longRun, [600, scene]]);
  expect(end).toMatchObject({ kind: "failed", error: { message: expect.stringContaining(reason) as string } });
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
    kind: "interrupted",
    error: { code: "UNEXPECTED_STATE", effect: "started", message: `web01 on HV01: ${message}`, context: waiting },
  });
});

test("a machine that goes away ends the wait with the effect started", async () => {
  await expect(wait([...longRun, [600, { vm: null }]])).resolves.toMatchObject({
    kind: "interrupted",
    error: {
      code: "NOT_FOUND",
      effect: "started",
      message:
        "web01 on HV01: the machine is not on this host any more: moved, deleted, or the account lost its rights. Run up again once it is clear where the machine is: it goes on waiting and starts nothing that runs already",
      context: waiting,
    },
  });
});

test("a machine that is away for one reading is waited for", async () => {
  const end = await wait([...longRun, [600, { vm: null }], [610, { vm: {} }], [900, { state: 3, jobs: [] }]]);
  expect(end.kind).toBe("completed");
});

test("a service that stops in the middle, and loses its jobs, is waited for", async () => {
  const end = await wait([
    ...longRun,
    [600, { service: false }],
    [2_000, { service: true, jobs: [] }],
    [4_000, { state: 3 }],
  ]);
  expect(end.kind).toBe("completed");
});

test("a service that stops in the middle and falls back is failed", async () => {
  const end = await wait([...longRun, [600, { service: false }], [2_000, { service: true, jobs: [], state: 9 }]]);
  expect(end).toMatchObject({ kind: "failed", error: { message: expect.stringContaining("fell back") as string } });
});

test("a host that cannot be read for a while is tried again", async () => {
  const one = lab(vmId, {
    timeline: [
      ...longRun,
      [600, { error: new ReplicaResyncError("UNREACHABLE", "the host is away") }],
      [3_000, { error: null, state: 3, jobs: [] }],
    ],
  });
  await expect(waitOn(one)).resolves.toMatchObject({ kind: "completed" });
  expect(one.lines.text).toContain("status: cannot read HV01, trying again: the host is away");
});

test.each([
  new ReplicaResyncError("AUTH_FAILED", "wrong password"),
  new ReplicaResyncError("ACCESS_DENIED", "no rights"),
  new Error("a bug"),
])("%s ends the wait at once, with what is known kept", async (error) => {
  await expect(wait([...longRun, [600, { error }]])).resolves.toMatchObject({
    kind: "interrupted",
    error,
    record: { jobState: "running", percentComplete: 10 },
  });
});

test("the deadline counts from the beginning of the run", async () => {
  const one = lab(vmId, { timeline: longRun });
  one.clock.pass(5_000);
  const end = await waitOn(one, { request: { timeoutMs: 600_000 } });
  expect(end).toMatchObject({
    kind: "timedOut",
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
  expect(end.kind).toBe("timedOut");
  expect(one.clock.now()).toBeGreaterThanOrEqual(Date.parse(atSecond(36_060)));
});

test.each<[string, Timeline, string]>([
  [
    "while the host cannot be read",
    [[0, { error: new ReplicaResyncError("UNREACHABLE", "away") }]],
    "resynchronizationRequired, job job-1",
  ],
  ["while the resync runs", [[0, { state: 10, jobs: [{}] }]], "resynchronizing, job job-1 running at 0 %"],
])("the deadline comes %s, in the moment in which the time is over", async (_when, timeline, state) => {
  const one = lab(vmId, { timeline });
  await expect(waitOn(one, { request: { timeoutMs: 1_000 } })).resolves.toMatchObject({
    kind: "timedOut",
    error: { summary: `not finished after 1 s (state ${state})`, context: waiting },
  });
  expect(one.clock.slept).toEqual([1_000]);
});

test("a wait that joins others begins with the shortest pause", async () => {
  const one = lab(vmId, { timeline: longRun });
  for (let tick = 0; tick < 3; tick++) await one.session.watch.next(vmId, one.context.signal);
  await waitOn(one, { request: { timeoutMs: 1_000 } });
  expect(one.clock.slept).toEqual([1_000, 1_500, 2_250, 1_000]);
});

test("a timeout without a job names the state alone", async () => {
  const one = lab(vmId);
  const { jobId: _none, ...bare } = record();
  const end = await waitForResync(
    bare,
    request({ timeoutMs: 1_000 }),
    awaited({ jobId: undefined }),
    seen(),
    one.context,
  );
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
  await expect(waitOn(one)).resolves.toMatchObject({ kind: "interrupted", record: { percentComplete: 10 } });
  expect(one.clock.slept.length).toBeLessThan(7);
});

test("a stop is no error of a reading that can pass", async () => {
  const one = lab(vmId, { timeline: longRun });
  const reason = new ReplicaResyncError("CANCELLED", "the run was stopped");
  const context = { ...one.context, signal: AbortSignal.abort(reason) };
  await expect(waitForResync(record(), request(), awaited(), seen(), context)).resolves.toEqual({
    kind: "interrupted",
    record: record(),
    error: reason,
  });
});

test("a paused resync warns once, at once, and is waited for", async () => {
  const one = lab(vmId, {
    timeline: [...longRun, [600, { state: 11 }], [9_000, { state: 10 }], [9_600, { state: 3, jobs: [] }]],
  });
  const end = await waitOn(one, { request: { stalledAfterMs: 0 } });
  expect(end).toMatchObject({
    kind: "completed",
    record: { warnings: [expect.stringContaining("-Continue")] as string[] },
  });
  expect(one.lines.lines.filter((line) => line.startsWith("warn:"))).toHaveLength(1);
});

const stalled =
  "nothing has moved for 1 h: the usual causes are a disk whose size differs between the two sides, a paused resynchronization, or no route to the replica host";

test("a resync in which nothing moves warns once, with the usual causes", async () => {
  const one = lab(vmId, { timeline: longRun });
  const end = await waitOn(one, { request: { timeoutMs: 20_000_000 } });
  expect(end.record.warnings).toEqual([stalled]);
  expect(one.lines.lines.filter((line) => line.startsWith("warn:"))).toEqual([`warn: web01: ${stalled}`]);
});

test("a resync is stalled in the moment in which the time is over", async () => {
  const end = await wait([[0, { state: 10, jobs: [{}] }]], { request: { stalledAfterMs: 1_500, timeoutMs: 2_500 } });
  expect(end.record.warnings).toEqual([stalled.replace("1 h", "2 s")]);
});

test.each<[string, (percentOrState: number) => Scene]>([
  ["its percent", (nth) => ({ state: 10, jobs: [{ percentComplete: nth }] })],
  ["the state of its job", (nth) => ({ state: 10, jobs: [{ jobState: 3 + (nth % 2) }] })],
  ["the state of its link", (nth) => ({ state: 10 + (nth % 2), jobs: [] })],
])("a resync is not stalled as long as %s changes", async (_what, scene) => {
  const moving: Timeline = Array.from({ length: 5 }, (_, nth) => [nth * 3_000, scene(nth)]);
  const end = await wait(moving, { request: { timeoutMs: 15_000_000 } });
  expect(end.record.warnings).not.toContain(stalled);
});

test("stalledAfterSeconds 0 never warns", async () => {
  const end = await wait(longRun, { request: { timeoutMs: 20_000_000, stalledAfterMs: 0 } });
  expect(end.record.warnings).toEqual([]);
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
  expect(end).toMatchObject({ kind: "completed", record: { warnings: [] } });
});

test("a scheduled request has started as soon as state 10 is seen", async () => {
  const scheduledStartTime = atSecond(600);
  const end = await wait(
    [
      [0, { jobs: [{ jobState: 2, scheduledStartTime }] }],
      [600, { state: 10 }],
    ],
    {
      request: { timeoutMs: 60_000 },
      record: { outcome: "scheduled", scheduledStartTime },
    },
  );
  expect(end).toMatchObject({
    kind: "timedOut",
    record: { outcome: "started", reason: "the host resynchronizes it as scheduled" },
  });
});

test("a request that was not scheduled keeps its reason when state 10 is seen", async () => {
  const end = await wait(longRun, { request: { timeoutMs: 60_000 }, record: { reason: "it needs one" } });
  expect(end.record).toMatchObject({ outcome: "started", reason: "it needs one" });
});

test("a job that completed with warnings leaves a warning", async () => {
  const warned = { jobState: 32768, errorDescription: "slow disk" };
  const one = lab(vmId, { timeline: [...longRun, [60, { state: 3, jobs: [warned] }]] });
  await expect(waitOn(one)).resolves.toMatchObject({
    kind: "completed",
    record: {
      warnings: [
        "the job completed with warnings (JobState 32768): slow disk; the Hyper-V-VMMS event log of the host says more",
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

test.each([
  [
    { jobState: 7, timeOfLastStateChange: atSecond(50) },
    { completionTime: atSecond(50), completionTimeSource: "job", durationSeconds: 50 },
  ],
  [{ jobState: 7 }, { completionTime: atSecond(90), completionTimeSource: "observed", durationSeconds: 90 }],
  [
    { jobState: 4, timeOfLastStateChange: atSecond(50) },
    { completionTime: atSecond(90), completionTimeSource: "observed", durationSeconds: 90 },
  ],
  [
    { jobState: 99, timeOfLastStateChange: atSecond(50) },
    { completionTime: atSecond(90), completionTimeSource: "observed", durationSeconds: 90 },
  ],
  [
    { jobState: 7, startTime: atSecond(88.6) },
    { completionTime: atSecond(90), completionTimeSource: "observed", durationSeconds: 1 },
  ],
  [
    { jobState: 7, startTime: atSecond(90) },
    { completionTime: atSecond(90), completionTimeSource: "observed", durationSeconds: 0 },
  ],
  [undefined, { completionTime: atSecond(90), completionTimeSource: "observed", durationSeconds: 90 }],
])("the end by job %j read at second 90 is %j", (given, expected) => {
  expect(completion(record(), given && job(given), atSecond(90))).toStrictEqual(expected);
});

test("a duration is left out when nothing says when it began, or the clocks contradict", () => {
  const { requestedAt: _none, ...unknown } = record();
  expect(completion(unknown, undefined, atSecond(90))).not.toHaveProperty("durationSeconds");
  expect(completion(record({ startedAt: atSecond(200) }), undefined, atSecond(90))).not.toHaveProperty(
    "durationSeconds",
  );
});

test("a good end that is seen as the time is over is looked at once more", async () => {
  const end = await wait([[0, { state: 3, jobs: [{ jobState: 7 }] }]], { request: { timeoutMs: 1 } });
  expect(end.kind).toBe("completed");
  const other = await wait(
    [
      [0, { state: 3, jobs: [{ jobState: 7 }] }],
      [1.5, { state: 10, jobs: [{}] }],
    ],
    { request: { timeoutMs: 1 } },
  );
  expect(other.kind).toBe("timedOut");
});

test("a duration is not counted from the time at which a resync was adopted", () => {
  const adopted = record({ adopted: true, attempts: 0, requestedAt: atSecond(0) });
  expect(completion(adopted, undefined, atSecond(60))).not.toHaveProperty("durationSeconds");
  expect(completion({ ...adopted, attempts: 1 }, undefined, atSecond(60))).toMatchObject({ durationSeconds: 60 });
});

test("a pause that an earlier run has warned of is warned of again, and recorded once", async () => {
  const warning = "the resynchronization is paused by an operator: Resume-VMReplication -Continue lets it go on";
  const one = lab(vmId, { timeline: [[0, { state: 11 }]] });
  const end = await waitOn(one, { record: { warnings: [warning] }, request: { timeoutMs: 60_000 } });
  expect(one.lines.lines.filter((line) => line.startsWith("warn:"))).toEqual([`warn: web01: ${warning}`]);
  expect(end.record.warnings).toEqual([warning]);
});

test.each([7, 11])("a wait for a resync that is paused in state %d ends with what lets it go on", async (state) => {
  const one = lab(vmId, { timeline: [[0, { state }]] });
  const end = await waitOn(one, { seen: { resynchronizing: true }, request: { timeoutMs: 60_000 } });
  expect(end).toMatchObject({
    kind: "timedOut",
    error: { remedy: "Let it go on: Resume-VMReplication -Continue. Then run up again to go on waiting" },
  });
});

test("a wait that runs out over a job with an error names the error", async () => {
  const ended = { jobState: 10, errorCode: 32768, percentComplete: 99 };
  const end = await wait([[0, { state: 10, jobs: [ended] }]], { request: { timeoutMs: 60_000 } });
  expect(end).toMatchObject({
    kind: "timedOut",
    error: {
      summary:
        "not finished after 1 min (state resynchronizing, job job-1 exception at 99 % with error 32768 (Failed))",
      remedy: "Run up again to go on waiting; timeoutSeconds says how long one run waits",
    },
  });
});

test("a job that is lost before its start time is not missed: the host may begin all the same", async () => {
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
  expect(end.kind).toBe("completed");
  const never = await wait(
    [
      [0, { state: 9, jobs: [waiting] }],
      [60, { jobs: [] }],
    ],
    { record: { outcome: "scheduled", scheduledStartTime: startTime } },
  );
  expect(never).toMatchObject({ kind: "failed", error: { code: "JOB_FAILED" } });
});

test("a job whose state goes back is waited for", async () => {
  const end = await wait([
    [0, { jobs: [{ jobState: 4 }] }],
    [2, { state: 10, jobs: [{ jobState: 4, percentComplete: 40 }] }],
    [20, { jobs: [{ jobState: 2, percentComplete: 40 }] }],
    [40, { jobs: [{ jobState: 3, percentComplete: 40 }] }],
    [60, { state: 3, jobs: [{ jobState: 7 }] }],
  ]);
  expect(end).toMatchObject({ kind: "completed", record: { jobState: "completed" } });
});
