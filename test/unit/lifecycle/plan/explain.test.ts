import type { ResyncRecord } from "../../../../provider/core/record/record";
import { assessChange } from "../../../../provider/lifecycle/plan/change";
import type { Properties } from "../../../../provider/lifecycle/context";
import { explainChange, explainCreate } from "../../../../provider/lifecycle/plan/explain";
import { toOutputs } from "../../../../provider/state/outputs";
import { unknownValue } from "../../../../provider/state/unknowns";
import { failedRecord, record } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";
import { inputs } from "../../../support/fakeStack";

const done: Partial<ResyncRecord> = { outcome: "completed", replicationState: 3 };

function sentence(before: Properties, now: Properties, kept: Partial<ResyncRecord> = done): string | undefined {
  const news = inputs(now);
  return explainChange(assessChange(toOutputs(inputs(before), record(kept)), news), news);
}

test.each<[Properties, string]>([
  [{}, "will resynchronize web01 if it requires it (policy ifRequired); recovery points of the replica are deleted"],
  [
    { policy: "always" },
    "will resynchronize web01, suspending it first if it replicates normally (policy always); recovery points of the replica are deleted",
  ],
  [
    { relationship: "extended", startTime: "2030-01-07T22:00:00Z" },
    "will resynchronize the extended replica of web01 if it requires it (policy ifRequired), at 2030-01-07T22:00:00Z; recovery points of the replica are deleted",
  ],
  [
    { vm: unknownValue, startTime: unknownValue, policy: unknownValue },
    `will resynchronize a VM that is not known yet if it requires it (policy not known yet), at a time that is not known yet; recovery points of the replica are deleted`,
  ],
])("a create with %j is announced", (more, text) => {
  expect(explainCreate(inputs(more))).toBe(text);
});

test.each<[string, Properties, Properties, Partial<ResyncRecord>, string | undefined]>([
  ["nothing to do", {}, {}, done, undefined],
  [
    "new triggers",
    {},
    { triggers: [1], wait: "started" },
    done,
    "will resynchronize web01 if it requires it (policy ifRequired): triggers, wait changed; recovery points of the replica are deleted",
  ],
  [
    "state 9 again",
    {},
    {},
    { ...done, replicationState: 9 },
    "will resynchronize web01 (policy ifRequired): it requires a resynchronization again; recovery points of the replica are deleted",
  ],
  [
    "state 9 again, whose call the host has refused before",
    {},
    {},
    { ...done, replicationState: 9, failuresInRow: 1, nextAttemptAt: atSecond(60) },
    `will resynchronize web01 (policy ifRequired): it requires a resynchronization again, not before ${atSecond(60)}; recovery points of the replica are deleted`,
  ],
  ["settings", {}, { connection: { scenario: "b" }, wait: "started" }, done, "connection, wait changed, no call"],
  ["a started request with its job", {}, {}, { jobId: "job-1" }, "will keep waiting for job job-1"],
  ["a scheduled request", {}, {}, { outcome: "scheduled" }, "will keep waiting for the resynchronization"],
  [
    "a failed request",
    {},
    {},
    failedRecord({ nextAttemptAt: atSecond(60) }),
    `failed before: will look at web01 and resynchronize it if it still requires it, not before ${atSecond(60)}; recovery points of the replica are deleted then`,
  ],
  [
    "an unknown request",
    {},
    {},
    { outcome: "unknown" },
    "unknown before: will look at web01 and resynchronize it if it still requires it; recovery points of the replica are deleted then",
  ],
  [
    "another VM",
    {},
    { vm: "web02", relationship: "extended" },
    done,
    "vm and relationship changed: another request; the old one is forgotten, nothing is undone on its host",
  ],
])("%s is explained", (_what, before, now, kept, text) => {
  expect(sentence(before, now, kept)).toBe(text);
});

test("a state that must not be touched is explained by the reason", () => {
  expect(explainChange({ kind: "refused", reason: "why" }, inputs())).toBe("why");
});
