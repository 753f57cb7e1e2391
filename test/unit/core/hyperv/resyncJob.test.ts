import { isRunningResync, isScheduledAhead, sameSecond } from "../../../../provider/core/hyperv/resyncJob";
import { job } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

test.each([
  [undefined, false],
  [atSecond(-1), false],
  [atSecond(0), false],
  [atSecond(5), false],
  [atSecond(6), true],
])("a job with the scheduled start %s is ahead: %s", (scheduledStartTime, expected) => {
  const one = job(scheduledStartTime === undefined ? {} : { scheduledStartTime });
  expect(isScheduledAhead(one, atSecond(0))).toBe(expected);
});

test.each([
  [107, 4, "primary", true],
  [107, 12, "primary", true],
  [107, 7, "primary", false],
  [107, 99, "primary", false],
  [121, 4, "primary", false],
  [121, 4, "extended", true],
  [117, 4, "primary", false],
] as const)("a job of type %d in state %d runs for the %s relationship: %s", (jobType, jobState, kind, expected) => {
  expect(isRunningResync(job({ jobType, jobState }), kind, atSecond(0))).toBe(expected);
});

test("a job that waits for a start time ahead does not run", () => {
  expect(isRunningResync(job({ scheduledStartTime: atSecond(6) }), "primary", atSecond(0))).toBe(false);
  expect(isRunningResync(job({ scheduledStartTime: atSecond(6) }), "primary", atSecond(1))).toBe(true);
});

test.each([
  [atSecond(1), atSecond(1), true],
  [atSecond(1), atSecond(1.9), true],
  [atSecond(1), atSecond(2), false],
  [atSecond(1), atSecond(0.9), false],
  [undefined, atSecond(1), false],
  [atSecond(1), undefined, false],
  [undefined, undefined, false],
])("%s and %s are the same second: %s", (one, other, expected) => {
  expect(sameSecond(one, other)).toBe(expected);
});
