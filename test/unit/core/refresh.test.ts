import { ReplicaResyncError } from "../../../provider/core/errors";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { refresh, withRefreshWarning } from "../../../provider/core/refresh";
import type { RelationshipKind } from "../../../provider/core/hyperv/relationship";
import { failedRecord, noEvidence, record, vmId } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";
import { lab, type Lab, type Scene } from "../../support/fakeHost";

async function refreshed(
  before: ResyncRecord,
  scene: Scene,
  kind: RelationshipKind = "primary",
): Promise<{ one: Lab; after: ResyncRecord }> {
  const one = lab(vmId, { timeline: [[0, scene]] });
  one.clock.pass(1_000);
  return { one, after: await refresh(before, kind, one.session, one.context.signal) };
}

const seenRunning = { ...noEvidence, sawResync: true, sawJob: true };
const begun = record({
  jobId: "job-1",
  jobState: 4,
  replicationState: 10,
  percentComplete: 10,
  evidence: seenRunning,
});
const completed = record({
  outcome: "completed",
  jobId: "job-1",
  jobState: 7,
  replicationState: 3,
  completionTime: atSecond(60),
});
const ended = { jobState: 7, percentComplete: 100, timeOfLastStateChange: atSecond(900) };

test("a good end is recorded by one reading, without waiting a tick", async () => {
  const { one, after } = await refreshed(begun, { state: 3, jobs: [ended] });
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
  const { after } = await refreshed({ ...begun, jobState: 7 }, { state: 3, jobs: [ended] });
  expect(after).toMatchObject({
    outcome: "completed",
    completionTime: atSecond(1_000),
    completionTimeSource: "observed",
  });
});

test("a resync that others have started since has not failed, though the request's own was seen in state 10", async () => {
  const { after } = await refreshed(begun, { state: 9, jobs: [{ jobId: "job-2", jobState: 3 }] });
  expect(after).toMatchObject({ outcome: "started", jobId: "job-2" });
});

test("an adopted resync that has ended keeps saying so", async () => {
  const { after } = await refreshed({ ...begun, adopted: true, attempts: 0, reason: "x" }, { state: 3 });
  expect(after).toMatchObject({
    outcome: "completed",
    reason: "a resynchronization that was already running was waited for",
  });
});

test("a job that completed with warnings leaves a warning", async () => {
  const { after } = await refreshed(begun, { state: 3, jobs: [{ jobState: 32768, errorDescription: "slow disk" }] });
  expect(after).toMatchObject({
    outcome: "completed",
    warnings: [{ code: "completedWithWarnings", text: expect.stringContaining("slow disk") as string }],
  });
});

test.each<[string, Scene]>([
  ["a job that failed", { state: 9, jobs: [{ jobState: 10, errorCode: 32768 }] }],
  ["a fall back to state 8", { state: 8 }],
  ["a job that is gone in state 9", { state: 9 }],
  ["a failover", { state: 12 }],
  ["another role", { state: 3, vm: { replicationMode: 2 } }],
  ["a removed relationship", { state: null, vm: { replicationMode: 0 } }],
])("%s is recorded as failed, and counted", async (_what, scene) => {
  const { after } = await refreshed(begun, scene);
  expect(after).toMatchObject({
    outcome: "failed",
    failuresInRow: 1,
    nextAttemptAt: atSecond(1_300),
    reason: expect.stringMatching(/\w/) as string,
  });
});

