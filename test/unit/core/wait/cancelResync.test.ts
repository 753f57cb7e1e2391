import type { ResyncResult } from "../../../../provider/core/record/result";
import { cancelResync } from "../../../../provider/core/wait/cancelResync";
import { ReplicaResyncError } from "../../../../provider/core/errors";
import { record, vmId } from "../../../support/builders";
import { atSecond, startMs } from "../../../support/fakeClock";
import { lab, type Lab, longRun, type Script } from "../../../support/fakeHost";
import { throwValue } from "../../../support/throwValue";

const timeout = new ReplicaResyncError("JOB_TIMEOUT", "not finished after 1 h");
const context = { host: "HV01", vm: "web01", step: "cancel the resynchronization" };

const kept = record({ jobId: "job-1", reason: "the host resynchronizes it" });

type FailedEnd = Extract<ResyncResult, { ok: false }>;

/** A cancel is never a good end. */
function failedEnd(result: ResyncResult): FailedEnd {
  if (result.ok) throw new Error("it ended well");
  return result;
}

async function cancel(
  script: Script,
  prepare: (one: Lab) => void = () => undefined,
): Promise<{ one: Lab; result: FailedEnd }> {
  const one = lab(vmId, { timeline: longRun, ...script });
  one.clock.pass(600);
  prepare(one);
  return { one, result: failedEnd(await cancelResync(kept, "primary", timeout, one.context)) };
}

/** Whether the request was kept as cancelled. */
function isCancelled({ record: after }: FailedEnd): boolean {
  return after?.outcome === "cancelled";
}

test("a cancelled resync is one whose VM shows state 9 again", async () => {
  const { one, result } = await cancel({
    changes: { 9: { reply: { returnCode: 4096 }, then: [[20, { state: 9, jobs: [] }]] } },
  });
  expect(result).toMatchObject({
    ok: false,
    record: {
      outcome: "cancelled",
      replicationState: 9,
      reason: "cancelled by this run, because it did not finish in time; the VM is unprotected",
      failuresInRow: 1,
    },
    error: {
      code: "JOB_FAILED",
      effect: "started",
      cause: timeout,
      message:
        "web01 on HV01: cancelled by this run, because it did not finish in time; the VM is unprotected. Raise timeoutSeconds, then run up again: it starts from the beginning",
      context,
    },
  });
  expect(one.log.requestedStates).toEqual([9]);
});

test("beforehand it says that the VM stays unprotected", async () => {
  const { one } = await cancel({});
  expect(one.lines.lines[0]).toBe(
    "warn: web01: not finished in time, cancelling; the VM stays unprotected until it is resynchronized from the beginning",
  );
});

test.each([
  ["refuses", { reply: { returnCode: 32775 } }, "32775 (InvalidState)"],
  [
    "loses the reply",
    { error: new ReplicaResyncError("SESSION_LOST", "the connection was lost") },
    "its replication is in state resynchronizing a minute later): it is still running. Run up again to keep waiting",
  ],
  [
    "answers with a fault",
    { error: new ReplicaResyncError("CIM_FAULT", "0x80041001") },
    "did not cancel it (0x80041001): it is still running",
  ],
  ["does nothing", { reply: { returnCode: 0 } }, "in state resynchronizing a minute later"],
  [
    "is merging already",
    { reply: { returnCode: 4096 }, then: [[5, { state: 3 }]] },
    "its replication is in state replicating a minute later): it is still running. Run up again to keep waiting",
  ],
  [
    "loses the relationship",
    { reply: { returnCode: 4096 }, then: [[5, { state: null }]] },
    "in state none a minute later",
  ],
  [
    "is done by then",
    { reply: { returnCode: 4096 }, then: [[5, { state: 3, jobs: [{ jobState: 7 }] }]] },
    "not finished in time, and it ended before the host could cancel it. Run up again: it records the end",
  ],
] as const)("a host that %s has not cancelled: it is still running", async (_what, answer, why) => {
  const { one, result } = await cancel({ changes: { 9: answer } });
  expect(result.error).toMatchObject({
    code: "JOB_TIMEOUT",
    effect: "started",
    cause: timeout,
    message: expect.stringContaining(why) as string,
    context,
  });
  expect(result.record).toStrictEqual({ ...kept, reason: result.error.summary });
  expect(one.log.requestedStates).toEqual([9]);
  expect(one.log.starts).toBe(0);
});

test("a VM that is in state 9 because its job has not begun yet is not cancelled while the job is there", async () => {
  const { one, result } = await cancel({
    timeline: [[0, { jobs: [{ jobState: 2 }] }]],
    changes: { 9: { reply: { returnCode: 4096 }, then: [[30, { jobs: [{ jobState: 8 }] }]] } },
  });
  expect(isCancelled(result)).toBe(true);
  expect(one.clock.now() - startMs).toBe(630_000);
});

test.each([
  ["waits for its start time", { jobState: 2, scheduledStartTime: atSecond(7_200) }],
  ["is in a state that nobody knows", { jobState: 42 }],
])("the request's own job keeps running while it %s", async (_what, own) => {
  const { result } = await cancel({
    changes: { 9: { reply: { returnCode: 4096 }, then: [[0, { state: 9, jobs: [own] }]] } },
  });
  expect(result.record).toStrictEqual({ ...kept, reason: result.error.summary });
  expect(result).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining("in state resynchronizationRequired a minute later") as string },
  });
});

