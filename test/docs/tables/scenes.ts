import { ReplicaResyncError } from "../../../provider/core/errors";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { noEvidence, record } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";
import type { Timeline } from "../../support/fakeHost";
import type { Family } from "./grouped";

/** What the host shows when a later run looks. */
export interface Scene {
  readonly title: string;
  readonly timeline: Timeline;
}

/** Everything that a host may show of a request that has begun before. */
export const scenes: readonly Scene[] = [
  {
    title: "10, its job runs",
    timeline: [
      [0, { state: 10, jobs: [{ percentComplete: 40 }] }],
      [600, { state: 3, jobs: [{ jobState: 7, percentComplete: 100 }] }],
    ],
  },
  {
    title: "10, no job is shown",
    timeline: [
      [0, { state: 10 }],
      [600, { state: 3 }],
    ],
  },
  { title: "3, replicates normally", timeline: [[0, { state: 3 }]] },
  { title: "9, its job ended badly", timeline: [[0, { state: 9, jobs: [{ jobState: 10, errorCode: 32768 }] }]] },
  { title: "9, nothing runs", timeline: [[0, { state: 9 }]] },
  { title: "7, suspended", timeline: [[0, { state: 7 }]] },
  { title: "8, critical", timeline: [[0, { state: 8 }]] },
  { title: "11, paused by an operator", timeline: [[0, { state: 11 }]] },
  { title: "12, a failover is under way", timeline: [[0, { state: 12 }]] },
  { title: "0, disabled", timeline: [[0, { state: 0 }]] },
  { title: "no longer replicated", timeline: [[0, { state: null, vm: { replicationMode: 0 } }]] },
  { title: "3, in the other role", timeline: [[0, { state: 3, vm: { replicationMode: 2 } }]] },
  { title: "an undocumented state", timeline: [[0, { state: 22 }]] },
  { title: "no such VM", timeline: [[0, { vm: null }]] },
  { title: "the service is stopped", timeline: [[0, { service: false }]] },
  {
    title: "no answer",
    timeline: [[0, { error: new ReplicaResyncError("UNREACHABLE", "the host does not answer") }]],
  },
];

const waitingForItsTime = "`scheduled`, its time ahead";
const timeHasCome = "`scheduled`, its time past";
const failedJustNow = "`failed`, before `failures.nextAttemptAt`";

const sawJob: ResyncRecord["evidence"] = { ...noEvidence, sawJob: true };
const sawAll: ResyncRecord["evidence"] = { ...sawJob, sawResync: true };

/** A request that was accepted, by its name in the tables. */
const begun: readonly (readonly [string, ResyncRecord])[] = [
  ["`started`", record({ jobId: "job-1", jobState: 4, replicationState: 10, evidence: sawAll })],
  [
    waitingForItsTime,
    record({
      outcome: "scheduled",
      jobId: "job-1",
      jobState: 2,
      evidence: sawJob,
      scheduledStartTime: atSecond(3_600),
    }),
  ],
  [
    timeHasCome,
    record({ outcome: "scheduled", jobId: "job-1", jobState: 2, evidence: sawJob, scheduledStartTime: atSecond(-600) }),
  ],
];

/** A request that ended badly. */
const bad: readonly (readonly [string, ResyncRecord])[] = [
  ["`failed`", ended("failed", -300)],
  [failedJustNow, ended("failed", 300)],
  ["`unknown`", ended("unknown", -300)],
  ["`cancelled`", ended("cancelled", -300)],
];

/** A request that ended well. */
const atRest: readonly (readonly [string, ResyncRecord])[] = [
  ["`completed`", record({ outcome: "completed", replicationState: 3 })],
  ["`skipped`", record({ outcome: "skipped", replicationState: 3, attempts: 0 })],
];

/** What an earlier run may have left that has not ended, by its name in the tables. */
export const unfinished: ReadonlyMap<string, ResyncRecord> = new Map([...begun, ...bad]);

/** Everything that an earlier run may have left. */
export const stored: ReadonlyMap<string, ResyncRecord> = new Map([...atRest, ...begun, ...bad]);

/** A request that ended well, of a VM that a refresh has found to require a resync again. */
export const requiredAgain: ReadonlyMap<string, ResyncRecord> = new Map([
  ["no failure", foundRequired({})],
  ["a refused call", foundRequired(afterOneFailure(-300))],
  ["a refused call, before `failures.nextAttemptAt`", foundRequired(afterOneFailure(300))],
]);

/** Names for several of them together, the widest first. */
export const families: readonly Family[] = [
  ["any that has ended", namesOf([...atRest, ...bad])],
  ["`failed`, `unknown`, `cancelled`", namesOf(bad)],
  ["`started`, `scheduled`", namesOf(begun)],
  ["`completed`, `skipped`", namesOf(atRest)],
  ["`failed`", ["`failed`", failedJustNow]],
  ["`scheduled`", [waitingForItsTime, timeHasCome]],
];

function ended(outcome: "failed" | "cancelled" | "unknown", nextAttemptInSeconds: number): ResyncRecord {
  return record({
    outcome,
    reason: "the earlier reason",
    requestedAt: atSecond(-3_600),
    ...afterOneFailure(nextAttemptInSeconds),
  });
}

function foundRequired(more: Partial<ResyncRecord>): ResyncRecord {
  return record({ outcome: "completed", requestedAt: atSecond(-86_400), ...more });
}

function afterOneFailure(nextAttemptInSeconds: number): Partial<ResyncRecord> {
  return { failuresInRow: 1, failingSince: atSecond(-600), nextAttemptAt: atSecond(nextAttemptInSeconds) };
}

function namesOf(records: readonly (readonly [string, ResyncRecord])[]): readonly string[] {
  return records.map(([name]) => name);
}
