import { ReplicaResyncError } from "../../../provider/core/errors";
import { resync } from "../../../provider/core/resync";
import type { ResyncResult } from "../../../provider/core/record/result";
import { failedRecord, otherVmId, record, request, vmId } from "../../support/builders";
import { atSecond, startMs } from "../../support/fakeClock";
import { badRun, FakeHost, goodRun, lab, type Lab, longRun, runOn, type Script } from "../../support/fakeHost";
import { throwValue } from "../../support/throwValue";
import { FakeClock } from "../../support/fakeClock";

const lost = new ReplicaResyncError("SESSION_LOST", "the connection was lost");
const always = request({ policy: "always" });

async function run(script: Script, given = request()): Promise<{ one: Lab; result: ResyncResult }> {
  const one = lab(vmId, script);
  return { one, result: await resync(given, one.context) };
}

test("a VM in state 9 is resynchronized by one call and recorded as completed", async () => {
  const { one, result } = await run({});
  expect(result).toMatchObject({
    ok: true,
    record: {
      outcome: "completed",
      returnCode: 4096,
      attempts: 1,
      adopted: false,
      requestId: "request-1",
      hostName: "HV01",
      jobId: "job-1",
      jobState: 7,
      percentComplete: 100,
      replicationStateBefore: 9,
      replicationState: 3,
      requestedAt: atSecond(0),
      failuresInRow: 0,
      warnings: [],
    },
  });
  expect(result.record).not.toHaveProperty("reason");
  expect(result.record?.warnings).toStrictEqual([]);
  expect(one.log.starts).toBe(1);
});

test("the first line of a started request says that recovery points are deleted", async () => {
  const { one } = await run({});
  const [first] = one.lines.lines.filter((line) => line.startsWith("info:"));
  expect(first).toBe(
    "info: web01: it requires a resynchronization; resynchronizing deletes the recovery points of its replica; starting now",
  );
});

test.each([
  [3, "ifRequired", "skipped", 0],
  [7, "ifRequired", "skipped", 0],
] as const)("state %d under %s is %s without a call", async (state, policy, outcome, attempts) => {
  const { one, result } = await run({ timeline: [[0, { state }]] }, request({ policy }));
  expect(result).toMatchObject({
    ok: true,
    record: { outcome, attempts, reason: expect.stringMatching(/\w/) as string },
  });
  expect(result.record).not.toHaveProperty("returnCode");
  expect(one.log.starts).toBe(0);
});

test("a state that is refused leaves nothing behind", async () => {
  const { one, result } = await run({ timeline: [[0, { state: 8 }]] });
  expect(result).toMatchObject({ ok: false, error: { code: "REFUSED" } });
  expect(result.record).toBeUndefined();
  expect(one.log.starts).toBe(0);
});

test("a healthy VM is suspended and resynchronized under policy always", async () => {
  const { one, result } = await run({ timeline: [[0, { state: 3 }]] }, always);
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", replicationStateBefore: 3 } });
  expect(one.log.requestedStates).toEqual([7]);
  expect(one.log.starts).toBe(1);
});

test("a VM found suspended is resynchronized as it is under policy always", async () => {
  const { one, result } = await run({ timeline: [[0, { state: 7 }]] }, always);
  expect(result.ok).toBe(true);
  expect(one.log.requestedStates).toEqual([]);
});

test("a suspension that cannot be taken back is kept as failed, and counts no call when none was made", async () => {
  const { result } = await run(
    {
      timeline: [[0, { state: 3 }]],
      changes: { 7: { error: lost, then: [[0, { state: 7 }]] }, 3: { reply: { returnCode: 32774 } } },
    },
    always,
  );
  expect(result).toMatchObject({
    ok: false,
    record: { outcome: "failed", attempts: 0, replicationState: 3 },
  });
});

test("a suspension that cannot be taken back after a refused call counts the call", async () => {
  const { result } = await run(
    {
      timeline: [[0, { state: 3 }]],
      starts: [{ reply: { returnCode: 32774 } }],
      changes: { 7: { then: [[0, { state: 7 }]] }, 3: { reply: { returnCode: 32774 } } },
    },
    always,
  );
  expect(result).toMatchObject({ ok: false, record: { outcome: "failed", attempts: 1 } });
});

