import { lookAt, type NotShown, type Observation } from "../../../../provider/core/host/observation";
import type { JobReading, VmReplicationReading } from "../../../../provider/core/host/ports";
import { replicationStates } from "../../../../provider/core/hyperv/replicationState";
import type { Seen } from "../../../../provider/core/wait/awaited";
import { judgeReading } from "../../../../provider/core/wait/judgeReading";
import { awaited, job, link, observation, seen, service, vmWith } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const begun = seen({ resynchronizing: true, job: true });
const running = job({ percentComplete: 40 });
const done = job({ jobState: 7, percentComplete: 100 });
const broken = job({ jobState: 10, errorCode: 32768, errorDescription: "no route" });
const down: NotShown = { notShown: "service", service: undefined };
const missing: NotShown = { notShown: "vm", service: service() };

function look(replicationState: number | null, jobs: readonly JobReading[] = []): Observation {
  return observation({ replicationState, jobs });
}

/** A look at a VM that a reading shows like this. */
function lookOf(
  vm: VmReplicationReading,
  jobs: readonly JobReading[] = [],
  kind: "primary" | "extended" = "primary",
): Observation | NotShown {
  return lookAt({ service: service(), vms: new Map([[vm.vmId, vm]]), jobs }, vm.vmId, kind);
}

function judge(state: number | null, jobs: readonly JobReading[], before: Seen): string {
  const { verdict } = judgeReading(look(state, jobs), awaited(), before);
  return verdict.kind === "pending" ? verdict.status : verdict.kind;
}

describe("before any trace of the resync", () => {
  test.each([
    [9, [], "waiting for the resynchronization to begin"],
    [9, [running], "waiting for the resynchronization to begin 40 %"],
    [7, [], "waiting for the resynchronization to begin"],
    [15, [], "waiting for the resynchronization to begin"],
    [3, [], "accepted; no trace of the resynchronization yet"],
    [3, [running], "the disks are in sync, the job finishes 40 %"],
    [10, [], "resynchronizing"],
    [10, [done], "resynchronizing 100 %"],
    [11, [], "paused by an operator"],
    [9, [broken], "failed"],
    [7, [broken], "failed"],
    [3, [broken], "failed"],
    [8, [], "failed"],
  ])("state %d with jobs %j is judged: %s", (state, jobs, expected) => {
    expect(judge(state, jobs, seen())).toBe(expected);
  });
});

test.each([
  [9, [], "failed"],
  [9, [running], "failed"],
  [8, [], "failed"],
  [8, [broken], "failed"],
  [15, [], "waiting for the resynchronization to begin"],
  [7, [running], "paused by an operator 40 %"],
  [11, [running], "paused by an operator 40 %"],
  [11, [broken], "failed"],
  [10, [broken], "resynchronizing 0 %"],
  [10, [running], "resynchronizing 40 %"],
  [3, [running], "the disks are in sync, the job finishes 40 %"],
  [3, [done], "it replicates normally again; reading once more"],
  [3, [], "it replicates normally again; reading once more"],
  [3, [broken], "failed"],
])("after state 10 was seen, state %d with jobs %j is judged: %s", (state, jobs, expected) => {
  expect(judge(state, jobs, begun)).toBe(expected);
});

test("state 0 means that replication was removed", () => {
  const { verdict } = judgeReading(look(0), awaited(), begun);
  expect(verdict).toEqual({
    kind: "failed",
    reason: "its replication was removed: state 0 (disabled)",
    remedy: "Enable replication for the VM again",
  });
});

test("a VM that is said to be replicated and shows no relationship is read again, and the third time believed", () => {
  const first = judgeReading(look(null), awaited(), begun);
  expect(first.verdict).toEqual({ kind: "pending", status: "the host does not show the VM's relationships" });
  const second = judgeReading(look(null), awaited(), first.seen);
  expect(second.verdict.kind).toBe("pending");
  const third = judgeReading(look(null), awaited(), second.seen);
  expect(third.verdict).toMatchObject({
    kind: "failed",
    reason: "its replication was removed: it has no such relationship any more",
  });
  const between = judgeReading(look(10), awaited(), second.seen);
  expect(judgeReading(look(null), awaited(), between.seen).verdict.kind).toBe("pending");
});

