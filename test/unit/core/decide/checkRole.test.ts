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
] as const)("mode %d may resynchronize its %s relationship", (mode, kind) => {
  const links = [link({ kind })];
  const one = observation({ vm: vmWith(links, { replicationMode: mode }), link: links[0] });
  expect(checkRole(one, kind)).toEqual({ link: links[0] });
});

test.each([
  [0, "primary", "it is not replicated. Enable replication for the VM first"],
  [0, "extended", "it is not replicated. Enable replication for the VM first"],
  [
    1,
    "extended",
    "it is the primary here, and an extended relationship starts at the replica. Set connection.host to HV02",
  ],
  [2, "primary", "it is the replica here, and its primary must be asked. Set connection.host to HV01"],
  [3, "primary", "it is a test replica. Set vm to the VM itself, not to the copy of its test failover"],
  [3, "extended", "it is a test replica. Set vm to the VM itself, not to the copy of its test failover"],
  [4, "primary", "it is an extended replica here. Set connection.host to HV01"],
  [4, "extended", "it is an extended replica here. Set connection.host to HV01"],
] as const)("mode %d is refused for the %s relationship: %s", (mode, kind, text) => {
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
  [1, "extended", "Set connection.host to the host of its replica"],
  [2, "primary", "Set connection.host to the host of its primary"],
  [4, "primary", "Set connection.host to the host of its replica"],
] as const)("mode %d says whom to ask for the %s relationship when the relationship does not", (mode, kind, remedy) => {
  expect(refusalOf(mode, kind, [])?.remedy).toBe(remedy);
});

test("whom to ask is read from the relationship that is asked for, and else from another one", () => {
  const links = [link({ primaryHost: "HV08" }), link({ kind: "extended", primaryHost: "HV09" })];
  expect(refusalOf(4, "extended", links)?.remedy).toBe("Set connection.host to HV09");
  expect(refusalOf(4, "extended", links.slice(0, 1))?.remedy).toBe("Set connection.host to HV08");
});

test.each([
  [1, "primary", "it has no replication relationship. Enable replication for the VM first"],
  [2, "extended", "it has no extended replica. Extend the replication first, or leave out `relationship`"],
] as const)("mode %d without its %s relationship is refused: %s", (mode, kind, text) => {
  expect(refusalOf(mode, kind, [])?.message).toBe(`web01 on HV01: ${text}`);
});

test("the relationship of another provider is refused by its GUID", () => {
  expect(refusalOf(1, "primary", [link({ providerId: asrProvider })])?.message).toBe(
    `web01 on HV01: it is replicated by another provider (${asrProvider}). Only Hyper-V's own replication can be resynchronized this way; use the tools of that provider, Azure Site Recovery for example`,
  );
});

test("the relationship of Hyper-V's own provider is accepted", () => {
  expect(refusalOf(1, "primary", [link({ providerId: "22391cdc-272c-4ddf-ba88-9befb1a0975c" })])).toBeUndefined();
});
