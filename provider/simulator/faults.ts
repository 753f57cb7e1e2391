import type { HostState } from "./hostState";
import type { Fault } from "./scenario";

/** The fault that the next call of an operation runs into, if there is one; it is used up by that. */
export function takeFault(host: HostState, operation: string): Fault | undefined {
  const fault = host.faults.find((one) => one.operation === operation || one.operation === "*");
  if (fault === undefined) return undefined;
  fault.times -= 1;
  if (fault.times === 0) host.faults = host.faults.filter((one) => one !== fault);
  return fault;
}
