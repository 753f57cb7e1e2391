import fc from "fast-check";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { toOutputs } from "../../../provider/state/outputs";
import { readState } from "../../../provider/state/readState";
import { record } from "../../support/builders";
import { anyRecord, jobFields, wholeRecord } from "./records";
import { ofNewerVersion } from "./stored";

type Outputs = Readonly<Record<string, unknown>>;

const inputs = { vm: "web01", triggers: ["a"], connection: { scenario: "lab.json" }, __provider: "text", __urn: "urn" };

/** What is read of a record once the engine has stored it. */
function readBack(kept: ResyncRecord): ReturnType<typeof readState> {
  return readState(JSON.parse(JSON.stringify(toOutputs(inputs, kept))) as Outputs);
}

/** Outputs with one thing in a group changed. */
function within(group: string, more: object): Outputs {
  const outputs = toOutputs(inputs, wholeRecord);
  return { ...outputs, [group]: { ...(outputs[group] as object), ...more } };
}

test.each([wholeRecord, record()])("a record comes back as it was written", (kept) => {
  expect(readBack(kept)).toStrictEqual({ kind: "readable", record: kept });
});

test("any record comes back as it was written", () => {
  fc.assert(
    fc.property(anyRecord, (kept) => {
      expect(readBack(kept)).toStrictEqual({ kind: "readable", record: kept });
    }),
  );
});

test.each(Object.keys(wholeRecord) as (keyof ResyncRecord)[])("the field %s alone makes a difference", (field) => {
  const { [field]: value, ...rest } = wholeRecord;
  const empty = Array.isArray(value) ? [] : field.startsWith("replicationState") ? null : undefined;
  const others = empty === undefined ? rest : { ...rest, [field]: empty };
  const state = readBack(others as ResyncRecord);
  expect(state).not.toEqual({ kind: "readable", record: wholeRecord });
  const isOfJob = (name: string): boolean => field === "jobId" && (jobFields as readonly string[]).includes(name);
  if (state.kind !== "readable") return;
  const came = Object.entries(state.record).filter(([name]) => !isOfJob(name));
  expect(Object.fromEntries(came)).toEqual(
    Object.fromEntries(Object.entries(others).filter(([name]) => !isOfJob(name))),
  );
});

test("null counts as absent, in a group too", () => {
  const outputs = toOutputs(inputs, record());
  const nulls = { request: { ...(outputs.request as object), startedAt: null }, job: null, reason: null };
  expect(readState({ ...outputs, ...nulls })).toEqual({ kind: "readable", record: record() });
});

test.each<[string, Outputs]>([
  ["at the top", { ...toOutputs(inputs, wholeRecord), surprise: 1 }],
  ["in a group", within("replication", { surprise: 1 })],
  ["in internal", within("internal", { surprise: 1 })],
])("what a record does not know is left out of it: %s", (_where, outputs) => {
  expect(readState(outputs)).toEqual({ kind: "readable", record: wholeRecord });
});

test.each<[string, Outputs]>([
  ["names of states", within("replication", { mode: "a", state: "replicating", stateBefore: "b", health: "c" })],
  ["no names of states", within("replication", { mode: null, state: null, stateBefore: null, health: null })],
  ["the name of a job's state", within("job", { state: "running" })],
  ["the name of a return code", within("request", { returnCodeName: "Failed" })],
])("%s tell nothing: the numbers count", (_what, outputs) => {
  expect(readState(outputs)).toStrictEqual({ kind: "readable", record: wholeRecord });
});

test("texts of warnings and reasons are kept, and nothing is read from them", () => {
  const other = { reason: "other words", warnings: ["uno", "due"] };
  const outputs = { ...within("replication", { healthReasons: ["tre"] }), ...other };
  expect(readState(outputs)).toStrictEqual({
    kind: "readable",
    record: {
      ...wholeRecord,
      reason: other.reason,
      healthReasons: ["tre"],
      warnings: [
        { code: "clockSkew", text: "uno" },
        { code: "paused", text: "due" },
      ],
    },
  });
});

test.each<[string, readonly string[]]>([
  ["a code that this version does not know", ["novel", "paused"]],
  ["a code that is not there", ["", "paused"]],
])("a warning with %s means nothing, and the others keep theirs", (_what, warningCodes) => {
  const state = readState(within("internal", { warningCodes }));
  expect(state).toMatchObject({ record: { warnings: [{ code: "paused", text: "the second" }] } });
});

test("state of a newer version is not read", () => {
  const outputs = toOutputs(inputs, record());
  expect(readState(ofNewerVersion(outputs))).toEqual({ kind: "newer", schemaVersion: 2 });
  expect(readState({ internal: { schemaVersion: 99 } })).toEqual({ kind: "newer", schemaVersion: 99 });
});

test.each<[Outputs, string]>([
  [{}, "outcome"],
  [{ ...toOutputs(inputs, record()), outcome: "done" }, "outcome"],
  [{ ...toOutputs(inputs, record()), vmId: 5 }, "vmId"],
  [{ ...toOutputs(inputs, record()), warnings: [1] }, "warnings.0"],
  [{ ...toOutputs(inputs, record()), internal: undefined }, "internal"],
  [{ ...toOutputs(inputs, record()), replication: "replicating" }, "replication"],
  [within("internal", { schemaVersion: null }), "internal.schemaVersion"],
  [within("internal", { sawResync: "yes" }), "internal.sawResync"],
  [within("internal", { replicationMode: null }), "internal.replicationMode"],
  [within("request", { attempts: "1" }), "request.attempts"],
  [within("job", { id: null }), "job.id"],
  [within("failures", { inRow: null }), "failures.inRow"],
])("damaged state says where (%#)", (outputs, where) => {
  expect(readState(outputs)).toMatchObject({
    kind: "unreadable",
    reason: expect.stringContaining(`${where}: `) as string,
  });
});
