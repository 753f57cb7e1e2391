import type { LinkState, MachineState } from "../hostState";
import { linkState, recoveryPointMs } from "../platform";

/** The recovery points are gone; new ones build up from here on. */
export function deleteRecoveryPoints(machine: MachineState, atMs: number): void {
  machine.recoveryPoints = 0;
  machine.recoveryPointsFromMs = atMs;
}

/** One more for every whole hour in which the relationship replicated, up to as many as the VM keeps. */
export function followRecoveryPoints(machine: MachineState, link: LinkState, atMs: number): void {
  if (link.state !== linkState.replicating || link !== machine.links.at(-1)) return;
  const fromMs = Math.max(machine.recoveryPointsFromMs, link.enteredAtMs);
  const made = Math.floor((atMs - fromMs) / recoveryPointMs);
  if (made <= 0) return;
  machine.recoveryPointsFromMs = fromMs + made * recoveryPointMs;
  machine.recoveryPoints = Math.min(machine.recoveryPoints + made, machine.mostRecoveryPoints);
}
