import { enabledStateName } from "../../../../provider/core/hyperv/enabledState";

test.each([
  [2, "2 (running)"],
  [3, "3 (off)"],
  [6, "6 (saved)"],
  [9, "9 (paused)"],
  [32769, "32769"],
])("EnabledState %d is shown as %s", (value, text) => {
  expect(enabledStateName(value)).toBe(text);
});