test("a bad end keeps what is known of the request", async () => {
  const { after } = await refreshed(begun, {
    state: 8,
    jobs: [{ jobState: 10, timeOfLastStateChange: atSecond(900) }],
  });
  expect(after).toEqual({
    ...begun,
    outcome: "failed",
    reason: "job job-1 ended as exception (JobState 10)",
    primaryHost: "HV01",
    recoveryHost: "HV02",
    replicationState: 8,
    jobState: 10,
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
    {
      outcome: "scheduled",
      scheduledStartTime: atSecond(5_000),
      jobId: "job-1",
      jobState: 2,
      evidence: { ...noEvidence, sawJob: true },
    },
  ],
])("%s is completed by a VM that replicates normally", async (_what, more) => {
  expect((await refreshed(record(more), { state: 3 })).after.outcome).toBe("completed");
});

test.each<[string, Scene]>([
  ["state 10", { state: 10, jobs: [{ percentComplete: 40 }] }],
  ["state 10 without its job", { state: 10 }],
  ["state 3 with a job that runs", { state: 3, jobs: [{}] }],
  ["state 15", { state: 15 }],
])("%s leaves a started request started", async (_what, scene) => {
  const { after } = await refreshed(begun, scene);
  expect(after).toMatchObject({ outcome: "started", failuresInRow: 0, warnings: [] });
});

test("a paused resync stays started, with a warning", async () => {
  const { after } = await refreshed(begun, { state: 11, jobs: [{}] });
  expect(after).toMatchObject({
    outcome: "started",
    warnings: [{ code: "paused", text: expect.stringContaining("-Continue") as string }],
  });
});

test("a request that names no job has a day to show itself, and has failed after it", async () => {
  const early = await refreshed(record({ requestedAt: atSecond(1_001 - 86_400) }), { state: 9 });
  expect(early.after.outcome).toBe("started");
  const late = await refreshed(record({ requestedAt: atSecond(1_000 - 86_400) }), { state: 9 });
  expect(late.after).toMatchObject({
    outcome: "failed",
    failuresInRow: 1,
    reason: expect.stringContaining("the host shows no sign of it") as string,
  });
});

test("a scheduled request without a job has failed a day after its time when the VM is in state 9 still", async () => {
  const scheduled = { outcome: "scheduled", requestedAt: atSecond(0) } as const;
  const ahead = await refreshed(record({ ...scheduled, scheduledStartTime: atSecond(990) }), { state: 9 });
  expect(ahead.after.outcome).toBe("scheduled");
  const due = await refreshed(record({ ...scheduled, scheduledStartTime: atSecond(900) }), { state: 9 });
  expect(due.after.outcome).toBe("scheduled");
  const over = await refreshed(record({ ...scheduled, scheduledStartTime: atSecond(1_000 - 86_400) }), { state: 9 });
  expect(over.after.outcome).toBe("failed");
});

test("a job from before the request says nothing of it", async () => {
  const older = { jobId: "job-0", jobState: 10, errorCode: 1, startTime: atSecond(-60) };
  const { after } = await refreshed(record({ requestedAt: atSecond(941) }), { state: 9, jobs: [older] });
  expect(after.outcome).toBe("started");
});

test("a scheduled request stays scheduled before its time", async () => {
  const scheduledStartTime = atSecond(5_000);
  const before = record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime });
  const { after } = await refreshed(before, { state: 9, jobs: [{ jobState: 2, scheduledStartTime }] });
  expect(after).toMatchObject({ outcome: "scheduled", jobState: 2 });
  expect((await refreshed(before, { state: 9 })).after.outcome).toBe("scheduled");
});

test("a scheduled request has started as soon as its VM is in state 10", async () => {
  const before = record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime: atSecond(900) });
  expect((await refreshed(before, { state: 10, jobs: [{}] })).after.outcome).toBe("started");
});

test("a healthy VM before the start time does not complete a request of which nothing was seen", async () => {
  const before = record({ outcome: "scheduled", scheduledStartTime: atSecond(5_000) });
  expect((await refreshed(before, { state: 3 })).after.outcome).toBe("scheduled");
});

test("a completed request whose VM needs a resync again keeps its outcome and records the need", async () => {
  const { one, after } = await refreshed(completed, { state: 9 });
  expect(after).toMatchObject({
    outcome: "completed",
    replicationState: 9,
    completionTime: atSecond(60),
  });
  expect(one.log.starts).toBe(0);
});

