import { Ledger } from "../../../provider/lifecycle/ledger";
import { record } from "../../support/builders";
import { inputs, urn } from "../../support/fakeStack";

const kept = record();

test.each([
  ["the same inputs", {}],
  ["another text of the provider", { __provider: "new" }],
  ["other settings", { wait: "started", policy: "always", timeoutSeconds: 5, connection: {} }],
  ["the default relationship written out", { relationship: "primary" }],
  ["triggers in another order of keys", { triggers: { b: 2, a: 1 } }],
])("a request is found again under %s", (_what, more) => {
  const ledger = new Ledger();
  ledger.keep(inputs({ triggers: { a: 1, b: 2 } }), kept);
  expect(ledger.find(inputs({ triggers: { a: 1, b: 2 }, ...more }))).toBe(kept);
});

test.each([
  ["resource", { __urn: `${urn}-2` }],
  ["VM", { vm: "web02" }],
  ["relationship", { relationship: "extended" }],
  ["triggers", { triggers: [2] }],
])("a request of another %s is not found", (_what, more) => {
  const ledger = new Ledger();
  ledger.keep(inputs(), kept);
  expect(ledger.find(inputs(more))).toBeUndefined();
});

test("a request that ended well is forgotten", () => {
  const ledger = new Ledger();
  ledger.keep(inputs(), kept);
  ledger.keep(inputs(), undefined);
  expect(ledger.find(inputs())).toBeUndefined();
});

test("an answer of the host is remembered for its request alone", () => {
  const ledger = new Ledger();
  const rejection = new Error("no");
  expect(ledger.findRejection(inputs())).toBeUndefined();
  ledger.keepRejection(inputs(), rejection);
  expect(ledger.findRejection(inputs({ wait: "started" }))).toBe(rejection);
  expect(ledger.findRejection(inputs({ triggers: [2] }))).toBeUndefined();
});
