import { isStopped } from "../../../../provider/core/host/runContext";

test("a run is stopped from the abort of its signal on", () => {
  const controller = new AbortController();
  expect(isStopped(controller.signal)).toBe(false);
  controller.abort();
  expect(isStopped(controller.signal)).toBe(true);
});
