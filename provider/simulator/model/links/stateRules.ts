import type { HostState, LinkState } from "../hostState";
import { linkState } from "../platform";

/**
 * The states from which a resync can be begun: paused, error, resynchronization required, suspended. Source:
 * "Resume-VMReplication", parameter `-Resynchronize`, learn.microsoft.com. A relationship that replicates normally is open, and
 * so is one whose resync is paused (`switches.replicating` and `pausedResync`).
 */
export function isResyncable(host: HostState, state: number): boolean {
  switch (state) {
    case linkState.suspended:
    case linkState.critical:
    case linkState.required:
      return true;
    case linkState.resyncSuspended:
      return host.switches.pausedResync !== "refused";
    case linkState.replicating:
      return host.switches.replicating === "accepted";
    default:
      return false;
  }
}

/** Whether a resync of the relationship has been taken on and is not merely scheduled. */
export function isUnderWay({ run }: LinkState): boolean {
  return run !== null && run.phase !== "scheduled" && run.phase !== "paused";
}
