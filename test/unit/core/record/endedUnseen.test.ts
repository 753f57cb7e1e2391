import { endedBefore, endedUnseen, unseenEnd } from "../../../../provider/core/record/endedUnseen";
import type { Observation } from "../../../../provider/core/host/observation";
import type { ResyncRecord } from "../../../../provider/core/record/record";
import { job, noEvidence, observation, record } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const named = record({ jobId: "job-1" });
const older = job({ jobId: "job-0", jobState: 7 });
const { requestedAt: _at, ...unasked } = record();

test.each<[string, boolean, ResyncRecord, Observation]>([
  ["whose job is gone from a VM in state 9", true, named, observation()],
  ["whose job is gone while another is there", true, named, observation({ jobs: [older] })],
  ["whose job is there, ended", false, named, observation({ jobs: [job({ jobState: 10 }), older] })],
  ["whose job is gone from a VM that is healthy", false, named, observation({ replicationState: 3 })],
  ["whose job is gone from a VM without its relationship", false, named, observation({ replicationState: null })],
  ["in place of whose job another runs", false, named, observation({ jobs: [job({ jobId: "job-2" })] })],
  ["without a job, a day after it was made", true, record({ requestedAt: atSecond(-86_400) }), observation()],
  ["without a job, less than a day after", false, record({ requestedAt: atSecond(-86_399) }), observation()],
  [
    "without a job, that was seen in state 10",
    true,
    record({ requestedAt: atSecond(0), evidence: { ...noEvidence, sawResync: true } }),
    observation(),
  ],
  [
    "without a job, that shows state 10 and was not seen in it",
    false,
    record({ requestedAt: atSecond(0), replicationState: 10, replicationStateBefore: 10 }),
    observation(),
  ],
  ["without a job, made at no known time", false, unasked, observation()],
  [
    "without a job, a day after its start time",
    true,
    record({ scheduledStartTime: atSecond(-86_400), requestedAt: atSecond(0) }),
    observation(),
  ],
  [
    "without a job, less than a day after its start time",
    false,
    record({ scheduledStartTime: atSecond(-86_399), requestedAt: atSecond(-90_000) }),
    observation(),
  ],
  [
    "whose job is gone before its start time",
    false,
    record({ jobId: "job-1", scheduledStartTime: atSecond(60) }),
    observation(),
  ],
  [
    "whose job is gone a minute after its start time",
    true,
    record({ jobId: "job-1", scheduledStartTime: atSecond(-60) }),
    observation(),
  ],
])("a request %s has ended unseen: %s", (_which, expected, before, now) => {
  expect(endedUnseen(before, now, "primary")).toBe(expected);
});

test("jobs that began before the request say nothing of it, unless one is its own", () => {
  const { startTime: _never, ...never } = job({ jobId: "never begun" });
  const jobs = [
    job({ jobId: "before", startTime: atSecond(-1) }),
    job({ jobId: "own", startTime: atSecond(-1) }),
    job({ jobId: "at once", startTime: atSecond(0) }),
    never,
  ];
  expect(endedBefore(record({ jobId: "own" }), observation({ jobs }))).toEqual(new Set(["before"]));
  expect(endedBefore({ ...unasked, jobId: "own" }, observation({ jobs }))).toEqual(new Set());
});

test.each([
  [named, observation(), "job job-1 is gone and its replication is in state resynchronizationRequired"],
  [
    record(),
    observation({ replicationState: null }),
    "the host shows no sign of it and its replication is in state none",
  ],
])("an unseen end says what is gone and where the VM stands", (before, now, what) => {
  expect(unseenEnd(before, now)).toMatchObject({
    code: "JOB_FAILED",
    effect: "started",
    message: `web01 on HV01: the resynchronization ended without success while nobody was waiting: ${what}. Look at the Hyper-V-VMMS event log of the host; a later up tries again`,
    context: { host: "HV01", vm: "web01", step: "wait" },
  });
});
