import { findJob, isTorn, nothingSeen } from "../../../../provider/core/wait/awaited";
import { awaited, job, link, vmWith } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const running = job({ percentComplete: 40 });

test("the job that the call named goes before any newer one", () => {
  const newer = job({ jobId: "job-2", startTime: atSecond(60) });
  expect(findJob([newer, running], awaited(), atSecond(90))).toBe(running);
});

test("without a name the newest job of the type counts, and none from before the call", () => {
  const jobs = [
    job({ jobId: "old", startTime: atSecond(50) }),
    job({ jobId: "one", startTime: atSecond(10) }),
    job({ jobId: "two", startTime: atSecond(20) }),
    job({ jobId: "other relationship", jobType: 121, startTime: atSecond(30) }),
  ];
  const unnamed = awaited({ jobId: undefined, olderJobIds: new Set(["old"]) });
  expect(findJob(jobs, unnamed, atSecond(90))?.jobId).toBe("two");
});

test("jobs without a start time are the oldest", () => {
  const { startTime: _never, ...never } = job({ jobId: "never" });
  const unnamed = awaited({ jobId: undefined });
  expect(findJob([never, job({ jobId: "one" }), never], unnamed, atSecond(90))?.jobId).toBe("one");
});

test("a job that the host has scheduled for itself is not the one that is waited for", () => {
  const ahead = job({ jobId: "job-2", jobState: 2, scheduledStartTime: atSecond(3_600) });
  expect(findJob([ahead], awaited(), atSecond(0))).toBeUndefined();
  expect(findJob([ahead], awaited({ jobId: "job-2" }), atSecond(0))).toBe(ahead);
});

test.each([
  [0, [], false],
  [1, [], true],
  [2, [], true],
  [1, [link()], false],
])("a VM in mode %d with the relationships %j is torn: %s", (replicationMode, links, expected) => {
  expect(isTorn(vmWith(links, { replicationMode }))).toBe(expected);
});

test("an older job that the call named is the one that is waited for", () => {
  expect(findJob([running], awaited({ olderJobIds: new Set(["job-1"]) }), atSecond(0))).toBe(running);
});

test("a wait that begins has seen nothing", () => {
  expect(nothingSeen).toEqual({
    resynchronizing: false,
    job: false,
    isTrusted: false,
    doneReadings: 0,
    missingReadings: 0,
  });
});