test("a job of somebody else leaves a completed request alone", async () => {
  const { after } = await refreshed(completed, { state: 10, jobs: [{ jobId: "job-2" }] });
  expect(after).toMatchObject({ outcome: "completed", jobId: "job-1", jobState: 7 });
});

test.each(["failed", "unknown", "cancelled"] as const)(
  "%s stays what it is until the next up, with today's state",
  async (outcome) => {
    const before = failedRecord({ outcome });
    const { after } = await refreshed(before, { state: 3, link: { replicationHealth: 1 } });
    expect(after).toMatchObject({
      outcome,
      replicationState: 3,
      replicationHealth: 1,
      failuresInRow: 1,
    });
  },
);

test.each<[string, Scene, RegExp]>([
  ["a host that is away", { error: new ReplicaResyncError("UNREACHABLE", "the host is away") }, /^the host is away$/],
  [
    "a service that does not run",
    { service: false },
    /^on HV01: .*\(vmms\) on the host, and check that the .* is installed$/,
  ],
  ["a VM that is not there", { vm: null }, /no such VM; the account sees no VM at all\. .* on this host$/],
  ["an error that nobody knows", { error: new Error("socket hang up") }, /socket hang up/],
])("%s leaves the record as it is, with a warning", async (_what, scene, why) => {
  const { after } = await refreshed(begun, scene);
  const [warning, ...others] = after.warnings;
  expect({ ...after, warnings: others }).toEqual(begun);
  expect(warning?.code).toBe("refresh");
  const start = "at the last refresh the state could not be read: ";
  expect(warning?.text.slice(0, start.length)).toBe(start);
  expect(warning?.text.slice(start.length)).toMatch(why);
});

test("a wrong password says which configuration a refresh uses", async () => {
  const { after } = await refreshed(begun, { error: new ReplicaResyncError("AUTH_FAILED", "authentication failed") });
  expect(after.warnings).toEqual([
    {
      code: "refresh",
      text: "at the last refresh the state could not be read: authentication failed. A refresh uses the configuration of the last pulumi up: after a password was changed run up, or refresh --run-program",
    },
  ]);
});

test("a refresh that is stopped leaves the record as it is, with a warning", async () => {
  const { session } = lab(vmId);
  const after = await refresh(begun, "primary", session, AbortSignal.abort(new Error("stopped")));
  expect(after).toEqual({
    ...begun,
    warnings: [
      {
        code: "refresh",
        text: "at the last refresh the state could not be read: the host did not answer in time, or the run was stopped",
      },
    ],
  });
});

test("a state that is not known leaves the outcome, with a warning", async () => {
  const { after } = await refreshed(begun, { state: 22 });
  expect(after).toMatchObject({
    outcome: "started",
    warnings: [
      {
        code: "refresh",
        text: "at the last refresh nothing could be made of what the host shows: its replication is in state 22 (not a known state), in which no resynchronization is waited for",
      },
    ],
  });
});

test("the warning of a failed refresh goes with the next one that reads", async () => {
  const kept = { code: "stalled", text: "kept" } as const;
  const before = withRefreshWarning(withRefreshWarning({ ...completed, warnings: [kept] }, "away"), "still away");
  expect(before.warnings).toEqual([
    kept,
    { code: "refresh", text: "at the last refresh the state could not be read: still away" },
  ]);
  expect((await refreshed(before, { state: 3 })).after.warnings).toEqual([kept]);
});

test("the extended relationship is refreshed by its own kind", async () => {
  const scene: Scene = {
    state: 3,
    link: { kind: "extended" },
    vm: { replicationMode: 2 },
    jobs: [{ ...ended, jobType: 121 }],
  };
  expect((await refreshed(begun, scene, "extended")).after.outcome).toBe("completed");
});

test("a resync found after a lost reply keeps saying that the call was made", async () => {
  const found = { ...begun, adopted: true, attempts: 1, reason: "the reply of the call was lost" };
  const { after } = await refreshed(found, { state: 3, jobs: [ended] });
  expect(after).toMatchObject({ outcome: "completed", adopted: true, reason: "the reply of the call was lost" });
});

