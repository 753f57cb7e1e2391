import { hasEnded, isWaitedFor, outcomes, reasonOf, withWarnings } from "../../../../provider/core/record/record";
import { record } from "../../../support/builders";

test.each([
  ["completed", true, true],
  ["skipped", true, true],
  ["started", false, true],
  ["scheduled", false, true],
  ["failed", false, false],
  ["unknown", false, false],
  ["cancelled", false, false],
] as const)("%s has ended under wait completed: %s, under wait started: %s", (outcome, completed, started) => {
  expect(hasEnded(outcome, "completed")).toBe(completed);
  expect(hasEnded(outcome, "started")).toBe(started);
});

test("a resync is waited for while it is started or scheduled, and in no other outcome", () => {
  expect(outcomes.filter((outcome) => isWaitedFor(record({ outcome })))).toEqual(["scheduled", "started"]);
});

test("a record keeps one warning of a code, the newest", () => {
  const before = record({ warnings: [{ code: "paused", text: "a" }] });
  const newest = [
    { code: "paused", text: "b" },
    { code: "stalled", text: "c" },
  ] as const;
  expect(withWarnings(before, ...newest)).toStrictEqual({ ...before, warnings: newest });
  expect(withWarnings(before)).toStrictEqual(before);
});

test("an earlier try failed for its reason, or for none that is known", () => {
  expect(reasonOf(record({ reason: "the disk is full" }))).toBe("the disk is full");
  expect(reasonOf(record())).toBe("the earlier request did not end well");
});

test("the outcomes are the ones that states have stored", () => {
  expect(outcomes).toEqual(["completed", "skipped", "scheduled", "started", "unknown", "cancelled", "failed"]);
});