test("a rejected call leaves nothing behind", async () => {
  const { one, result } = await run({ starts: [{ reply: { returnCode: 32774 } }] });
  expect(result).toMatchObject({ ok: false, error: { code: "REJECTED" } });
  expect(result.record).toBeUndefined();
  expect(one.log.starts).toBe(1);
});

test("a resync that runs is adopted and waited for", async () => {
  const { one, result } = await run({ timeline: longRun.concat([[90, { state: 3, jobs: [{ jobState: 7 }] }]]) });
  expect(result).toMatchObject({
    ok: true,
    record: {
      outcome: "completed",
      adopted: true,
      attempts: 0,
      jobId: "job-1",
      requestedAt: atSecond(0),
      reason: "a resynchronization that was already running was waited for",
    },
  });
  expect(one.log.starts).toBe(0);
});

test("state 10 without a job is adopted, and an older failed job says nothing of it", async () => {
  const { one, result } = await run({
    timeline: [
      [0, { state: 10, jobs: [{ jobId: "old", jobState: 10, errorCode: 32768 }] }],
      [60, { state: 3 }],
    ],
  });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", adopted: true } });
  expect(one.log.starts).toBe(0);
});

test("a resync that is adopted and ends badly is failed", async () => {
  const { result } = await run({ timeline: badRun });
  expect(result).toMatchObject({
    ok: false,
    error: { code: "JOB_FAILED" },
    record: { outcome: "failed", adopted: true },
  });
});

test("a reply that is lost after the effect is made up for by reading", async () => {
  const { one, result } = await run({ starts: [{ error: lost, then: goodRun }] });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", adopted: true, attempts: 1 } });
  expect(result.record?.warnings).toEqual([
    { code: "foundRunning", text: expect.stringContaining("reply of the call was lost") as string },
  ]);
  expect(one.log.starts).toBe(1);
});

test("a job that is found after a lost reply, in state 9 yet, is waited for and not taken for a fall back", async () => {
  const { one, result } = await run({
    starts: [
      {
        error: lost,
        then: [
          [0, { jobs: [{ jobState: 2 }] }],
          [300, { state: 10, jobs: [{}] }],
          [600, { state: 3, jobs: [{ jobState: 7 }] }],
        ],
      },
    ],
  });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed" } });
  expect(one.log.starts).toBe(1);
});

test("a reply that is lost before the effect is unknown, is kept, and is counted", async () => {
  const { one, result } = await run({ starts: [{ error: lost }] });
  expect(result).toMatchObject({
    ok: false,
    error: { effect: "unknown" },
    record: { outcome: "unknown", attempts: 1, failuresInRow: 1 },
  });
  expect(one.log.starts).toBe(1);
  // The pause counts from the end of the look at the host, not from the call.
  const { failingSince, nextAttemptAt } = result.record ?? {};
  expect(Date.parse(failingSince ?? "")).toBeGreaterThanOrEqual(startMs + 60_000);
  expect(Date.parse(nextAttemptAt ?? "") - Date.parse(failingSince ?? "")).toBe(300_000);
});

test.each([32771, 32772])(
  "return code %d with nothing to be seen afterwards is unknown, with the code",
  async (returnCode) => {
    const { result } = await run({ starts: [{ reply: { returnCode } }] });
    expect(result).toMatchObject({ ok: false, record: { outcome: "unknown", returnCode } });
  },
);

test("a call for later whose reply is lost is recorded as scheduled, and its deadline counts from then", async () => {
  const startTime = atSecond(7_200);
  const scheduled = { jobState: 2, scheduledStartTime: startTime };
  const { one, result } = await run(
    {
      starts: [
        {
          error: lost,
          then: [
            [0, { jobs: [scheduled] }],
            [7_200, { state: 10, jobs: [{ ...scheduled, jobState: 4 }] }],
            [7_500, { state: 3, jobs: [{ jobState: 7 }] }],
          ],
        },
      ],
    },
    request({ startTime, timeoutMs: 600_000 }),
  );
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", scheduledStartTime: startTime } });
  expect(one.log.starts).toBe(1);
});