test("an extended relationship that is gone beside the other one was removed", () => {
  const one = lookOf(vmWith([link({ replicationState: 3 })], { replicationMode: 2 }), [], "extended");
  expect(judgeReading(one, awaited({ kind: "extended" }), begun).verdict).toMatchObject({
    kind: "failed",
    reason: "its replication was removed: it has no such relationship any more",
  });
});

test("a VM that is not replicated any more says so, and not that it was failed over", () => {
  const vm = vmWith([], { replicationMode: 0 });
  const { verdict } = judgeReading(lookOf(vm), awaited(), begun);
  expect(verdict).toMatchObject({
    kind: "failed",
    reason: "its replication was removed: it has no such relationship any more",
  });
});

test.each([4, 5, 6, 12, 13, 14])("state %d means that a failover came between", (state) => {
  expect(judgeReading(look(state, [running]), awaited(), begun).verdict).toMatchObject({
    kind: "failed",
    reason: expect.stringContaining(`a failover came between: its replication is in state ${state} (`) as string,
    remedy: "Complete or cancel the failover",
  });
});

test.each([1, 2, 16, 18, 19, 20, 21])("state %d ends the wait as failed, with its number and what to do", (state) => {
  expect(judgeReading(look(state, [running]), awaited(), begun).verdict).toMatchObject({
    kind: "failed",
    reason: expect.stringContaining(`its replication is in state ${state} (`) as string,
    remedy: replicationStates.get(state)?.remedy,
  });
});

test.each([17, 22, 99])("state %d is unexpected", (state) => {
  expect(judgeReading(look(state, [running]), awaited(), begun).verdict).toMatchObject({
    kind: "unexpected",
    reason: expect.stringContaining(`${state}`) as string,
  });
});

test("a job in a state that is not known is unexpected", () => {
  expect(judgeReading(look(10, [job({ jobState: 42 })]), awaited(), begun).verdict).toMatchObject({
    kind: "unexpected",
    reason: expect.stringContaining("JobState 42") as string,
  });
});

test.each([
  ["primary", 2],
  ["extended", 1],
  ["primary", 3],
] as const)("the %s relationship of a VM in mode %d has changed its role, even in state 3", (kind, replicationMode) => {
  const vm = vmWith([link({ kind, replicationState: 3 })], { replicationMode });
  const { verdict } = judgeReading(lookOf(vm, [done], kind), awaited({ kind }), begun);
  expect(verdict).toEqual({
    kind: "failed",
    reason: "its role has changed: a failover came between",
    remedy: "Look at the direction of its replication",
  });
});

test("the extended relationship of a replica is waited for", () => {
  const vm = vmWith([link({ kind: "extended", replicationState: 10 })], { replicationMode: 2 });
  const jobs = [job({ jobType: 121, percentComplete: 5 })];
  const { verdict } = judgeReading(lookOf(vm, jobs, "extended"), awaited({ kind: "extended" }), seen());
  expect(verdict).toEqual({ kind: "pending", status: "resynchronizing 5 %" });
});

test("a good end is read twice in a row before it counts", () => {
  const first = judgeReading(look(3, [done]), awaited(), begun);
  expect(first.verdict.kind).toBe("pending");
  expect(judgeReading(look(3, [done]), awaited(), first.seen).verdict).toEqual({ kind: "completed" });
});

test("two readings of a good end with another one between do not count", () => {
  const first = judgeReading(look(3, [done]), awaited(), begun);
  const between = judgeReading(look(10, [done]), awaited(), first.seen);
  expect(judgeReading(look(3, [done]), awaited(), between.seen).verdict.kind).toBe("pending");
});