test("a job that the host has scheduled for itself does not keep a resync from being cancelled, nor give its end", async () => {
  const own = { jobState: 8, timeOfLastStateChange: atSecond(603) };
  const scheduled = { jobId: "job-2", jobState: 2, scheduledStartTime: atSecond(7_200) };
  const { result } = await cancel({
    changes: { 9: { reply: { returnCode: 4096 }, then: [[0, { state: 9, jobs: [scheduled, own] }]] } },
  });
  expect(result).toMatchObject({
    ok: false,
    record: { outcome: "cancelled", jobId: "job-1", jobState: 8, completionTime: atSecond(603) },
  });
});

test("another resync that runs in state 9 is not said to be cancelled", async () => {
  const { result } = await cancel({
    changes: { 9: { reply: { returnCode: 4096 }, then: [[0, { state: 9, jobs: [{ jobId: "job-2" }] }]] } },
  });
  expect(isCancelled(result)).toBe(false);
});

test("a VM that is still being resynchronized without a job is not done yet", async () => {
  const { one, result } = await cancel({
    changes: {
      9: {
        reply: { returnCode: 4096 },
        then: [
          [0, { state: 10, jobs: [] }],
          [20, { state: 9 }],
        ],
      },
    },
  });
  expect(isCancelled(result)).toBe(true);
  expect(one.clock.now() - startMs).toBe(620_000);
});

test("the host gets a minute to show it", async () => {
  const { one } = await cancel({ changes: { 9: { reply: { returnCode: 0 } } } });
  expect(one.clock.now() - startMs).toBe(660_000);
});

test("a stop in the middle is a stop, and says that the end is not known", async () => {
  const { one, result } = await cancel({ changes: { 9: { reply: { returnCode: 4096 } } } }, (lab) => {
    lab.host.onReply = lab.stop;
  });
  expect(result.record).toStrictEqual({ ...kept, reason: result.error.summary });
  expect(result).toMatchObject({
    ok: false,
    error: {
      code: "CANCELLED",
      effect: "started",
      message:
        "web01 on HV01: stopped while it was being cancelled; whether the host cancels it is not known. Run up again: it looks at the host",
    },
  });
  expect(one.log.requestedStates).toEqual([9]);
});

test("a host that cannot be read for a moment afterwards is read again", async () => {
  const away = new ReplicaResyncError("UNREACHABLE", "the host is away");
  const { result } = await cancel({
    changes: {
      9: {
        reply: { returnCode: 0 },
        then: [
          [0, { state: 9, jobs: [], error: away }],
          [20, { error: null }],
        ],
      },
    },
  });
  expect(isCancelled(result)).toBe(true);
});

test.each<[ReplicaResyncError, number]>([
  [new ReplicaResyncError("UNREACHABLE", "the host is away"), 660_000],
  [new ReplicaResyncError("ACCESS_DENIED", "no rights"), 600_000],
])("whether it was cancelled is not known where the host cannot be read any more: %s", async (error, endsAtMs) => {
  const { one, result } = await cancel({
    changes: { 9: { reply: { returnCode: 0 }, then: [[0, { error }]] } },
  });
  expect(result.record).toStrictEqual({ ...kept, reason: result.error.summary });
  expect(result).toMatchObject({
    ok: false,
    error: {
      code: "JOB_TIMEOUT",
      summary: `not finished in time, and whether the host has cancelled it is not known (${error.message})`,
      remedy: "Run up again: it looks at the host",
    },
  });
  // What can pass is read for a minute, what lasts is not.
  expect(one.clock.now() - startMs).toBe(endsAtMs);
});

test("a stop while the host is asked to cancel is a stop", async () => {
  const { result } = await cancel({}, (one) => {
    one.host.onCall = ({ requestedState }) => {
      if (requestedState !== 9) return;
      one.stop();
      throw new Error("aborted");
    };
  });
  expect(result.error).toMatchObject({ code: "CANCELLED", effect: "started" });
});

test("a VM whose relationship is gone has not been cancelled", async () => {
  const { result } = await cancel({
    changes: { 9: { reply: { returnCode: 0 }, then: [[0, { state: null, jobs: [] }]] } },
  });
  expect(result.error.message).toContain("(its replication is in state none a minute later): it is still running");
});

test("a cancel whose reply is lost is looked for like one that was answered", async () => {
  const { result } = await cancel({
    changes: {
      9: {
        error: new ReplicaResyncError("SESSION_LOST", "the connection was lost"),
        then: [[5, { state: 9, jobs: [] }]],
      },
    },
  });
  expect(isCancelled(result)).toBe(true);
});

test("what is thrown and is not an error is told anyway", async () => {
  const { result } = await cancel({}, (one) => {
    one.host.onCall = async () => {
      throwValue("away");
    };
  });
  expect(result.error.message).toContain("(away)");
});

test("a cancelled resync is kept with the end of its job", async () => {
  const end = { jobState: 8, percentComplete: 40, timeOfLastStateChange: atSecond(620), startTime: atSecond(0) };
  const { result } = await cancel({
    changes: { 9: { reply: { returnCode: 0 }, then: [[20, { state: 9, jobs: [end] }]] } },
  });
  expect(result.record).toMatchObject({
    jobState: 8,
    percentComplete: 40,
    completionTime: atSecond(620),
    completionTimeSource: "job",
    durationSeconds: 620,
  });
});
