import type { VmSelector } from "../core/host/findVm";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text that went through {@link toVmKey} is a GUID. */
export function isGuid(key: string): boolean {
  return guid.test(key);
}

/** A VM's name or GUID without what does not count: letter case, and the braces of a GUID. */
export function toVmKey(vm: string): string {
  const lower = vm.toLowerCase();
  const inner = lower.trim().replace(/^\{(.*)\}$/, "$1");
  return isGuid(inner) ? inner : lower;
}

/** How the input `vm` is looked for: a text in GUID form is a GUID and nothing else. */
export function toSelector(vm: string): VmSelector {
  const key = toVmKey(vm);
  return isGuid(key) ? { vmId: key } : { vmName: vm };
}