test("return code 0 with state 3 is done without any further trace", async () => {
  const { result } = await run({ starts: [{ reply: { returnCode: 0 }, then: [[0, { state: 3 }]] }] });
  expect(result).toMatchObject({
    ok: true,
    record: { outcome: "completed", returnCode: 0 },
  });
});

test("a VM in state 9 that is healthy after an accepted call is done: nothing else heals it", async () => {
  const { result } = await run({ starts: [{ then: [[0, { state: 3 }]] }] });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", returnCode: 4096 } });
});

test("a suspended VM that is healthy after an accepted call without any trace is never called done", async () => {
  const { result } = await run(
    { timeline: [[0, { state: 7 }]], starts: [{ then: [[0, { state: 3 }]] }] },
    request({ policy: "always", timeoutMs: 600_000 }),
  );
  expect(result).toMatchObject({ ok: false, error: { code: "JOB_TIMEOUT" }, record: { outcome: "started" } });
});

test("wait started returns once the host has accepted", async () => {
  const { one, result } = await run({}, request({ wait: "started" }));
  expect(result).toMatchObject({
    ok: true,
    record: { outcome: "started", jobId: "job-1", reason: expect.stringContaining("job-1") as string },
  });
  expect(one.clock.slept).toEqual([]);
});

test("wait started returns at once when nothing names a job", async () => {
  const { result } = await run({ starts: [{ reply: { returnCode: 0 } }] }, request({ wait: "started" }));
  expect(result).toMatchObject({ ok: true, record: { outcome: "started", reason: "the host resynchronizes it" } });
});

test("a start time makes the request scheduled", async () => {
  const startTime = atSecond(3_600);
  const { one, result } = await run({}, request({ wait: "started", startTime }));
  expect(result).toMatchObject({ ok: true, record: { outcome: "scheduled", scheduledStartTime: startTime } });
  expect(one.lines.text).toContain(`recovery points of its replica; scheduling it for ${startTime}`);
});

test("a start time in the past starts at once, without it, with a warning", async () => {
  const { one, result } = await run({}, request({ startTime: atSecond(-60) }));
  expect(result).toMatchObject({
    ok: true,
    record: {
      outcome: "completed",
      warnings: [{ code: "startTimePassed", text: expect.stringContaining("has passed") as string }],
    },
  });
  expect(one.log.calls).toContainEqual({ operation: "startResync", vmId });
  expect(one.lines.text).toContain("warn: web01: startTime");
});

test("a job scheduled for the time of the request is adopted as scheduled", async () => {
  const startTime = atSecond(3_600);
  const { one, result } = await run(
    { timeline: [[0, { jobs: [{ jobState: 2, scheduledStartTime: startTime }] }]] },
    request({ wait: "started", startTime }),
  );
  expect(result).toMatchObject({
    ok: true,
    record: { outcome: "scheduled", adopted: true, scheduledStartTime: startTime, attempts: 0 },
  });
  expect(one.log.starts).toBe(0);
});

test("a resync that is cancelled by the run at its deadline is cancelled, and counted", async () => {
  const { one, result } = await run(
    { starts: [{ then: longRun }] },
    request({ timeoutMs: 600_000, onTimeout: "cancel" }),
  );
  expect(result).toMatchObject({
    ok: false,
    record: { outcome: "cancelled", failuresInRow: 1, replicationState: 9 },
  });
  expect(one.log.requestedStates).toEqual([9]);
});

test("a resync that cannot be cancelled is still started", async () => {
  const { result } = await run(
    { starts: [{ then: longRun }], changes: { 9: { reply: { returnCode: 32775 } } } },
    request({ timeoutMs: 600_000, onTimeout: "cancel" }),
  );
  expect(result).toMatchObject({
    ok: false,
    record: { outcome: "started", failuresInRow: 0, reason: expect.stringContaining("it is still running") as string },
  });
});

