import { ReplicaResyncError } from "../errors";
import { nearest } from "../text/nearest";
import { type HostReading, noService, vmNotFound } from "./observation";
import type { VmReading } from "./ports";

/** How a VM is looked for: by GUID in lower case, or by display name (letter case ignored). */
export type VmSelector = { readonly vmId: string } | { readonly vmName: string };

const nearestNamesShown = 3;

/**
 * The one VM that a name or GUID means. `address`: the host's, for messages.
 * @throws ReplicaResyncError `REFUSED` when the management service does not run or several VMs have the name, `NOT_FOUND`
 * when there is none.
 */
export function findVm({ service, vms }: HostReading, selector: VmSelector, address: string): VmReading {
  if (service === undefined) throw noService(address);
  const all = [...vms.values()];
  const matches = all.filter((vm) => isMeant(vm, selector));
  const [first] = matches;
  const wanted = wordOf(selector);
  if (first === undefined) {
    const names = "vmName" in selector ? all.map(({ vmName }) => vmName) : [];
    throw vmNotFound(address, wanted, all.length, nearest(wanted, names, nearestNamesShown));
  }
  if (matches.length > 1) {
    const ids = matches.map(({ vmId }) => vmId).join(", ");
    throw new ReplicaResyncError("REFUSED", `${matches.length} VMs have this name: ${ids}`, {
      context: { host: address, vm: wanted, step: "find the VM" },
      remedy: "Set vm to the GUID of the one that is meant",
    });
  }
  return first;
}

/** What the user wrote for the VM. */
export function wordOf(selector: VmSelector): string {
  return "vmId" in selector ? selector.vmId : selector.vmName;
}

function isMeant(vm: VmReading, selector: VmSelector): boolean {
  return "vmId" in selector
    ? vm.vmId === selector.vmId.toLowerCase()
    : vm.vmName.toLowerCase() === selector.vmName.toLowerCase();
}
