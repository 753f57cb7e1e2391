import fc from "fast-check";
import { outcomes, type ResyncRecord } from "../../../provider/core/record/record";
import { type Warning, warningCodes } from "../../../provider/core/record/warnings";
import { record } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";

/** Every field that a record can have, so that a new one does not compile until it is here. */
export const wholeRecord: Required<ResyncRecord> = {
  ...record(),
  requestedAt: atSecond(0),
  reason: "why",
  evidence: { sawResync: true, sawJob: true, suspendedByUs: true },
  primaryHost: "HV01",
  recoveryHost: "HV02",
  returnCode: 4096,
  jobId: "job-1",
  jobState: 7,
  jobErrorCode: 0,
  jobErrorDescription: "none",
  percentComplete: 100,
  scheduledStartTime: atSecond(0),
  startedAt: atSecond(1),
  completionTime: atSecond(60),
  completionTimeSource: "job",
  durationSeconds: 59,
  lastReplicationTime: atSecond(-60),
  replicationState: 3,
  failuresInRow: 2,
  failingSince: atSecond(-90),
  nextAttemptAt: atSecond(90),
  warnings: [
    { code: "clockSkew", text: "the first" },
    { code: "paused", text: "the second" },
  ],
  healthReasons: ["not well"],
};

/** The optional fields of a record. */
type OptionalField = {
  [Field in keyof ResyncRecord]-?: undefined extends ResyncRecord[Field] ? Field : never;
}[keyof ResyncRecord];

/** Fields of a job that are not recorded without its id. */
export const jobFields = ["jobState", "jobErrorCode", "jobErrorDescription", "percentComplete"] as const;

const text = fc.string({ unit: "binary" });
const time = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
const number = fc.nat();
const numberOrNone = fc.option(number, { nil: null });
const warnings: fc.Arbitrary<readonly Warning[]> = fc
  .uniqueArray(fc.constantFrom(...warningCodes))
  .chain((codes) => fc.tuple(...codes.map((code) => text.map((one) => ({ code, text: one })))));

const optional = {
  failingSince: time,
  nextAttemptAt: time,
  reason: text,
  primaryHost: text,
  recoveryHost: text,
  returnCode: number,
  jobId: text,
  jobState: number,
  jobErrorCode: number,
  jobErrorDescription: text,
  percentComplete: fc.nat(100),
  requestedAt: time,
  scheduledStartTime: time,
  startedAt: time,
  completionTime: time,
  completionTimeSource: fc.constantFrom("job" as const, "observed" as const),
  durationSeconds: number,
  lastReplicationTime: time,
} satisfies Record<OptionalField, fc.Arbitrary<unknown>>;

const required = {
  outcome: fc.constantFrom(...outcomes),
  requestId: text,
  adopted: fc.boolean(),
  attempts: number,
  evidence: fc.record(
    { sawResync: fc.boolean(), sawJob: fc.boolean(), suspendedByUs: fc.boolean() },
    { noNullPrototype: true },
  ),
  vmId: fc.uuid(),
  vmName: text,
  hostName: text,
  replicationMode: number,
  observedAt: time,
  replicationStateBefore: numberOrNone,
  replicationState: numberOrNone,
  replicationHealth: number,
  healthReasons: fc.array(text),
  failuresInRow: number,
  warnings,
} satisfies Record<Exclude<keyof ResyncRecord, OptionalField>, fc.Arbitrary<unknown>>;

/** Any record that the package can write. */
export const anyRecord: fc.Arbitrary<ResyncRecord> = fc
  .record(
    { ...required, ...optional },
    { requiredKeys: Object.keys(required) as (keyof typeof required)[], noNullPrototype: true },
  )
  .map((one): ResyncRecord => {
    if (one.jobId !== undefined) return one;
    const { jobState: _state, jobErrorCode: _code, jobErrorDescription: _text, percentComplete: _done, ...rest } = one;
    return rest;
  });
