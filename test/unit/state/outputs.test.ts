import type { ResyncRecord } from "../../../provider/core/record/record";
import { outputNames } from "../../../provider/state/outputNames";
import { echoedInputs, toOutputs } from "../../../provider/state/outputs";
import { schemaVersion } from "../../../provider/state/stateSchema";
import { record, vmId } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";
import { wholeRecord } from "./records";

const inputs = { vm: "web01", triggers: ["a"], connection: { scenario: "lab.json" }, __provider: "text", __urn: "urn" };

test("outputs echo every input, including those of the engine, and hold the record in groups", () => {
  expect(toOutputs(inputs, wholeRecord)).toEqual({
    ...inputs,
    outcome: "started",
    reason: "why",
    warnings: ["the first", "the second"],
    completionTime: atSecond(60),
    returnCode: 4096,
    vmId,
    vmName: "web01",
    hostName: "HV01",
    request: {
      returnCodeName: "JobStarted",
      attempts: 1,
      adopted: false,
      completionTimeSource: "job",
      requestedAt: atSecond(0),
      scheduledStartTime: atSecond(0),
      startedAt: atSecond(1),
      durationSeconds: 59,
    },
    replication: {
      mode: "primary",
      state: "replicating",
      stateBefore: "resynchronizationRequired",
      health: "critical",
      healthReasons: ["not well"],
      lastReplicationTime: atSecond(-60),
      observedAt: atSecond(0),
      primaryHost: "HV01",
      recoveryHost: "HV02",
    },
    job: { id: "job-1", state: "completed", errorCode: 0, errorDescription: "none", percentComplete: 100 },
    failures: { inRow: 2, since: atSecond(-90), nextAttemptAt: atSecond(90) },
    internal: {
      schemaVersion,
      requestId: "request-0",
      sawResync: true,
      sawJob: true,
      suspendedByUs: true,
      warningCodes: ["clockSkew", "paused"],
      replicationMode: 1,
      replicationHealth: 3,
      replicationState: 3,
      replicationStateBefore: 9,
      jobState: 7,
    },
  });
});

test("what a record does not have is not in the outputs either: the engine cannot carry undefined", () => {
  const outputs = toOutputs({}, record({ replicationState: null, replicationStateBefore: null }));
  expect(outputs).toStrictEqual(JSON.parse(JSON.stringify(outputs)));
  expect(Object.keys(outputs)).not.toEqual(expect.arrayContaining(["job", "reason", "completionTime", "returnCode"]));
});

test.each<[string, Partial<ResyncRecord>, object]>([
  ["no relationship", { replicationState: null }, { replication: { state: "none" } }],
  ["an undocumented state", { replicationState: 22 }, { replication: { state: "unknown (22)" } }],
  ["an undocumented role", { replicationMode: 9 }, { replication: { mode: "unknown (9)" } }],
  ["an undocumented health", { replicationHealth: 9 }, { replication: { health: "unknown (9)" } }],
  ["an undocumented job state", { jobId: "a", jobState: 77 }, { job: { state: "unknown (77)" } }],
  ["a job that was never seen", { jobId: "a" }, { job: { id: "a" } }],
  ["an undocumented return code", { returnCode: 40_000 }, { returnCode: 40_000 }],
])("%s has its place in the outputs", (_what, more, expected) => {
  expect(toOutputs({}, record(more))).toMatchObject(expected);
});

test("the inputs are read back from the outputs unchanged", () => {
  expect(echoedInputs(toOutputs(inputs, wholeRecord))).toEqual(inputs);
  expect(echoedInputs(toOutputs(inputs, record()))).toEqual(inputs);
});

test("the outputs beside the inputs are those of the list, and only these", () => {
  expect(Object.keys(toOutputs({}, wholeRecord)).toSorted()).toEqual([...outputNames].toSorted());
});

test("the first version of the state is 1", () => {
  expect(schemaVersion).toBe(1);
});
