import {
  failed,
  fellBack,
  jobFailure,
  lostJob,
  paused,
  pending,
  removed,
  withWarningsText,
} from "../../../../provider/core/wait/verdict";
import { job, link, seen } from "../../../support/builders";

const eventLog = "Look at the Hyper-V-VMMS event log of the host";

test("what has not ended is shown with the percent of its job", () => {
  expect(pending("resynchronizing")).toStrictEqual({ kind: "pending", status: "resynchronizing" });
  expect(pending("resynchronizing", job({ percentComplete: 7 }))).toStrictEqual({
    kind: "pending",
    status: "resynchronizing 7 %",
  });
});

test("what has ended badly says why and what to do", () => {
  expect(failed("it broke", "Repair it")).toStrictEqual({ kind: "failed", reason: "it broke", remedy: "Repair it" });
});

test.each([
  [undefined, "it has no such relationship any more"],
  [link({ replicationState: 0 }), "state 0 (disabled)"],
])("replication that was removed says what is left", (one, what) => {
  expect(removed(one)).toStrictEqual({
    kind: "failed",
    reason: `its replication was removed: ${what}`,
    remedy: "Enable replication for the VM again",
  });
});

test("a job that is lost says what happened to the host", () => {
  expect(lostJob()).toStrictEqual({
    kind: "failed",
    reason:
      "the job of the resynchronization is gone and its replication still requires one: the host or its management service was restarted",
    remedy: "A later `pulumi up` tries again",
  });
});

test.each([
  [true, "fell back to"],
  [false, "is in"],
])("a relationship that was seen in state 10 (%s) %s its state", (resynchronizing, how) => {
  expect(fellBack(8, seen({ resynchronizing }))).toStrictEqual({
    kind: "failed",
    reason: `the resynchronization ended without success: its replication ${how} state 8 (critical)`,
    remedy: `${eventLog}: it may have been cancelled, the replica host may not answer, or a disk may differ in size`,
  });
});

test.each([
  [8, "terminated", true],
  [9, "killed", true],
  [10, "exception", false],
  [11, "service", false],
])("a job that ended in state %d (%s) was ended by request: %s", (jobState, name, isByRequest) => {
  expect(jobFailure(job({ jobState }))).toStrictEqual({
    kind: "failed",
    reason: `job job-1 ended as ${name} (JobState ${jobState})`,
    remedy: isByRequest
      ? "It was ended by request, it may have been cancelled: look at the Hyper-V-VMMS event log of the host"
      : `${eventLog}, check that the replica host answers and that the disks on both sides have the same size`,
  });
});

test.each([
  [{ errorCode: 32768 }, " with error 32768 (Failed)"],
  [{ errorDescription: " no route " }, ": no route"],
  [{ errorCode: 5, errorDescription: "no route" }, " with error 5 (undocumented): no route"],
  [{ errorDescription: "  " }, ""],
  [{ errorDescription: "x".repeat(500) }, `: ${"x".repeat(500)}`],
  [{ errorDescription: "x".repeat(501) }, `: ${"x".repeat(500)}`],
  [{ errorDescription: `${"x".repeat(499)}😀` }, `: ${"x".repeat(499)}\u{FFFD}`],
])("a job that failed with %j says so", (more, words) => {
  expect(jobFailure(job({ jobState: 10, ...more }))).toMatchObject({
    reason: `job job-1 ended as exception (JobState 10)${words}`,
  });
});

test("a paused resync is waited for, with a warning that says what lets it continue", () => {
  expect(paused(job({ percentComplete: 40 }))).toStrictEqual({
    kind: "pending",
    status: "paused by an operator 40 %",
    warning: {
      code: "paused",
      text: "the resynchronization is paused by an operator: Resume-VMReplication -Continue lets it continue",
    },
  });
  expect(paused(undefined)).toMatchObject({ kind: "pending", status: "paused by an operator" });
});

test.each([
  ["slow disk", ": slow disk"],
  ["", ""],
])("a job that completed with warnings says %j", (errorDescription, words) => {
  expect(withWarningsText(job({ jobState: 32768, errorDescription }))).toBe(
    `the job completed with warnings (JobState 32768)${words}; the Hyper-V-VMMS event log of the host says more`,
  );
});
