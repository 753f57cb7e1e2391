import { firstDelayMs, longestDelayMs, nextDelay, withJitter } from "../../../../provider/core/host/backoff";

test("pauses begin at 1 s, grow by half and stay at 15 s", () => {
  const pauses = [firstDelayMs];
  for (let count = 0; count < 8; count++) pauses.push(nextDelay(pauses.at(-1) ?? 0));
  expect(pauses).toEqual([1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 11_390.625, 15_000, 15_000]);
});

test.each([
  [0, 13_500],
  [0.5, 15_000],
  [1, 16_500],
])("jitter %d makes of the longest pause %d ms, far below a minute", (random, pauseMs) => {
  expect(withJitter(longestDelayMs, random)).toBeCloseTo(pauseMs);
});
