import { humanDuration } from "../../../../provider/core/text/duration";

test.each([
  [-5_000, "0 s"],
  [400, "0 s"],
  [45_000, "45 s"],
  [59_600, "1 min"],
  [125_000, "2 min 5 s"],
  [3_600_000, "1 h"],
  [11_400_000, "3 h 10 min"],
  [86_400_000, "24 h"],
])("%d ms are %s", (durationMs, text) => {
  expect(humanDuration(durationMs)).toBe(text);
});
