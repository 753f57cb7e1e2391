import { findVm, type VmSelector, wordOf } from "../../../../provider/core/host/findVm";
import type { HostReading } from "../../../../provider/core/host/observation";
import { otherVmId, service, vmId, vmWith } from "../../../support/builders";

const finding = { host: "HV01", vm: "web01", step: "find the VM" };

/** A host with VMs of these names, of which the first has the usual GUID. */
function host(...names: readonly string[]): HostReading {
  const ids = [vmId, otherVmId, ...names.map((_, nth) => `0000000${nth}-0000-4000-8000-000000000000`)];
  const vms = names.map((vmName, nth) => vmWith([], { vmId: ids[nth] ?? "", vmName }));
  return { service: service(), vms: new Map(vms.map((one) => [one.vmId, one])), jobs: [] };
}

/** What looking for a VM that is not to be found says. */
function refusal(reading: HostReading, selector: VmSelector): unknown {
  try {
    return findVm(reading, selector, "HV01");
  } catch (error) {
    return error;
  }
}

test.each<VmSelector>([{ vmName: "web01" }, { vmName: "WEB01" }, { vmId }, { vmId: vmId.toUpperCase() }])(
  "%j means the one VM that has it",
  (selector) => {
    expect(findVm(host("Web01", "db01"), selector, "HV01")).toStrictEqual(vmWith([], { vmName: "Web01" }));
  },
);

test("the other VM is found as well as the first", () => {
  expect(findVm(host("web01", "db01"), { vmName: "db01" }, "HV01").vmId).toBe(otherVmId);
  expect(findVm(host("web01", "db01"), { vmId: otherVmId }, "HV01").vmName).toBe("db01");
});

test("a name is not taken for a GUID, nor a GUID for a name", () => {
  expect(refusal(host("web01"), { vmName: vmId })).toMatchObject({ code: "NOT_FOUND" });
  expect(refusal(host("web01"), { vmId: "web01" })).toMatchObject({ code: "NOT_FOUND" });
});

test("several VMs of one name are refused with their GUIDs", () => {
  expect(refusal(host("web01", "WEB01", "db01"), { vmName: "web01" })).toMatchObject({
    code: "REFUSED",
    effect: "none",
    message: `web01 on HV01: 2 VMs have this name: ${vmId}, ${otherVmId}. Set vm to the GUID of the one that is meant`,
    context: finding,
  });
});

test("a VM that is not there is not found, with at most three names that resemble", () => {
  expect(refusal(host("web02", "Web03", "web04", "web05", "sql"), { vmName: "web01" })).toMatchObject({
    code: "NOT_FOUND",
    message:
      "web01 on HV01: no such VM among the 5 that the account sees; did you mean web02, Web03, web04. Only this host was searched: if the VM is on another one, set connection.host to that",
    context: finding,
  });
  expect(refusal(host("sql", "mail"), { vmName: "web01" })).toMatchObject({
    message:
      "web01 on HV01: no such VM among the 2 that the account sees. Only this host was searched: if the VM is on another one, set connection.host to that",
  });
});

test("no name resembles a GUID", () => {
  const id = vmId.replace("6f", "7f");
  expect(refusal(host(vmId), { vmId: id })).toMatchObject({
    code: "NOT_FOUND",
    message: `${id} on HV01: no such VM among the 1 that the account sees. Only this host was searched: if the VM is on another one, set connection.host to that`,
    context: { ...finding, vm: id },
  });
});

test("an account that sees no VM at all is told what missing rights look like", () => {
  expect(refusal(host(), { vmId })).toMatchObject({
    code: "NOT_FOUND",
    message: `${vmId} on HV01: no such VM; the account sees no VM at all. Missing rights look like this: add the account to the Hyper-V Administrators group (S-1-5-32-578) on this host`,
    context: { ...finding, vm: vmId },
  });
});

test("while the management service does not run no VM is looked for", () => {
  expect(refusal({ ...host("web01"), service: undefined }, { vmName: "web01" })).toMatchObject({
    code: "REFUSED",
    message:
      "on HV01: the host's replication service is not available. Start the Hyper-V Virtual Machine Management service (vmms) on the host, and check that the Hyper-V role is installed",
    context: { host: "HV01", step: "read the replication service" },
  });
});

test("a selector is named as the user wrote it", () => {
  expect(wordOf({ vmName: "Web01" })).toBe("Web01");
  expect(wordOf({ vmId })).toBe(vmId);
});
