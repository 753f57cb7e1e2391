import { ReplicaResyncError } from "../../../provider/core/errors";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { refreshResync, withRefreshWarning } from "../../../provider/core/refresh";
import type { RelationshipKind } from "../../../provider/core/hyperv/relationship";
import { failedRecord, record, vmId } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";
import { lab, type Lab, type Scene } from "../../support/fakeHost";

async function refresh(
  before: ResyncRecord,
  scene: Scene,
  kind: RelationshipKind = "primary",
): Promise<{ one: Lab; after: ResyncRecord }> {
  const one = lab(vmId, { timeline: [[0, scene]] });
  one.clock.pass(1_000);
  return { one, after: await refreshResync(before, kind, one.host, { signal: one.context.signal }) };
}

const begun = record({ jobId: "job-1", jobState: "running", replicationState: "resynchronizing", percentComplete: 10 });
const completed = record({
  outcome: "completed",
  jobId: "job-1",
  jobState: "completed",
  replicationState: "replicating",
  completionTime: atSecond(60),
});
const ended = { jobState: 7, percentComplete: 100, timeOfLastStateChange: atSecond(900) };

test("a good end is recorded by one reading, without waiting a tick", async () => {
  const { one, after } = await refresh(begun, { state: 3, jobs: [ended] });
  expect(after).toMatchObject({
    outcome: "completed",
    completionTime: atSecond(900),
    completionTimeSource: "job",
    durationSeconds: 900,
    percentComplete: 100,
    observedAt: atSecond(1_000),
  });
  expect(after.warnings).toStrictEqual([]);
  expect(after).not.toHaveProperty("reason");
  expect(one.clock.slept).toEqual([]);
  expect(one.log.starts).toBe(0);
  expect(one.log.requestedStates).toEqual([]);
});

test("a job that had ended when the resync was seen running does not say when it ended", async () => {
  const { after } = await refresh({ ...begun, jobState: "completed" }, { state: 3, jobs: [ended] });
  expect(after).toMatchObject({
    outcome: "completed",
    completionTime: atSecond(1_000),
    completionTimeSource: "observed",
  });
});

test("a resync that others have started since has not failed, though the request's own was seen in state 10", async () => {
  const { after } = await refresh(begun, { state: 9, jobs: [{ jobId: "job-2", jobState: 3 }] });
  expect(after).toMatchObject({ outcome: "started", jobId: "job-2" });
});

test("an adopted resync that has ended keeps saying so", async () => {
  const { after } = await refresh({ ...begun, adopted: true, attempts: 0, reason: "x" }, { state: 3 });
  expect(after).toMatchObject({ outcome: "completed", reason: "a resynchronization that ran already was waited for" });
});

test("a job that completed with warnings leaves a warning", async () => {
  const { after } = await refresh(begun, { state: 3, jobs: [{ jobState: 32768, errorDescription: "slow disk" }] });
  expect(after).toMatchObject({ outcome: "completed", warnings: [expect.stringContaining("slow disk")] as string[] });
});

test.each<[string, Scene]>([
  ["a job that failed", { state: 9, jobs: [{ jobState: 10, errorCode: 32768 }] }],
  ["a fall back to state 8", { state: 8 }],
  ["a job that is gone in state 9", { state: 9 }],
  ["a failover", { state: 12 }],
  ["another role", { state: 3, vm: { replicationMode: 2 } }],
  ["a removed relationship", { state: null, vm: { replicationMode: 0 } }],
])("%s is recorded as failed, and counted", async (_what, scene) => {
  const { after } = await refresh(begun, scene);
  expect(after).toMatchObject({
    outcome: "failed",
    failuresInRow: 1,
    nextAttemptAt: atSecond(1_300),
    reason: expect.stringMatching(/\w/) as string,
  });
});

test("a bad end keeps what is known of the request", async () => {
  const { after } = await refresh(begun, { state: 8, jobs: [{ jobState: 10, timeOfLastStateChange: atSecond(900) }] });
  expect(after).toEqual({
    ...begun,
    outcome: "failed",
    reason: "job job-1 ended as exception (JobState 10)",
    primaryHost: "HV01",
    recoveryHost: "HV02",
    replicationState: "critical",
    jobState: "exception",
    jobErrorCode: 0,
    percentComplete: 0,
    startedAt: atSecond(0),
    completionTime: atSecond(900),
    completionTimeSource: "job",
    durationSeconds: 900,
    observedAt: atSecond(1_000),
    failuresInRow: 1,
    failingSince: atSecond(1_000),
    nextAttemptAt: atSecond(1_300),
  });
});

