import { putForward, simulatedNow, withSpeed } from "../../../../provider/simulator/model/clock";

const anchors = { simulatedAtMs: 1_000_000, realAtMs: 50_000, speed: 60 };

test("goes as many times faster than real time as its speed says", () => {
  expect(simulatedNow(anchors, 51_000)).toBe(1_060_000);
});

test("stands still at speed 0", () => {
  expect(simulatedNow({ ...anchors, speed: 0 }, 99_000)).toBe(1_000_000);
});

test("does not go back with a real clock that was set back", () => {
  expect(simulatedNow(anchors, 1_000)).toBe(1_000_000);
});

test("does not jump when its speed changes", () => {
  const faster = withSpeed(anchors, 600, 51_000);
  expect([simulatedNow(faster, 51_000), simulatedNow(faster, 52_000)]).toEqual([1_060_000, 1_660_000]);
});

test("can be put forward", () => {
  expect(simulatedNow(putForward(anchors, 5_000), 51_000)).toBe(1_065_000);
});
