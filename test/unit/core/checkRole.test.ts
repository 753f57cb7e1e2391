import { checkRole } from "../../../provider/core/checkRole";
import type { RelationshipKind } from "../../../provider/core/relationship";
import { link, observation, vmWith } from "../../support/builders";

const asrProvider = "f8a5e5a1-9e3a-4b0e-8f7d-1c2d3e4f5a6b";

function refusalOf(replicationMode: number, kind: RelationshipKind, links = [link({ kind })]): string | undefined {
  const vm = vmWith(links, { replicationMode });
  return checkRole(observation({ vm, link: links.find((one) => one.kind === kind) }), kind).refusal?.message;
}

test.each([
  [1, "primary"],
  [2, "extended"],
] as const)("mode %d may resynchronize its %s link", (mode, kind) => {
  expect(refusalOf(mode, kind)).toBeUndefined();
});

test.each([
  [0, "primary", "not replicated"],
  [0, "extended", "not replicated"],
  [1, "extended", "Ask HV02 instead"],
  [2, "primary", "Ask HV01 instead"],
  [3, "primary", "test replica"],
  [3, "extended", "test replica"],
  [4, "primary", "Ask HV01 instead"],
  [4, "extended", "Ask HV01 instead"],
  [5, "primary", "unknown (5)"],
] as const)("mode %d is refused for the %s link: %s", (mode, kind, text) => {
  expect(refusalOf(mode, kind)).toContain(text);
});

test.each([
  [1, "extended", "host of its replica"],
  [2, "primary", "host of its primary"],
  [4, "primary", "host of its replica"],
] as const)("mode %d says whom to ask for the %s link when the link does not", (mode, kind, text) => {
  expect(refusalOf(mode, kind, [])).toContain(text);
});

test.each([
  [1, "primary", "no replication relationship"],
  [2, "extended", "no extended replica"],
] as const)("mode %d without its %s link is refused: %s", (mode, kind, text) => {
  expect(refusalOf(mode, kind, [])).toContain(text);
});

test("the link of another provider is refused by its GUID", () => {
  expect(refusalOf(1, "primary", [link({ providerId: asrProvider })])).toContain(`another provider (${asrProvider})`);
});

test("the link of Hyper-V's own provider is accepted", () => {
  expect(refusalOf(1, "primary", [link({ providerId: "22391cdc-272c-4ddf-ba88-9befb1a0975c" })])).toBeUndefined();
});