test.each<[string, Partial<ResyncRecord>]>([
  ["a started request of which nothing was seen", {}],
  ["a scheduled request whose time has come", { outcome: "scheduled", scheduledStartTime: atSecond(1_000) }],
  [
    "a scheduled request whose job was seen and is gone",
    { outcome: "scheduled", scheduledStartTime: atSecond(5_000), jobId: "job-1", jobState: "new" },
  ],
])("%s is completed by a machine that replicates normally", async (_what, more) => {
  expect((await refresh(record(more), { state: 3 })).after.outcome).toBe("completed");
});

test.each<[string, Scene]>([
  ["state 10", { state: 10, jobs: [{ percentComplete: 40 }] }],
  ["state 10 without its job", { state: 10 }],
  ["state 3 with a job that runs", { state: 3, jobs: [{}] }],
  ["state 15", { state: 15 }],
])("%s leaves a started request started", async (_what, scene) => {
  const { after } = await refresh(begun, scene);
  expect(after).toMatchObject({ outcome: "started", failuresInRow: 0, warnings: [] });
});

test("a paused resync stays started, with a warning", async () => {
  const { after } = await refresh(begun, { state: 11, jobs: [{}] });
  expect(after).toMatchObject({ outcome: "started", warnings: [expect.stringContaining("-Continue")] as string[] });
});

test("a request that names no job has a day to show itself, and has failed after it", async () => {
  const early = await refresh(record({ requestedAt: atSecond(1_001 - 86_400) }), { state: 9 });
  expect(early.after.outcome).toBe("started");
  const late = await refresh(record({ requestedAt: atSecond(1_000 - 86_400) }), { state: 9 });
  expect(late.after).toMatchObject({
    outcome: "failed",
    failuresInRow: 1,
    reason: expect.stringContaining("the host shows no sign of it") as string,
  });
});

test("a scheduled request without a job has failed a day after its time when the machine is still in need", async () => {
  const scheduled = { outcome: "scheduled", requestedAt: atSecond(0) } as const;
  const ahead = await refresh(record({ ...scheduled, scheduledStartTime: atSecond(990) }), { state: 9 });
  expect(ahead.after.outcome).toBe("scheduled");
  const due = await refresh(record({ ...scheduled, scheduledStartTime: atSecond(900) }), { state: 9 });
  expect(due.after.outcome).toBe("scheduled");
  const over = await refresh(record({ ...scheduled, scheduledStartTime: atSecond(1_000 - 86_400) }), { state: 9 });
  expect(over.after.outcome).toBe("failed");
});

test("a job from before the request says nothing of it", async () => {
  const older = { jobId: "job-0", jobState: 10, errorCode: 1, startTime: atSecond(-60) };
  const { after } = await refresh(record({ requestedAt: atSecond(941) }), { state: 9, jobs: [older] });
  expect(after.outcome).toBe("started");
});

test("a scheduled request stays scheduled before its time", async () => {
  const scheduledStartTime = atSecond(5_000);
  const before = record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime });
  const { after } = await refresh(before, { state: 9, jobs: [{ jobState: 2, scheduledStartTime }] });
  expect(after).toMatchObject({ outcome: "scheduled", jobState: "new" });
  expect((await refresh(before, { state: 9 })).after.outcome).toBe("scheduled");
});

test("a scheduled request has started as soon as its machine is in state 10", async () => {
  const before = record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime: atSecond(900) });
  expect((await refresh(before, { state: 10, jobs: [{}] })).after.outcome).toBe("started");
});

test("a healthy machine before the start time does not complete a request of which nothing was seen", async () => {
  const before = record({ outcome: "scheduled", scheduledStartTime: atSecond(5_000) });
  expect((await refresh(before, { state: 3 })).after.outcome).toBe("scheduled");
});

test("a completed request whose machine needs a resync again keeps its outcome and records the need", async () => {
  const { one, after } = await refresh(completed, { state: 9 });
  expect(after).toMatchObject({
    outcome: "completed",
    replicationState: "resynchronizationRequired",
    completionTime: atSecond(60),
  });
  expect(one.log.starts).toBe(0);
});

test("a job of somebody else leaves a completed request alone", async () => {
  const { after } = await refresh(completed, { state: 10, jobs: [{ jobId: "job-2" }] });
  expect(after).toMatchObject({ outcome: "completed", jobId: "job-1", jobState: "completed" });
});

test.each(["failed", "unknown", "cancelled"] as const)(
  "%s stays what it is until the next up, with today's state",
  async (outcome) => {
    const before = failedRecord({ outcome });
    const { after } = await refresh(before, { state: 3, link: { replicationHealth: 1 } });
    expect(after).toMatchObject({
      outcome,
      replicationState: "replicating",
      replicationHealth: "ok",
      failuresInRow: 1,
    });
  },
);

