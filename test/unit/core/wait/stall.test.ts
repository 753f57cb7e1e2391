import { StallWatch, stalledWarning } from "../../../../provider/core/wait/stall";

test("what is seen first has not been the same for any time", () => {
  expect(new StallWatch().stalledMs([10, 4, 7], 5_000, false)).toBe(0);
});

test("the time is counted since what is seen changed last", () => {
  const stall = new StallWatch();
  stall.stalledMs([10, 4, 7], 1_000, false);
  expect(stall.stalledMs([10, 4, 7], 4_000, false)).toBe(3_000);
  expect(stall.stalledMs([10, 4, 7], 9_000, false)).toBe(8_000);
  expect(stall.stalledMs([10, 4, 8], 9_500, false)).toBe(0);
  expect(stall.stalledMs([10, 4, 8], 10_000, false)).toBe(500);
});

test.each([
  [
    [10, undefined, undefined],
    [null, undefined, undefined],
  ],
  [
    [10, 4, 7],
    [10, 4, undefined],
  ],
  [
    [10, 4, 7],
    [10, 5, 7],
  ],
])("%j becoming %j is a change", (before, after) => {
  const stall = new StallWatch();
  stall.stalledMs(before, 0, false);
  expect(stall.stalledMs(after, 1_000, false)).toBe(0);
});

test("what is not there is the same as it was", () => {
  const stall = new StallWatch();
  stall.stalledMs([9, undefined, undefined], 0, false);
  expect(stall.stalledMs([9, undefined, undefined], 1_000, false)).toBe(1_000);
});

test("while the resync is not due no time is counted", () => {
  const stall = new StallWatch();
  stall.stalledMs([9], 0, true);
  expect(stall.stalledMs([9], 5_000, true)).toBe(0);
  expect(stall.stalledMs([9], 7_000, false)).toBe(2_000);
});

test("the warning says how long, and the usual causes", () => {
  expect(stalledWarning(5_400_000)).toStrictEqual({
    code: "stalled",
    text: "nothing has moved for 1 h 30 min: the usual causes are a disk whose size differs between the two sides, a paused resynchronization, or no route to the replica host",
  });
});
