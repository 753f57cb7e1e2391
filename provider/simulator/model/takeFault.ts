import type { HostState } from "./hostState";
import type { Fault } from "../scenario/scenarioSchema";

/**
 * The fault that this call of an operation runs into, if there is one; it is used up by that. A fault that lets calls go
 * well first counts every call of its operation, whatever becomes of it.
 */
export function takeFault(host: HostState, operation: string): Fault | undefined {
  const faults = host.faults.filter((one) => one.operation === operation || one.operation === "*");
  const due = faults.find((one) => one.after === 0);
  for (const fault of faults) if (fault.after > 0) fault.after -= 1;
  if (due === undefined) return undefined;
  due.times -= 1;
  if (due.times === 0) host.faults = host.faults.filter((one) => one !== due);
  return due;
}