test.each<[string, Scene, RegExp]>([
  ["a host that is away", { error: new ReplicaResyncError("UNREACHABLE", "the host is away") }, /^the host is away$/],
  [
    "a service that does not run",
    { service: false },
    /^on HV01: .*\(vmms\) there, and check that the .* is installed$/,
  ],
  [
    "a machine that is not there",
    { vm: null },
    /no such machine; the account sees no machine at all\. .* on this host$/,
  ],
  ["an error that nobody knows", { error: new Error("socket hang up") }, /socket hang up/],
])("%s leaves the record as it is, with a warning", async (_what, scene, why) => {
  const { after } = await refresh(begun, scene);
  const [warning = "", ...others] = after.warnings;
  expect({ ...after, warnings: others }).toEqual(begun);
  const start = "at the last refresh the state could not be read: ";
  expect(warning.slice(0, start.length)).toBe(start);
  expect(warning.slice(start.length)).toMatch(why);
});

test("a wrong password says which configuration a refresh uses", async () => {
  const { after } = await refresh(begun, { error: new ReplicaResyncError("AUTH_FAILED", "logon failure") });
  expect(after.warnings).toEqual([expect.stringMatching(/logon failure\. .*configuration of the last up.*run up/)]);
});

test("a refresh that is stopped leaves the record as it is, with a warning", async () => {
  const { host } = lab(vmId);
  const after = await refreshResync(begun, "primary", host, { signal: AbortSignal.abort(new Error("stopped")) });
  expect(after).toEqual({
    ...begun,
    warnings: [expect.stringContaining("did not answer in time, or the run was stopped")],
  });
});

test("a state that is not known leaves the outcome, with a warning", async () => {
  const { after } = await refresh(begun, { state: 22 });
  expect(after).toMatchObject({
    outcome: "started",
    warnings: [
      expect.stringContaining("what the host shows: its replication is in state 22 (not a known state), in which no"),
    ] as string[],
  });
});

test("the warning of a failed refresh goes with the next one that reads", async () => {
  const before = withRefreshWarning(withRefreshWarning({ ...completed, warnings: ["kept"] }, "away"), "still away");
  expect(before.warnings).toEqual(["kept", "at the last refresh the state could not be read: still away"]);
  expect((await refresh(before, { state: 3 })).after.warnings).toEqual(["kept"]);
});

test("the extended link is refreshed by its own kind", async () => {
  const scene: Scene = {
    state: 3,
    link: { kind: "extended" },
    vm: { replicationMode: 2 },
    jobs: [{ ...ended, jobType: 121 }],
  };
  expect((await refresh(begun, scene, "extended")).after.outcome).toBe("completed");
});

test("a resync found after a lost reply keeps saying that the call was made", async () => {
  const found = { ...begun, adopted: true, attempts: 1, reason: "the reply of the call was lost" };
  const { after } = await refresh(found, { state: 3, jobs: [ended] });
  expect(after).toMatchObject({ outcome: "completed", adopted: true, reason: "the reply of the call was lost" });
});

test.each(["completed", "skipped"] as const)(
  "failures to heal a %s request are forgotten once the machine replicates normally again",
  async (outcome) => {
    const refused = { failuresInRow: 2, failingSince: atSecond(-900), nextAttemptAt: atSecond(300), reason: "no" };
    const { after: read } = await refresh(record({ outcome, ...refused }), { state: 3 });
    expect(read).toMatchObject({ outcome, failuresInRow: 0, reason: "healed meanwhile: it replicates normally" });
    expect(read).not.toHaveProperty("nextAttemptAt");
    const { after: still } = await refresh(record({ outcome, ...refused }), { state: 9 });
    expect(still).toMatchObject(refused);
    const { after: plain } = await refresh(record({ outcome, reason: "as it was" }), { state: 3 });
    expect(plain.reason).toBe("as it was");
  },
);

test("a request that failed stays so, whatever a refresh finds: the next up completes it", async () => {
  const { after: read } = await refresh(failedRecord(), { state: 3 });
  expect(read).toMatchObject({ outcome: "failed", failuresInRow: 1 });
});

test.each([begun, completed])(
  "a machine that is said to be replicated and shows no link stays as it was",
  async (before) => {
    const { after } = await refresh(before, { state: null });
    expect(after).toEqual({
      ...before,
      warnings: ["at the last refresh the state could not be read: the host shows the machine without its links"],
    });
  },
);
