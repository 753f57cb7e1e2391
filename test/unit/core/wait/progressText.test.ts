import { howFar, timeLeft } from "../../../../provider/core/wait/progressText";
import { job, record } from "../../../support/builders";
import { startMs } from "../../../support/fakeClock";

test.each([
  [1, 10, ", about 16 min 30 s left"],
  [10, 10, ", about 1 min 30 s left"],
  [50, 100, ", about 1 min 40 s left"],
  [99, 99, ", about 1 s left"],
  [0, 10, ""],
  [0.5, 10, ""],
  [100, 10, ""],
  [101, 10, ""],
  [10, 0, ""],
  [10, -1, ""],
])("at %d %% after %d s there is left: %j", (percentComplete, seconds, text) => {
  expect(timeLeft(job({ percentComplete }), startMs + seconds * 1_000)).toBe(text);
});

test("nothing is left to tell without a job, or of one that has not begun", () => {
  const { startTime: _none, ...notBegun } = job({ percentComplete: 10 });
  expect(timeLeft(undefined, startMs + 10_000)).toBe("");
  expect(timeLeft(notBegun, startMs + 10_000)).toBe("");
});

test.each([
  [{}, "state resynchronizationRequired"],
  [{ replicationState: null }, "state none"],
  [{ replicationState: 22 }, "state unknown (22)"],
  [{ replicationState: 10, jobState: 4 }, "state resynchronizing"],
  [{ jobId: "job-1" }, "state resynchronizationRequired, job job-1"],
  [{ jobId: "job-1", jobState: 4 }, "state resynchronizationRequired, job job-1 running at 0 %"],
  [
    { jobId: "job-1", jobState: 4, percentComplete: 7, jobErrorCode: 0 },
    "state resynchronizationRequired, job job-1 running at 7 %",
  ],
  [
    { jobId: "job-1", jobState: 99, percentComplete: 7, jobErrorCode: 32768 },
    "state resynchronizationRequired, job job-1 unknown (99) at 7 % with error 32768 (Failed)",
  ],
])("a resync with %j has come so far: %s", (more, text) => {
  expect(howFar(record(more))).toBe(text);
});