test("a resync that is left at its deadline is still started, and nothing is requested of the host", async () => {
  const { one, result } = await run({ starts: [{ then: longRun }] }, request({ timeoutMs: 600_000 }));
  expect(result).toMatchObject({
    ok: false,
    error: { code: "JOB_TIMEOUT" },
    record: { outcome: "started", failuresInRow: 0 },
  });
  expect(one.log.requestedStates).toEqual([]);
});

test("a resync that somebody else cancels is failed, not cancelled", async () => {
  const { result } = await run({ starts: [{ then: longRun.concat([[600, { state: 9, jobs: [{ jobState: 8 }] }]]) }] });
  expect(result).toMatchObject({ ok: false, record: { outcome: "failed" } });
});

test("a stop while waiting keeps the request, and says how to continue", async () => {
  const one = lab(vmId, { starts: [{ then: longRun }] });
  const sleep = one.clock.sleep.bind(one.clock);
  one.clock.sleep = async (delayMs, signal) => {
    if (one.clock.slept.length === 4) one.stop();
    return sleep(delayMs, signal);
  };
  const result = await resync(request(), one.context);
  expect(result).toMatchObject({
    ok: false,
    error: {
      code: "CANCELLED",
      effect: "started",
      message: expect.stringMatching(
        /stopped waiting after \d+ s; job job-1 keeps running on the host\. Run up again/,
      ) as string,
    },
    record: { outcome: "started", jobId: "job-1" },
  });
});

test("a stop while waiting without a job names the resynchronization", async () => {
  const one = lab(vmId, { starts: [{ reply: { returnCode: 0 }, then: [[0, { state: 10 }]] }] });
  one.host.onReply = one.stop;
  const result = await resync(request(), one.context);
  expect(result).toMatchObject({
    error: { message: expect.stringContaining("; the resynchronization keeps running") as string },
  });
});

test("a stop in the queue leaves nothing behind", async () => {
  const one = lab(vmId);
  one.host.add(otherVmId, { timeline: [[0, { state: 10, jobs: [{ jobId: "job-2" }] }]] });
  one.clock.sleep = async (_delayMs, signal) => {
    one.stop();
    signal.throwIfAborted();
  };
  const result = await resync(request({ selector: { vmId }, maxConcurrentResyncs: 1 }), one.context);
  expect(result).toMatchObject({ ok: false, error: { code: "CANCELLED", effect: "none" } });
  expect(result.record).toBeUndefined();
  expect(one.log.starts).toBe(0);
});

test("a VM that is healed by others while it is queued is skipped, with the request's own id", async () => {
  const one = lab(vmId, { timeline: [[20, { state: 3 }]] });
  one.host.add(otherVmId, {
    timeline: [
      [0, { state: 10, jobs: [{ jobId: "job-2" }] }],
      [60, { state: 3, jobs: [] }],
    ],
  });
  const result = await resync(request({ selector: { vmId }, maxConcurrentResyncs: 1 }), one.context);
  expect(result).toMatchObject({ ok: true, record: { outcome: "skipped", requestId: "request-1" } });
  expect(one.log.starts).toBe(0);
});

test("a reading that fails before anything was begun leaves nothing behind", async () => {
  const { result } = await run({ timeline: [[0, { error: new Error("socket hang up") }]] });
  expect(result).toMatchObject({ ok: false, error: { code: "REFUSED", message: "web01: socket hang up" } });
  expect(result).not.toHaveProperty("record");
});

test.each<unknown>([new Error(""), "text", undefined])(
  "%p thrown by a host becomes an error with a message",
  async (thrown) => {
    const one = lab(vmId);
    one.host.onCall = async () => {
      throwValue(thrown);
    };
    const result = await resync(request(), one.context);
    expect(result).toMatchObject({ ok: false, error: { message: expect.stringMatching(/\w/) as string } });
  },
);

