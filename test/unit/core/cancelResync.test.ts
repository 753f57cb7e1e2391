import { cancelResync } from "../../../provider/core/cancelResync";
import { JobTimeoutError, SessionLostError } from "../../../provider/core/errors";
import { record, vmId } from "../../support/builders";
import { atSecond, startMs } from "../../support/fakeClock";
import { lab, type Lab, longRun, type Script } from "../../support/fakeHost";
import { throwValue } from "../../support/throwValue";

const timeout = new JobTimeoutError("not finished after 1 h");

async function cancel(
  script: Script,
  prepare: (one: Lab) => void = () => undefined,
): Promise<{ one: Lab; result: Awaited<ReturnType<typeof cancelResync>> }> {
  const one = lab(vmId, { timeline: longRun, ...script });
  one.clock.pass(600);
  prepare(one);
  return { one, result: await cancelResync(record({ jobId: "job-1" }), "primary", timeout, one.context) };
}

test("a cancelled resync is one whose machine shows state 9 again", async () => {
  const { one, result } = await cancel({
    changes: { 9: { reply: { returnCode: 4096 }, then: [[20, { state: 9, jobs: [] }]] } },
  });
  expect(result).toMatchObject({
    isCancelled: true,
    record: { replicationState: "resynchronizationRequired" },
    error: { code: "JOB_FAILED", effect: "started", cause: timeout },
  });
  expect(one.log.requestedStates).toEqual([9]);
});

test("beforehand it says that the machine stays unprotected", async () => {
  const { one } = await cancel({});
  expect(one.lines.lines[0]).toMatch(/^warn: web01: .*stays unprotected/);
});

test.each([
  ["refuses", { reply: { returnCode: 32775 } }, "32775 (InvalidState)"],
  ["loses the reply", { error: new SessionLostError("the connection broke off") }, "the connection broke off"],
  ["does nothing", { reply: { returnCode: 0 } }, "in state resynchronizing a minute later"],
  [
    "is merging already",
    { reply: { returnCode: 4096 }, then: [[5, { state: 3 }]] },
    "its replication is in state replicating a minute later): it goes on. Run up again to go on waiting",
  ],
  ["loses the link", { reply: { returnCode: 4096 }, then: [[5, { state: null }]] }, "in state none a minute later"],
  [
    "is done by then",
    { reply: { returnCode: 4096 }, then: [[5, { state: 3, jobs: [{ jobState: 7 }] }]] },
    "not finished in time, and it ended before the host could cancel it. Run up again: it records the end",
  ],
] as const)("a host that %s has not cancelled: it goes on", async (_what, answer, why) => {
  const { one, result } = await cancel({ changes: { 9: answer } });
  expect(result).toMatchObject({
    isCancelled: false,
    error: { code: "JOB_TIMEOUT", effect: "started", message: expect.stringContaining(why) as string },
  });
  expect(one.log.requestedStates).toEqual([9]);
  expect(one.log.starts).toBe(0);
});

test("a machine that is in state 9 because its job has not begun yet is not cancelled while the job is there", async () => {
  const { one, result } = await cancel({
    timeline: [[0, { jobs: [{ jobState: 2 }] }]],
    changes: { 9: { reply: { returnCode: 4096 }, then: [[30, { jobs: [{ jobState: 8 }] }]] } },
  });
  expect(result.isCancelled).toBe(true);
  expect(one.clock.now() - startMs).toBe(630_000);
});

test("the host gets a minute to show it", async () => {
  const { one } = await cancel({ changes: { 9: { reply: { returnCode: 0 } } } });
  expect(one.clock.now() - startMs).toBe(660_000);
});

test("a stop in the middle has not cancelled", async () => {
  const { result } = await cancel({ changes: { 9: { reply: { returnCode: 4096 } } } }, (one) => {
    one.host.onReply = one.stop;
  });
  expect(result).toMatchObject({
    isCancelled: false,
    error: { message: expect.stringContaining("cancelled") as string },
  });
});

test("what is thrown and is no error is told all the same", async () => {
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
    jobState: "terminated",
    percentComplete: 40,
    completionTime: atSecond(620),
    completionTimeSource: "job",
    durationSeconds: 620,
  });
});
