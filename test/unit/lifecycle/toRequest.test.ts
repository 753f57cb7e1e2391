import { resourceId, toRequest } from "../../../provider/lifecycle/toRequest";
import { otherVmId, vmId } from "../../support/builders";

test("what is left out has its default", () => {
  expect(toRequest({ vm: "web01" }, undefined)).toEqual({
    selector: { vmName: "web01" },
    kind: "primary",
    policy: "ifRequired",
    wait: "completed",
    timeoutMs: 86_400_000,
    stalledAfterMs: 3_600_000,
    onTimeout: "leave",
    maxConcurrentResyncs: 3,
  });
});

test("what is given is taken, with the start time in UTC", () => {
  const given = {
    vm: "web01",
    relationship: "extended",
    policy: "always",
    startTime: "2030-01-07T22:00:00+01:00",
    wait: "started",
    timeoutSeconds: 0.5,
    stalledAfterSeconds: 0,
    onTimeout: "cancel",
  } as const;
  expect(toRequest(given, 1)).toEqual({
    selector: { vmName: "web01" },
    kind: "extended",
    policy: "always",
    startTime: "2030-01-07T21:00:00.000Z",
    wait: "started",
    timeoutMs: 500,
    stalledAfterMs: 0,
    onTimeout: "cancel",
    maxConcurrentResyncs: 1,
  });
});

test.each([
  [vmId, { vmId }],
  [` {${vmId.toUpperCase()}}`, { vmId }],
  ["Web01", { vmName: "Web01" }],
  [undefined, { vmName: "" }],
])("the VM %p is looked for as %j", (vm, selector) => {
  expect(toRequest(vm === undefined ? {} : { vm }, undefined).selector).toEqual(selector);
});

test("a VM that was found before is looked for by its GUID", () => {
  expect(toRequest({ vm: "web01" }, undefined, otherVmId).selector).toEqual({ vmId: otherVmId });
});

test("the id is the GUID, with the relationship when it is not the primary one", () => {
  expect(resourceId(vmId, "primary")).toBe(vmId);
  expect(resourceId(vmId, "extended")).toBe(`${vmId}/extended`);
});