test.each([
  ["state 10", seen({ resynchronizing: true })],
  ["the job", seen({ job: true })],
  ["a call that returned 0, or a later run", seen({ isTrusted: true })],
])("state 3 counts after %s", (_evidence, before) => {
  expect(judgeReading(look(3), awaited(), { ...before, doneReadings: 1 }).verdict.kind).toBe("completed");
});

test("state 3 without any trace never counts", () => {
  expect(judgeReading(look(3), awaited(), seen({ doneReadings: 5 })).verdict.kind).toBe("pending");
});

test("a job that completed with warnings completes, and warns with the host's words", () => {
  const warned = job({ jobState: 32768, errorCode: 32768, errorDescription: "slow disk" });
  expect(judgeReading(look(3, [warned]), awaited(), { ...begun, doneReadings: 1 }).verdict).toEqual({
    kind: "completed",
    warning: {
      code: "completedWithWarnings",
      text: "the job completed with warnings (JobState 32768): slow disk; the Hyper-V-VMMS event log of the host says more",
    },
  });
});

test("a job that completed with an error code fails", () => {
  expect(judge(3, [job({ jobState: 7, errorCode: 32773 })], begun)).toBe("failed");
});

test.each([8, 9, 10, 11])(
  "a job that ended in state %d fails with its id, its state and the host's words",
  (jobState) => {
    const ended = job({ jobState, errorCode: 32768, errorDescription: " no route " });
    expect(judgeReading(look(9, [ended]), awaited(), begun).verdict).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(
        new RegExp(`job job-1 ended as .* \\(JobState ${jobState}\\).*32768 \\(Failed\\): no route$`),
      ) as string,
    });
  },
);

test("a very long description of the host is cut without half a character", () => {
  const ended = job({ jobState: 10, errorDescription: `${"x".repeat(499)}😀` });
  const { verdict } = judgeReading(look(9, [ended]), awaited(), begun);
  expect(verdict.kind === "failed" && verdict.reason).toBe(
    `job job-1 ended as exception (JobState 10): ${"x".repeat(499)}\u{FFFD}`,
  );
});

test("a service that does not run is waited for, and takes back a first good reading", () => {
  const before = seen({ doneReadings: 1, missingReadings: 2 });
  expect(judgeReading(down, awaited(), before)).toEqual({
    verdict: { kind: "pending", status: "the management service of the host does not answer" },
    seen: seen({ doneReadings: 0, missingReadings: 2 }),
  });
});

test("a VM that is missing is gone at the third reading in a row", () => {
  let now = begun;
  const kinds = [1, 2, 3].map(() => {
    const step = judgeReading(missing, awaited(), now);
    now = step.seen;
    return step.verdict.kind;
  });
  expect(kinds).toEqual(["pending", "pending", "gone"]);
});

test("a VM that is missing takes back a first good reading", () => {
  expect(judgeReading(missing, awaited(), { ...begun, doneReadings: 1 })).toEqual({
    verdict: { kind: "pending", status: "the host does not show the VM" },
    seen: { ...begun, missingReadings: 1 },
  });
});

test("a VM that is seen again is not missing any more", () => {
  const { seen: after } = judgeReading(look(10), awaited(), { ...begun, missingReadings: 2 });
  expect(after.missingReadings).toBe(0);
});

test("a job that was running and is gone twice in a row has failed, where the VM is in state 9 still", () => {
  const first = judgeReading(look(9, [running]), awaited(), seen());
  const second = judgeReading(look(9), awaited(), first.seen);
  expect(second.verdict.kind).toBe("pending");
  expect(judgeReading(look(9), awaited(), second.seen).verdict).toEqual({
    kind: "failed",
    reason:
      "the job of the resynchronization is gone and its replication still requires one: the host or its management service was restarted",
    remedy: "A later `pulumi up` tries again",
  });
});

test("a job that was gone once and is there again is not lost", () => {
  const first = judgeReading(look(9, [running]), awaited(), seen());
  const second = judgeReading(look(9), awaited(), first.seen);
  expect(second.seen).toEqual(seen({ job: true, isJobRunning: true, lostJobReadings: 1 }));
  expect(judgeReading(look(9, [running]), awaited(), second.seen).seen).toEqual(
    seen({ job: true, isJobRunning: true, lostJobReadings: 0 }),
  );
});

