import { echoedInputs, readState, schemaVersion, toOutputs } from "../../../provider/state/outputs";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { record } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";

const inputs = { vm: "web01", triggers: ["a"], connection: { scenario: "lab.json" }, __provider: "text", __urn: "urn" };

const whole: ResyncRecord = {
  ...record(),
  reason: "why",
  primaryHost: "HV01",
  recoveryHost: "HV02",
  returnCode: 4096,
  returnCodeName: "JobStarted",
  jobId: "job-1",
  jobState: "completed",
  jobErrorCode: 0,
  percentComplete: 100,
  scheduledStartTime: atSecond(0),
  startedAt: atSecond(1),
  completionTime: atSecond(60),
  completionTimeSource: "job",
  durationSeconds: 59,
  lastReplicationTime: atSecond(-60),
  failuresInRow: 2,
  failingSince: atSecond(-90),
  nextAttemptAt: atSecond(90),
  warnings: ["a"],
  healthReasons: ["b"],
};

test.each([whole, record()])("a record comes back as it was written", (kept) => {
  const outputs = JSON.parse(JSON.stringify(toOutputs(inputs, kept))) as Record<string, unknown>;
  expect(readState(outputs)).toEqual({ kind: "readable", record: kept });
  expect(echoedInputs(outputs)).toEqual(inputs);
});

test("outputs echo every input, also those of the engine, beside the record and its version", () => {
  expect(toOutputs(inputs, whole)).toEqual({ ...inputs, ...whole, schemaVersion });
});

test("null counts as absent", () => {
  const outputs = { ...toOutputs(inputs, record()), jobId: null, reason: null };
  expect(readState(outputs)).toEqual({ kind: "readable", record: record() });
});

test("what a record does not know is left out of it", () => {
  const state = readState({ ...toOutputs(inputs, record()), surprise: 1 });
  expect(state).toEqual({ kind: "readable", record: record() });
});

test("the first version is 1, and state without a version is read as that", () => {
  expect(schemaVersion).toBe(1);
  const { schemaVersion: _version, ...outputs } = toOutputs(inputs, record());
  expect(readState(outputs).kind).toBe("readable");
});

test("state of a newer version is not read", () => {
  expect(readState({ ...toOutputs(inputs, record()), schemaVersion: 2 })).toEqual({ kind: "newer", schemaVersion: 2 });
  expect(readState({ schemaVersion: 99 })).toEqual({ kind: "newer", schemaVersion: 99 });
});

test.each([
  [{}, "outcome"],
  [{ ...toOutputs(inputs, record()), outcome: "done" }, "outcome"],
  [{ ...toOutputs(inputs, record()), vmId: 5 }, "vmId"],
  [{ ...toOutputs(inputs, record()), warnings: [1] }, "warnings.0"],
])("state that is damaged says where", (outputs, where) => {
  expect(readState(outputs)).toMatchObject({
    kind: "unreadable",
    reason: expect.stringContaining(`${where}: `) as string,
  });
});
