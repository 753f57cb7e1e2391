import { addWarnings, type Warning, warningCodes, withoutWarning } from "../../../../provider/core/record/warnings";

const paused: Warning = { code: "paused", text: "it is paused" };
const stalled: Warning = { code: "stalled", text: "nothing has moved for 1 h" };
const skew: Warning = { code: "clockSkew", text: "the clocks differ" };

test("warnings of other codes are added in order", () => {
  expect(addWarnings([skew], paused, stalled)).toEqual([skew, paused, stalled]);
  expect(addWarnings([])).toEqual([]);
});

test("a warning of a code that is there takes its place", () => {
  const longer: Warning = { code: "stalled", text: "nothing has moved for 2 h" };
  expect(addWarnings([stalled, skew], longer)).toEqual([longer, skew]);
  expect(addWarnings([], stalled, skew, longer)).toEqual([longer, skew]);
});

test("a list stays what it was when more is added to it", () => {
  const before = [stalled];
  addWarnings(before, paused);
  expect(before).toEqual([stalled]);
});

test("the warnings of one code are left out, and no others", () => {
  expect(withoutWarning([skew, paused, stalled], "paused")).toEqual([skew, stalled]);
  expect(withoutWarning([skew], "paused")).toEqual([skew]);
});

test("the codes are the ones that later runs know", () => {
  expect(warningCodes).toEqual([
    "clockSkew",
    "completedWithWarnings",
    "paused",
    "stalled",
    "suspended",
    "ownWindow",
    "scheduledByHost",
    "startTimePassed",
    "startTimeKept",
    "overtaken",
    "foundRunning",
    "earlierAttempt",
    "refresh",
  ]);
});
