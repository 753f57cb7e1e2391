import {
  completedWithWarnings,
  endedByRequest,
  jobStateName,
  jobStateNames,
  jobStates,
} from "../../../../provider/core/hyperv/jobState";

test.each([
  [2, "new", false, false],
  [3, "starting", false, false],
  [4, "running", false, false],
  [5, "suspended", false, false],
  [6, "shuttingDown", false, false],
  [7, "completed", true, true],
  [8, "terminated", true, false],
  [9, "killed", true, false],
  [10, "exception", true, false],
  [11, "service", true, false],
  [12, "queryPending", false, false],
  [32768, "completedWithWarnings", true, true],
])("JobState %d is %s: terminal %s, success %s", (value, name, isTerminal, isSuccess) => {
  expect(jobStates.get(value)).toEqual({ name, isTerminal, isSuccess });
  expect(jobStateName(value)).toBe(name);
});

test("the table holds these twelve states and no other, and the names are theirs", () => {
  expect(jobStates.size).toBe(12);
  expect(jobStateNames).toEqual([...jobStates.values()].map(({ name }) => name));
});

test("a JobState that is not known is named by its number", () => {
  expect(jobStateName(13)).toBe("unknown (13)");
});

test("terminated and killed jobs were ended by request, no others", () => {
  expect([...jobStates.keys()].filter((value) => endedByRequest.has(value))).toEqual([8, 9]);
});

test("a job that ended with warnings has a state of its own", () => {
  expect(jobStateName(completedWithWarnings)).toBe("completedWithWarnings");
});