test("a bug after the start does not lose the request", async () => {
  const one = lab(vmId, { starts: [{ then: longRun }] });
  one.session.reader.join = () => {
    throw new Error("a bug");
  };
  const result = await resync(request({ selector: { vmId } }), one.context);
  expect(result).toMatchObject({
    ok: false,
    error: { message: "web01: a bug" },
    record: { outcome: "started", jobId: "job-1" },
  });
});

test("a reading that fails before a request is resumed keeps its record as it was", async () => {
  const one = lab(vmId, { timeline: [[0, { error: new Error("away") }]] });
  const before = record();
  const result = await resync(request({ selector: { vmId } }), one.context, {
    kind: "resume",
    record: before,
    mayStart: true,
  });
  expect(result).toMatchObject({ ok: false, error: { message: "web01: away" } });
  expect(result.record).toBe(before);
});

test("an error that names no VM is about the one of the earlier run", async () => {
  const one = lab(vmId, { timeline: [[0, { error: new Error("away") }]] });
  const result = await resync(request({ selector: { vmId } }), one.context, { kind: "heal", record: record() });
  expect(result).toMatchObject({ ok: false, error: { message: "web01: away" } });
  expect(result).not.toHaveProperty("record");
});

test.each([
  ["a failed request", failedRecord(), "web01: stopped before anything was started. Run up again"],
  [
    "a scheduled request",
    record({ outcome: "scheduled", scheduledStartTime: atSecond(60) }),
    `web01 on HV01: stopped waiting; the resynchronization stays scheduled on the host for ${atSecond(60)}. Run up again to keep waiting`,
  ],
])("a stop before %s is resumed says what becomes of it", async (_which, before, message) => {
  const one = lab(vmId);
  one.stop();
  const result = await resync(request({ selector: { vmId } }), one.context, {
    kind: "resume",
    record: before,
    mayStart: true,
  });
  expect(result).toMatchObject({ ok: false, error: { code: "CANCELLED", message } });
  expect(result.record).toBe(before);
});

test("a stop before a request is resumed says that its resync keeps running", async () => {
  const one = lab(vmId, { timeline: longRun });
  one.stop();
  const result = await resync(request({ selector: { vmId } }), one.context, {
    kind: "resume",
    record: record({ jobId: "job-1" }),
    mayStart: true,
  });
  expect(result).toMatchObject({
    error: { message: expect.stringContaining("job job-1 keeps running on the host") as string },
  });
});

