import { ReplicaResyncError } from "../../../../provider/core/errors";
import type { MethodReply } from "../../../../provider/core/host/ports";
import { observeVm } from "../../../../provider/core/host/readVm";
import { verify } from "../../../../provider/core/start/verify";
import { job, vmId } from "../../../support/builders";
import { atSecond, startMs } from "../../../support/fakeClock";
import { lab, type Lab } from "../../../support/fakeHost";

const lost = new ReplicaResyncError("JOB_LOST", "the reply to Resynchronize was lost", { remedy: "Run up again" });
const looked = "the reply to Resynchronize was lost, and a minute of looking showed no resynchronization";

/** Looks after a call that was made right after the host was observed. */
async function look(
  one: Lab,
  { startTime, reply }: { startTime?: string; reply?: MethodReply } = {},
): ReturnType<typeof verify> {
  const before = await observeVm(one.host, vmId, "primary", { signal: new AbortController().signal });
  one.clock.pass(1);
  return verify(before, "primary", startTime, lost, reply, one.context);
}

test.each([
  ["a job that runs", { jobs: [{}] }, { isResynchronizing: false, job: { jobId: "job-1" } }],
  ["state 10", { state: 10 }, { isResynchronizing: true, job: undefined }],
  [
    "a job that has failed already",
    { jobs: [{ jobState: 10 }] },
    { isResynchronizing: false, job: { jobId: "job-1" } },
  ],
])("after a lost reply %s is found", async (_what, scene, found) => {
  const one = lab(vmId, { timeline: [[20, scene]] });
  await expect(look(one)).resolves.toMatchObject({ kind: "foundRunning", ...found });
  expect(one.log.starts).toBe(0);
});

test("after a lost reply a job from before the call is not taken for it", async () => {
  const one = lab(vmId, { timeline: [[0, { jobs: [{ jobState: 10 }] }]] });
  await expect(look(one)).resolves.toMatchObject({ kind: "unknown" });
});

test("after a lost reply a job that the host has scheduled for itself is not taken for it", async () => {
  const own = { jobState: 2, scheduledStartTime: atSecond(36_000) };
  const one = lab(vmId, { timeline: [[1, { jobs: [own] }]] });
  await expect(look(one)).resolves.toMatchObject({ kind: "unknown" });
});

test("after a lost reply to a call for later a job of the other relationship for that time is not taken for it", async () => {
  const startTime = atSecond(36_000);
  const other = { jobState: 2, jobType: 121, scheduledStartTime: startTime };
  const one = lab(vmId, { timeline: [[1, { jobs: [other] }]] });
  await expect(look(one, { startTime })).resolves.toMatchObject({ kind: "unknown" });
});

test("after a lost reply to a call for later its scheduled job is found", async () => {
  const startTime = atSecond(36_000);
  const one = lab(vmId, {
    timeline: [[1, { jobs: [{ jobState: 2, scheduledStartTime: startTime }] }]],
  });
  await expect(look(one, { startTime })).resolves.toMatchObject({
    kind: "foundRunning",
    scheduledFor: startTime,
    isResynchronizing: false,
    job: { jobId: "job-1" },
  });
});

test("after a lost reply a host that cannot be read is tried again", async () => {
  const one = lab(vmId, {
    timeline: [
      [1, { error: new ReplicaResyncError("UNREACHABLE", "away") }],
      [30, { error: null, state: 10 }],
    ],
  });
  await expect(look(one)).resolves.toMatchObject({ kind: "foundRunning" });
  expect(one.lines.text).toContain("cannot read HV01, trying again: away");
});

test("after a lost reply a VM without a relationship can be read, and shows no resync", async () => {
  const one = lab(vmId, { timeline: [[0, { state: null }]] });
  await expect(look(one)).resolves.toMatchObject({ kind: "unknown" });
  expect(one.lines.text).not.toContain("cannot read");
});

test("what is found is told with the job and the host's answer", async () => {
  const one = lab(vmId, { timeline: [[1, { jobs: [{}] }]] });
  const reply = { returnCode: 32771 };
  await expect(look(one, { reply })).resolves.toStrictEqual({
    kind: "foundRunning",
    job: job(),
    isResynchronizing: false,
    reply,
  });
  expect(one.clock.slept).toEqual([]);
});

test.each([
  [undefined, "the reply was lost"],
  [{ returnCode: 32771 }, "the host could not tell"],
])("without a trace it looks for a minute, and says why: %j", async (reply, why) => {
  const one = lab(vmId);
  const result = await look(one, reply === undefined ? {} : { reply });
  expect(result).toStrictEqual({
    kind: "unknown",
    error: expect.objectContaining({
      code: "JOB_LOST",
      effect: "unknown",
      summary: looked,
      remedy: "Run up again",
      cause: lost,
    }) as Error,
    reply,
  });
  expect(one.clock.slept).toEqual([1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 11_390.625, 15_000, 15_000]);
  expect(new Set(one.lines.lines)).toEqual(new Set([`status: ${why}: looking whether a resynchronization runs`]));
});

test("the host is not read any more when the minute is over", async () => {
  const one = lab(vmId);
  const readService = one.host.readService.bind(one.host);
  let reads = 0;
  one.host.readService = async (options) => {
    const service = await readService(options);
    if (++reads === 2) one.clock.pass(59);
    return service;
  };
  await expect(look(one)).resolves.toMatchObject({ kind: "unknown", error: { summary: looked } });
  expect(reads).toBe(2);
  expect(one.clock.now() - startMs).toBe(61_000);
});

test("a stop ends the look at once, and nothing is said of a minute", async () => {
  const one = lab(vmId);
  one.stop();
  const result = await look(one);
  expect(result).toMatchObject({ kind: "unknown", error: { summary: "the reply to Resynchronize was lost" } });
  expect(one.lines.lines).toEqual([]);
});

test("a stop in the middle of the look ends it", async () => {
  const one = lab(vmId);
  one.host.onCall = (_call, nth) => {
    if (nth === 6) one.stop();
  };
  const result = await look(one);
  expect(result).toMatchObject({ kind: "unknown", error: { summary: "the reply to Resynchronize was lost" } });
  expect(one.log.calls).toHaveLength(6);
});

test("a job that is scheduled for another time is not taken for it", async () => {
  const startTime = atSecond(36_000);
  const other = { jobState: 2, scheduledStartTime: atSecond(36_001) };
  const one = lab(vmId, { timeline: [[1, { jobs: [other] }]] });
  await expect(look(one, { startTime })).resolves.toMatchObject({ kind: "unknown" });
});
