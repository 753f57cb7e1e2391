import { cancelRun } from "./endRun";
import type { HostState, LinkState, MachineState } from "./hostState";
import { endJob, jobById } from "./job";
import { enterState } from "./link";
import { jobState, linkState, returnValue } from "./platform";
import { dropRun, isMerging, pauseRun, resumeRun } from "./run";

/** `RequestedState` of `RequestReplicationStateChangeEx`, the part that is modelled. Source: that method's page. */
export const requestable = { replicating: 3, suspend: 7, cancelResync: 9 } as const;

/** A change as a job carries it out, a second after the call. */
export type PendingChange = HostState["pendingChanges"][number];

/** What is to be done for a request in this state of the link; `undefined`: it cannot be requested now. */
export function planChange(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  requestedState: number,
  nowMs: number,
): ((atMs: number) => void) | undefined {
  const { run, state } = link;
  switch (requestedState) {
    case requestable.suspend:
      if (state === linkState.replicating)
        return (atMs) => {
          enterState(machine, link, linkState.suspended, atMs);
        };
      if (state === linkState.resynchronizing && run !== null)
        return (atMs) => {
          pauseRun(host, machine, link, run, atMs);
        };
      return undefined;
    case requestable.replicating:
      if (state === linkState.suspended || state === linkState.critical) {
        return (atMs) => {
          dropRun(host, link);
          enterState(machine, link, linkState.replicating, atMs);
        };
      }
      if (run?.phase === "paused")
        return (atMs) => {
          resumeRun(host, machine, link, run, atMs);
        };
      return undefined;
    case requestable.cancelResync: {
      if (run === null || isMerging(run, nowMs)) return undefined;
      return (atMs) => {
        cancelRun(host, machine, link, run, atMs);
      };
    }
    default:
      return undefined;
  }
}

/** Carries a pending change out, if it still can be, and ends its job. */
export function changeState(host: HostState, change: PendingChange, atMs: number): void {
  host.pendingChanges = host.pendingChanges.filter((other) => other !== change);
  const machine = host.machines.find(({ id }) => id === change.machineId);
  const link = machine?.links.find(({ number }) => number === change.link);
  const apply =
    machine === undefined || link === undefined
      ? undefined
      : planChange(host, machine, link, change.requestedState, atMs);
  apply?.(atMs);
  endJob(
    jobById(host, change.jobId),
    apply === undefined
      ? { state: jobState.exception, errorCode: returnValue.invalidState }
      : { state: jobState.completed, percent: 100 },
    atMs,
  );
}