describe("two resources of one run on one VM", () => {
  async function both(
    script: Script,
    given = request({ selector: { vmId } }),
  ): Promise<{ one: Lab; results: ResyncResult[] }> {
    const one = lab(vmId, script);
    return { one, results: await Promise.all([resync(given, one.context), resync(given, one.context)]) };
  }

  test("start one resync: the second waits for the first", async () => {
    const { one, results } = await both({});
    expect(one.log.starts).toBe(1);
    expect(results.map(({ ok, record: kept }) => [ok, kept?.outcome, kept?.adopted])).toEqual([
      [true, "completed", false],
      [true, "completed", true],
    ]);
  });

  test.each([
    [{ returnCode: 0 }, []],
    [{ returnCode: 4096, jobId: "job-1" }, [{}]],
  ])("start one resync though the host shows it late, after reply %j", async (reply, jobs) => {
    const { one, results } = await both({
      starts: [
        {
          reply,
          then: [
            [5, { state: 10, jobs }],
            [60, { state: 3, jobs: [] }],
          ],
        },
      ],
    });
    expect(one.log.starts).toBe(1);
    expect(results.map(({ record: kept }) => kept?.outcome)).toEqual(["completed", "completed"]);
    expect(one.lines.text).toContain("another resource of this run has just started it");
  });

  test("start one resync for later though the host shows it late", async () => {
    const given = request({ selector: { vmId }, wait: "started", startTime: atSecond(3_600) });
    const { one, results } = await both({ starts: [{ reply: { returnCode: 0 } }] }, given);
    expect(one.log.starts).toBe(1);
    expect(results[1]).toMatchObject({
      record: { outcome: "scheduled", scheduledStartTime: atSecond(3_600), adopted: true },
    });
  });

  test("start none after the first lost its reply and nothing was seen", async () => {
    const { one, results } = await both({ starts: [{ error: lost }] });
    expect(one.log.starts).toBe(1);
    expect(results[1]).toMatchObject({
      ok: false,
      error: { code: "REFUSED", message: expect.stringContaining("another resource") as string },
    });
    expect(results[1]?.record).toBeUndefined();
  });

  test("one after the other under policy always make one call: the second finds it done", async () => {
    const given = request({ selector: { vmId }, policy: "always" });
    const one = lab(vmId, { timeline: [[0, { state: 3 }]] });
    await resync(given, one.context);
    one.clock.pass(3_600);
    const second = await resync(given, one.context);
    expect(one.log.starts).toBe(1);
    expect(second.record).toMatchObject({
      outcome: "skipped",
      reason: expect.stringContaining("another resource") as string,
    });
  });

  test("start one resync under policy always", async () => {
    const { one } = await both({ timeline: [[0, { state: 3 }]] }, request({ selector: { vmId }, policy: "always" }));
    expect(one.log.starts).toBe(1);
    expect(one.log.requestedStates).toEqual([7]);
  });

  test("never start a second one, also where the first has failed", async () => {
    const one = lab(vmId, { starts: [{ then: badRun }, { then: goodRun }] });
    await resync(request({ selector: { vmId } }), one.context);
    one.clock.pass(600);
    const result = await resync(request({ selector: { vmId } }), one.context);
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: "REFUSED",
        effect: "none",
        message: expect.stringContaining(
          "another resource of this run has asked for it already, and it still requires a resynchronization. Run up again",
        ) as string,
      },
    });
    expect(result.record).toBeUndefined();
    expect(one.log.starts).toBe(1);
  });
});

test("a resource that waits for another one on the same VM says so", async () => {
  const one = lab(vmId);
  await Promise.all([resync(request(), one.context), resync(request(), one.context)]);
  const waits = one.lines.lines.filter((line) => line.includes("works on the same VM"));
  expect(waits).toEqual(["status: waiting for another resource of this run that works on the same VM"]);
  expect(one.log.starts).toBe(1);
});

test("resources on two VMs do not wait for each other", async () => {
  const one = lab(vmId);
  one.host.add(otherVmId);
  await Promise.all([vmId, otherVmId].map(async (id) => resync(request({ selector: { vmId: id } }), one.context)));
  expect(one.lines.text).not.toContain("works on the same VM");
  expect(one.log.starts).toBe(2);
});

test("fifty VMs are started three at a time, one call each", async () => {
  const ids = Array.from({ length: 50 }, (_, index) => `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`);
  const host = new FakeHost(new FakeClock());
  for (const id of ids) host.add(id);
  const one = runOn(host);
  let most = 0;
  host.onCall = () => {
    const running = host.machines.filter(({ scene }) => scene.jobs?.some(({ jobState }) => jobState !== 7));
    most = Math.max(most, running.length);
  };
  const results = await Promise.all(ids.map(async (id) => resync(request({ selector: { vmId: id } }), one.context)));
  expect(results.every(({ ok }) => ok)).toBe(true);
  expect(host.log.starts).toBe(50);
  expect(most).toBe(3);
});

test("a warning of what is skipped is shown as well as kept", async () => {
  const { one, result } = await run({ timeline: [[0, { state: 7 }]] });
  const [warning] = result.record?.warnings ?? [];
  expect(warning).toMatchObject({
    code: "suspended",
    text: expect.stringContaining("replication is suspended") as string,
  });
  expect(one.lines.lines).toContain(`warn: web01: ${warning?.text ?? ""}`);
});

test("a resync that is found after the host could not tell is recorded with the host's answer", async () => {
  const { result } = await run({ starts: [{ reply: { returnCode: 32771 }, then: goodRun }] });
  expect(result.record).toMatchObject({
    outcome: "completed",
    reason: "Resynchronize returned 32771 (StatusUnknown), and a resynchronization was found running",
  });
});
