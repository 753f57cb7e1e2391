import type { ResyncRecord } from "../../../../provider/core/record/record";
import { assessChange } from "../../../../provider/lifecycle/plan/change";
import type { Properties } from "../../../../provider/lifecycle/context";
import { toOutputs } from "../../../../provider/state/outputs";
import { unknownValue } from "../../../../provider/state/unknowns";
import { failedRecord, otherVmId, record, vmId } from "../../../support/builders";
import { inputs } from "../../../support/fakeStack";
import { ofNewerVersion } from "../../state/stored";

const done: Partial<ResyncRecord> = { outcome: "completed", replicationState: 3 };
const inState9: Partial<ResyncRecord> = { outcome: "completed", replicationState: 9 };

function change(
  before: Properties,
  now: Properties,
  kept: Partial<ResyncRecord> = done,
): { kind: string; changed?: readonly string[] } {
  const result = assessChange(toOutputs(inputs(before), record(kept)), inputs(now));
  return "changed" in result ? { kind: result.kind, changed: result.changed } : { kind: result.kind };
}

test.each<[string, Properties, Properties]>([
  ["nothing", {}, {}],
  ["the text of the provider", { __provider: "old" }, { __provider: "new" }],
  ["the internal input __urn", { __urn: "old" }, { __urn: "new" }],
  ["the internal input __defaults", {}, { __defaults: [] }],
  [
    "a default written out",
    {},
    {
      relationship: "primary",
      policy: "ifRequired",
      wait: "completed",
      timeoutSeconds: 86_400,
      stalledAfterSeconds: 3_600,
      onTimeout: "leave",
    },
  ],
  ["a default left out", { wait: "completed", relationship: "primary" }, {}],
  ["null instead of absent", {}, { triggers: null, startTime: null, policy: null }],
  ["the order of keys", { triggers: { a: 1, b: { c: 2, d: 3 } } }, { triggers: { b: { d: 3, c: 2 }, a: 1 } }],
  ["the letter case of the name", { vm: "web01" }, { vm: "WEB01" }],
  ["the letter case and braces of the GUID", { vm: vmId }, { vm: `{${vmId.toUpperCase()}}` }],
  ["the name for the GUID", { vm: "web01" }, { vm: vmId }],
  ["the GUID for the name", { vm: vmId }, { vm: "Web01" }],
  [
    "an empty connection field",
    { connection: { scenario: "lab.json" } },
    { connection: { scenario: "lab.json", host: null } },
  ],
])("%s makes no change", (_what, before, now) => {
  expect(change(before, now)).toEqual({ kind: "none" });
});

test("the old name of a VM that was renamed is the same VM", () => {
  expect(change({ vm: "old-name" }, { vm: "OLD-NAME" }, { ...done, vmName: "web01" }).kind).toBe("none");
});

test.each<[string, Properties, Properties, string[]]>([
  ["another name", { vm: "web01" }, { vm: "web02" }, ["vm"]],
  ["another GUID", { vm: vmId }, { vm: otherVmId }, ["vm"]],
  ["a GUID of another VM for the name", { vm: "web01" }, { vm: otherVmId }, ["vm"]],
  ["another relationship", {}, { relationship: "extended" }, ["relationship"]],
  ["the default relationship", { relationship: "extended" }, {}, ["relationship"]],
  ["both, with new triggers", {}, { vm: "web02", relationship: "extended", triggers: [1] }, ["vm", "relationship"]],
  ["no VM at all", {}, { vm: undefined }, ["vm"]],
])("%s replaces the resource", (_what, before, now, changed) => {
  expect(change(before, now)).toEqual({ kind: "replace", changed });
});

test("a GUID is never taken for a name", () => {
  expect(change({ vm: otherVmId }, { vm: otherVmId }, { ...done, vmName: otherVmId }).kind).toBe("replace");
});

test.each<[string, Properties, Properties]>([
  ["first triggers", {}, { triggers: [] }],
  ["other triggers", { triggers: [1] }, { triggers: [2] }],
  ["triggers in another order", { triggers: [1, 2] }, { triggers: [2, 1] }],
  ["a map instead of a list", { triggers: [] }, { triggers: {} }],
  ["unknown triggers", { triggers: [1] }, { triggers: unknownValue }],
  ["triggers with something unknown", { triggers: [1] }, { triggers: [unknownValue] }],
])("%s make a new request", (_what, before, now) => {
  expect(change(before, now)).toEqual({ kind: "newRequest", changed: ["triggers"] });
});