test.each(["completed", "skipped"] as const)(
  "failures to heal a %s request are forgotten once the VM replicates normally again",
  async (outcome) => {
    const refused = { failuresInRow: 2, failingSince: atSecond(-900), nextAttemptAt: atSecond(300), reason: "no" };
    const { after: read } = await refreshed(record({ outcome, ...refused }), { state: 3 });
    expect(read).toMatchObject({ outcome, failuresInRow: 0, reason: "healed meanwhile: it replicates normally" });
    expect(read).not.toHaveProperty("nextAttemptAt");
    const { after: still } = await refreshed(record({ outcome, ...refused }), { state: 9 });
    expect(still).toMatchObject(refused);
    const { after: plain } = await refreshed(record({ outcome, reason: "as it was" }), { state: 3 });
    expect(plain.reason).toBe("as it was");
  },
);

test("a request that failed stays so, whatever a refresh finds: the next up completes it", async () => {
  const { after: read } = await refreshed(failedRecord(), { state: 3 });
  expect(read).toMatchObject({ outcome: "failed", failuresInRow: 1 });
});

test.each([begun, completed])(
  "a VM that is said to be replicated and shows no relationship stays as it was",
  async (before) => {
    const { after } = await refreshed(before, { state: null });
    expect(after).toEqual({
      ...before,
      warnings: [
        {
          code: "refresh",
          text: "at the last refresh the state could not be read: the host shows the VM without its relationships",
        },
      ],
    });
  },
);

test("what a refresh has seen is evidence for the next run", async () => {
  const { after } = await refreshed(record({ jobId: "job-1" }), { state: 10, jobs: [{}] });
  expect(after.evidence).toEqual(seenRunning);
  const { after: nothing } = await refreshed(record(), { state: 9 });
  expect(nothing.evidence).toEqual(noEvidence);
});

test("what was seen of the request's own resync is no evidence of another one", async () => {
  const { after } = await refreshed(begun, { state: 9, jobs: [{ jobId: "job-2", jobState: 3 }] });
  expect(after.evidence).toEqual({ ...noEvidence, sawJob: true });
});

test("a VM that is not there for a request that has ended leaves it as it is", async () => {
  const { after } = await refreshed(completed, { vm: null });
  expect({ ...after, warnings: [] }).toEqual(completed);
  expect(after.warnings.map(({ code }) => code)).toEqual(["refresh"]);
});

test("refreshes at the same time share their readings", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 3 }]] });
  const all = await Promise.all(
    Array.from({ length: 40 }, async () => refresh(completed, "primary", one.session, one.context.signal)),
  );
  expect(new Set(all.map(({ replicationState }) => replicationState))).toEqual(new Set([3]));
  expect(one.log.count("readVms")).toBe(2);
  expect(one.log.count("readVm")).toBe(0);
});

test.each([
  [["a disk is missing"], ["a disk is missing"]],
  [[], []],
])("why a relationship is not well is asked for and recorded: %j", async (reasons, expected) => {
  const one = lab(vmId, { timeline: [[0, { state: 9 }]] });
  one.host.healthReasons = reasons;
  const before = { ...completed, healthReasons: ["old"] };
  expect((await refresh(before, "primary", one.session, one.context.signal)).healthReasons).toEqual(expected);
  expect(one.log.count("readHealthReasons")).toBe(1);
});

test("reasons that cannot be read do not spoil a refresh", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 9 }]] });
  one.host.onCall = ({ operation }) => {
    if (operation === "readHealthReasons") throw new ReplicaResyncError("ACCESS_DENIED", "no rights");
  };
  const after = await refresh({ ...completed, healthReasons: ["old"] }, "primary", one.session, one.context.signal);
  expect(after).toMatchObject({ replicationState: 9, healthReasons: ["old"], warnings: [] });
});
