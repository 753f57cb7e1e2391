/**
 * `EnabledState` values of a VM that matter to an operator. Source: "Msvm_ComputerSystem class",
 * learn.microsoft.com; 6 for a saved and 9 for a paused VM: r4sd/go-wsman, hyperv/types.go.
 */
const names: ReadonlyMap<number, string> = new Map([
  [2, "running"],
  [3, "off"],
  [6, "saved"],
  [9, "paused"],
]);

/** A raw `EnabledState` by number, with its name where that is known, for messages. */
export function enabledStateName(value: number): string {
  const name = names.get(value);
  return name === undefined ? String(value) : `${value} (${name})`;
}
