import { checkRole } from "../../../../provider/core/decide/checkRole";
import type { ReplicaResyncError } from "../../../../provider/core/errors";
import type { RelationshipKind } from "../../../../provider/core/hyperv/relationship";
import { link, observation, vmWith } from "../../../support/builders";

const asrProvider = "f8a5e5a1-9e3a-4b0e-8f7d-1c2d3e4f5a6b";

function refusalOf(
  replicationMode: number,
  kind: RelationshipKind,
  links = [link({ kind })],
): ReplicaResyncError | undefined {
  const vm = vmWith(links, { replicationMode });
  return checkRole(observation({ vm, link: links.find((one) => one.kind === kind) }), kind).refusal;
}

test.each([
  [1, "primary"],
  [2, "extended"],
] as const)("mode %d may resynchronize its %s link", (mode, kind) => {
  const links = [link({ kind })];
  const one = observation({ vm: vmWith(links, { replicationMode: mode }), link: links[0] });
  expect(checkRole(one, kind)).toEqual({ link: links[0] });
});

test.each([
  [0, "primary", "it is not replicated. Enable replication for the machine first"],
  [0, "extended", "it is not replicated. Enable replication for the machine first"],
  [1, "extended", "it is the primary here, and an extended link starts at the replica. Ask HV02 instead"],
  [2, "primary", "it is the replica here, and its primary has to be asked. Ask HV01 instead"],
  [3, "primary", "it is a test replica. Name the machine itself, not the copy of its test failover"],
  [3, "extended", "it is a test replica. Name the machine itself, not the copy of its test failover"],
  [4, "primary", "it is an extended replica here. Ask HV01 instead"],
  [4, "extended", "it is an extended replica here. Ask HV01 instead"],
] as const)("mode %d is refused for the %s link: %s", (mode, kind, text) => {
  expect(refusalOf(mode, kind)).toMatchObject({
    code: "REFUSED",
    effect: "none",
    message: `web01 on HV01: ${text}`,
    context: { host: "HV01", vm: "web01", step: "decide" },
  });
});

test("a mode that is not known is a bug of ours, and nothing was begun", () => {
  expect(refusalOf(5, "primary")).toMatchObject({
    code: "UNEXPECTED_STATE",
    effect: "none",
    message:
      "web01 on HV01: ReplicationMode unknown (5) is not one this version knows. Report this as a bug of the package",
    context: { host: "HV01", vm: "web01", step: "decide" },
  });
});

test.each([
  [1, "extended", "Ask the host of its replica instead"],
  [2, "primary", "Ask the host of its primary instead"],
  [4, "primary", "Ask the host of its replica instead"],
] as const)("mode %d says whom to ask for the %s link when the link does not", (mode, kind, remedy) => {
  expect(refusalOf(mode, kind, [])?.remedy).toBe(remedy);
});

test("whom to ask is read from the link that is asked for, and else from another one", () => {
  const links = [link({ primaryHost: "HV08" }), link({ kind: "extended", primaryHost: "HV09" })];
  expect(refusalOf(4, "extended", links)?.remedy).toBe("Ask HV09 instead");
  expect(refusalOf(4, "extended", links.slice(0, 1))?.remedy).toBe("Ask HV08 instead");
});

test.each([
  [1, "primary", "it has no replication relationship. Enable replication for the machine first"],
  [2, "extended", "it has no extended replica. Extend the replication first, or leave out `relationship`"],
] as const)("mode %d without its %s link is refused: %s", (mode, kind, text) => {
  expect(refusalOf(mode, kind, [])?.message).toBe(`web01 on HV01: ${text}`);
});

test("the link of another provider is refused by its GUID", () => {
  expect(refusalOf(1, "primary", [link({ providerId: asrProvider })])?.message).toBe(
    `web01 on HV01: it is replicated by another provider (${asrProvider}). Only Hyper-V's own replication can be resynchronized this way; use the tools of that provider, Azure Site Recovery for example`,
  );
});

test("the link of Hyper-V's own provider is accepted", () => {
  expect(refusalOf(1, "primary", [link({ providerId: "22391cdc-272c-4ddf-ba88-9befb1a0975c" })])).toBeUndefined();
});