test.each([
  ["state 10 without a job", look(10), seen({ resynchronizing: true })],
  ["a job that runs in state 9", look(9, [running]), seen({ job: true, isJobRunning: true, lostJobReadings: 0 })],
  ["a job that has ended", look(9, [done]), seen({ job: true, isJobRunning: false, lostJobReadings: 0 })],
  ["state 3 without a job", look(3), seen()],
  ["a VM without relationships", look(null), seen({ missingReadings: 1 })],
])("%s is kept as what was seen", (_what, one, expected) => {
  expect(judgeReading(one, awaited(), seen()).seen).toEqual(expected);
});

test.each([
  [9, true, "fell back to state 9 (resynchronizationRequired)"],
  [8, true, "fell back to state 8 (critical)"],
  [8, false, "is in state 8 (critical)"],
])("an end without success in state %d, after state 10 was seen: %s, says so and where to look", (state, was, how) => {
  expect(judgeReading(look(state), awaited(), seen({ resynchronizing: was })).verdict).toEqual({
    kind: "failed",
    reason: `the resynchronization ended without success: its replication ${how}`,
    remedy:
      "Look at the Hyper-V-VMMS event log of the host: it may have been cancelled, the replica host may not answer, or a disk may differ in size",
  });
});

test.each([7, 8, 9, 11])("a job that failed says more than state %d in which it left the VM", (state) => {
  expect(judgeReading(look(state, [broken]), awaited(), begun).verdict).toEqual({
    kind: "failed",
    reason: "job job-1 ended as exception (JobState 10) with error 32768 (Failed): no route",
    remedy:
      "Look at the Hyper-V-VMMS event log of the host, check that the replica host answers and that the disks on both sides have the same size",
  });
});

test("state 8 is the end while the job still runs", () => {
  expect(judgeReading(look(8, [running]), awaited(), begun).verdict).toMatchObject({
    kind: "failed",
    reason: expect.stringContaining("fell back to state 8") as string,
  });
});

test("a job that had ended and is gone says nothing: the resync may begin yet", () => {
  const first = judgeReading(look(9, [done]), awaited(), seen());
  const second = judgeReading(look(9), awaited(), first.seen);
  expect(judgeReading(look(9), awaited(), second.seen).verdict.kind).toBe("pending");
});

test.each([8, 9])("a job in state %d was ended by request: the remedy says so", (jobState) => {
  const { verdict } = judgeReading(look(9, [job({ jobState })]), awaited(), begun);
  expect(verdict).toMatchObject({
    reason: expect.stringMatching(/\(JobState \d\)$/) as string,
    remedy: expect.stringContaining("it may have been cancelled") as string,
  });
});

test("state 15 keeps waiting, also after state 10 and without the job", () => {
  const lost = { ...begun, isJobRunning: true, lostJobReadings: 5 };
  expect(judge(15, [], lost)).toBe("waiting for the resynchronization to begin");
  expect(judge(9, [], { ...lost, resynchronizing: false })).toBe("failed");
});

test("a state that means nothing to wait for says what to do, one that is not known does not", () => {
  expect(judgeReading(look(17), awaited(), begun).verdict).toMatchObject({
    reason: "its replication is in state 17 (unknown), in which no resynchronization is waited for",
    remedy: expect.stringContaining("Hyper-V Manager") as string,
  });
  expect(judgeReading(look(22), awaited(), begun).verdict).not.toHaveProperty("remedy");
});

test.each([
  [1, "pending"],
  [0, "failed"],
  [-1, "failed"],
])("a job that is gone twice in a row with the start time %d s ahead is judged: %s", (seconds, kind) => {
  const lost = seen({ job: true, isJobRunning: true, lostJobReadings: 1 });
  const { verdict } = judgeReading(look(9), awaited({ scheduledFor: atSecond(seconds) }), lost);
  expect(verdict.kind).toBe(kind);
});