test.each(["started", "scheduled", "failed", "unknown", "cancelled"] as const)(
  "new triggers make a new request also when the old one is %s",
  (outcome) => {
    expect(change({ triggers: [1] }, { triggers: [2] }, { outcome }).kind).toBe("newRequest");
  },
);

test.each([undefined, null])("removed triggers make no request (%p)", (triggers) => {
  expect(change({ triggers: [1] }, { triggers })).toEqual({ kind: "settings", changed: ["triggers"] });
});

test("removed triggers do not keep a request from being resumed", () => {
  expect(change({ triggers: [1] }, {}, { outcome: "failed" }).kind).toBe("resume");
});

test.each<[string, Properties]>([
  ["connection", { connection: { scenario: "other.json" } }],
  ["policy", { policy: "always" }],
  ["startTime", { startTime: "2030-01-07T22:00:00Z" }],
  ["wait", { wait: "started" }],
  ["timeoutSeconds", { timeoutSeconds: 60 }],
  ["stalledAfterSeconds", { stalledAfterSeconds: 0 }],
  ["onTimeout", { onTimeout: "cancel" }],
])("%s alone is taken over without a call", (name, now) => {
  expect(change({}, now)).toEqual({ kind: "settings", changed: [name] });
  expect(change(now, {})).toEqual({ kind: "settings", changed: [name] });
});

test("a changed password is stored without a call", () => {
  const before = { connection: { scenario: "lab.json", username: "a", password: "old" } };
  const now = { connection: { scenario: "lab.json", username: "a", password: "new" } };
  expect(change(before, now)).toEqual({ kind: "settings", changed: ["connection"] });
});

test.each<[string, Properties]>([
  ["vm", { vm: unknownValue }],
  ["relationship", { relationship: unknownValue }],
  ["connection", { connection: unknownValue }],
  ["wait", { wait: unknownValue }],
])("%s that is not known yet is changed and never replaces", (name, now) => {
  expect(change({}, now)).toEqual({ kind: "settings", changed: [name] });
});

test.each(["completed", "skipped"] as const)(
  "a VM that requires a resync again after %s is resynchronized",
  (outcome) => {
    expect(change({}, {}, { ...inState9, outcome })).toEqual({ kind: "heal", changed: [] });
  },
);

test("a VM that requires a resync again is resynchronized whatever else changes", () => {
  const now = { connection: { scenario: "other.json" }, wait: "started", timeoutSeconds: 5 };
  expect(change({}, now, inState9)).toEqual({ kind: "heal", changed: ["connection", "wait", "timeoutSeconds"] });
});

test("a VM that requires a resync again is resynchronized when the policy becomes ifRequired", () => {
  expect(change({ policy: "always" }, {}, inState9).kind).toBe("heal");
});

test("policy always resynchronizes nothing by itself", () => {
  expect(change({ policy: "always" }, { policy: "always" }, inState9).kind).toBe("none");
  expect(change({}, { policy: "always" }, inState9).kind).toBe("settings");
});

test("a started request in state 9 makes no new request: it is resumed, or left", () => {
  expect(change({}, {}, { ...inState9, outcome: "started" }).kind).toBe("resume");
  expect(change({ wait: "started" }, { wait: "started" }, { ...inState9, outcome: "started" }).kind).toBe("none");
});

test.each([
  ["started", "completed", "resume"],
  ["scheduled", "completed", "resume"],
  ["started", "started", "none"],
  ["scheduled", "started", "none"],
  ["failed", "started", "resume"],
  ["unknown", "started", "resume"],
  ["cancelled", "started", "resume"],
  ["failed", "completed", "resume"],
  ["unknown", "completed", "resume"],
  ["cancelled", "completed", "resume"],
] as const)("a request that is %s under wait %s: %s", (outcome, wait, kind) => {
  expect(change({ wait }, { wait }, { ...failedRecord(), outcome }).kind).toBe(kind);
});

test("a started request is resumed as soon as wait becomes completed", () => {
  expect(change({ wait: "started" }, {}, { outcome: "started" })).toEqual({ kind: "resume", changed: ["wait"] });
});

test("state of a newer version is refused, with what to do", () => {
  const result = assessChange(ofNewerVersion(toOutputs(inputs(), record())), inputs());
  expect(result).toEqual({
    kind: "refused",
    reason: expect.stringMatching(/newer version.*schemaVersion 2.*update the package/) as string,
  });
});

test("state that cannot be read is refused, and says where", () => {
  expect(assessChange(inputs(), inputs())).toEqual({
    kind: "refused",
    reason: expect.stringContaining("outcome") as string,
  });
});
