import { dropRuns } from "./acceptRun";
import { cancelRun } from "./endRun";
import type { HostState, LinkState, MachineState } from "../hostState";
import { endJob, jobById } from "./job";
import { enterState } from "../links/link";
import { jobState, linkState, returnValue } from "../platform";
import { pauseRun, resumeRun } from "./run";
import { isMerging } from "./runProgress";

/** `RequestedState` of `RequestReplicationStateChangeEx`, the part that is modelled. Source: that method's page. */
export const requestable = { replicating: 3, suspend: 7, cancelResync: 9 } as const;

/** A change as a job carries it out, a second after the call. */
export type PendingChange = HostState["pendingChanges"][number];

/** What is to be done for a request, or the code that refuses it. */
export type ChangePlan = { readonly apply: (atMs: number) => void } | { readonly refusal: number };

const cannotNow: ChangePlan = { refusal: returnValue.invalidState };

/** What becomes of a request in this state of the relationship. */
export function planChange(
  host: HostState,
  machine: MachineState,
  link: LinkState,
  requestedState: number,
  nowMs: number,
): ChangePlan {
  const { run, state } = link;
  switch (requestedState) {
    case requestable.suspend:
      if (state === linkState.replicating) {
        return plan((atMs) => {
          enterState(host, machine, link, linkState.suspended, atMs);
        });
      }
      if (state !== linkState.resynchronizing || run === null) return cannotNow;
      return plan((atMs) => {
        pauseRun(host, machine, link, run, atMs);
      });
    case requestable.replicating:
      if (state === linkState.suspended || state === linkState.critical) return planResume(host, machine, link);
      if (run?.phase !== "paused" || host.switches.continueRequest === "refused") return cannotNow;
      return plan((atMs) => {
        resumeRun(host, machine, link, run, atMs);
      });
    case requestable.cancelResync:
      if (run === null || isMerging(run, nowMs)) return cannotNow;
      return plan((atMs) => {
        cancelRun(host, machine, link, run, atMs);
      });
    default:
      return cannotNow;
  }
}

function planResume(host: HostState, machine: MachineState, link: LinkState): ChangePlan {
  const { resumeRequest } = host.switches;
  if (resumeRequest !== "accepted") return { refusal: returnValue[resumeRequest] };
  return plan((atMs) => {
    dropRuns(host, link);
    enterState(host, machine, link, linkState.replicating, atMs);
  });
}

function plan(apply: (atMs: number) => void): ChangePlan {
  return { apply };
}

/** Carries a pending change out, if it still can be, and ends its job. */
export function changeState(host: HostState, change: PendingChange, atMs: number): void {
  host.pendingChanges = host.pendingChanges.filter((other) => other !== change);
  const machine = host.machines.find(({ id }) => id === change.machineId);
  const link = machine?.links.find(({ number }) => number === change.link);
  const planned =
    machine === undefined || link === undefined
      ? cannotNow
      : planChange(host, machine, link, change.requestedState, atMs);
  const job = jobById(host, change.jobId);
  if ("refusal" in planned) {
    endJob(job, { state: jobState.exception, errorCode: planned.refusal }, atMs);
    return;
  }
  planned.apply(atMs);
  endJob(job, { state: jobState.completed, percent: 100 }, atMs);
}
