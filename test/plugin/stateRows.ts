import {
  completed,
  failsAgain,
  failsForNow,
  inNeed,
  jobFails,
  refused,
  resyncSeconds,
  type Row,
  type Stand,
  type Stands,
  staysSo,
  timedOut,
} from "./stand";

/*
 * Written by hand from what the package promises, not from its code: the states are listed again here, so that a wrong
 * entry there is noticed.
 */

/** What a state means for a running resync. */
type Meaning = "removed" | "failedOver" | "otherwiseInUse" | "fellBack" | "waitsOn" | "goesOn" | "done" | "unexpected";

/** A `ReplicationState`: its name, a word of the remedy where a request is refused in it, its meaning during a resync. */
interface State {
  readonly name: string;
  readonly remedy?: string;
  readonly meaning: Meaning;
}

/** By number. Source: "Msvm_ReplicationRelationship class", learn.microsoft.com; the last is none of them. */
const states: readonly State[] = [
  { name: "disabled", remedy: "Enable replication", meaning: "removed" },
  { name: "readyForReplication", remedy: "initial replication", meaning: "otherwiseInUse" },
  { name: "waitingToCompleteInitialReplication", remedy: "initial replication", meaning: "otherwiseInUse" },
  { name: "replicating", meaning: "done" },
  { name: "syncedReplicationComplete", remedy: "failover", meaning: "failedOver" },
  { name: "recovered", remedy: "failover", meaning: "failedOver" },
  { name: "committed", remedy: "failover", meaning: "failedOver" },
  { name: "suspended", meaning: "waitsOn" },
  { name: "critical", remedy: "Resume-VMReplication", meaning: "fellBack" },
  { name: "resynchronizationRequired", meaning: "fellBack" },
  { name: "resynchronizing", meaning: "goesOn" },
  { name: "resynchronizationSuspended", meaning: "waitsOn" },
  { name: "failoverInProgress", remedy: "failover", meaning: "failedOver" },
  { name: "failbackInProgress", remedy: "failover", meaning: "failedOver" },
  { name: "failbackComplete", remedy: "failover", meaning: "failedOver" },
  { name: "diskUpdateInProgress", remedy: "disks", meaning: "waitsOn" },
  { name: "diskUpdateCritical", remedy: "disks", meaning: "otherwiseInUse" },
  { name: "unknown", remedy: "Hyper-V Manager", meaning: "unexpected" },
  { name: "repurposeReplicationInProgress", remedy: "operation", meaning: "otherwiseInUse" },
  { name: "preparedForSyncReplication", remedy: "operation", meaning: "otherwiseInUse" },
  { name: "preparedForGroupReverseReplication", remedy: "reverse replication", meaning: "otherwiseInUse" },
  { name: "firedrillInProgress", remedy: "test failover", meaning: "otherwiseInUse" },
  { name: "", remedy: "bug", meaning: "unexpected" },
];
const diskUpdate = 15;
const undocumented = 22;

const resync = { seconds: resyncSeconds };

/** The state a relationship is in when the request is made, under both policies. */
const befores: readonly Row[] = states.flatMap(({ remedy }, state) => {
  const row = { state, resync };
  const stands = remedy === undefined ? undefined : staysSo(refused(0, refusalOf(state), remedy));
  return [
    { ...row, name: `before-${state}`, host: "HVBEFORE", ...(stands ?? askedFor(state)) },
    {
      ...row,
      name: `forced-${state}`,
      host: "HVFORCED",
      policy: "always",
      // Suspended first: the host refuses a VM that replicates normally.
      ...(state === 3 && { stateRequests: 1 }),
      ...(stands ?? forced(state)),
    },
  ];
});

/** What a refusal says of the state: its number and its name. */
function refusalOf(state: number): string {
  // Its job says it first.
  if (state === 2) return "initial replication has not finished";
  return state === undocumented ? "ReplicationState 22" : `state ${numberAndName(state)}`;
}

function numberAndName(state: number): string {
  return state === undocumented ? "22" : `${state} (${nameOf(state)})`;
}

function nameOf(state: number): string {
  return states[state]?.name ?? "";
}

function askedFor(state: number): Stands {
  const skipped: Stand = { outcome: "skipped", calls: 0 };
  switch (state) {
    case 3:
      return staysSo(skipped);
    case 7: {
      const resume = "Resume-VMReplication";
      return { first: { ...skipped, warns: resume, keepsWarning: resume }, second: skipped };
    }
    default:
      return found(state);
  }
}

function forced(state: number): Stands {
  return state === 3 || state === 7 ? staysSo(completed(1)) : found(state);
}

/** What is done in a state that alone decides. */
function found(state: number): Stands {
  switch (state) {
    case inNeed:
      return staysSo(completed(1));
    case 10:
      return staysSo(completed(0));
    case 11:
      // A paused resync has a job that has not ended: it is adopted, and waited for until an operator lets it continue.
      return staysSo({ ...timedOut(0, nameOf(state)), warns: "Resume-VMReplication -Continue" });
    default:
      throw new Error(`there is no row for state ${state}`);
  }
}

/** The state into which an operator puts the relationship during the resync, whose job is then gone. */
const puts: readonly Row[] = states.map(({ meaning }, state) => ({
  name: `put-${state}`,
  host: "HVPUT",
  state: inNeed,
  resync,
  putInto: state,
  ...whileWaiting(meaning, state),
}));

function whileWaiting(meaning: Meaning, state: number): Stands {
  switch (meaning) {
    case "removed":
      return failsAgain("replication was removed");
    case "failedOver":
      return failsAgain("a failover came between", `state ${numberAndName(state)}`);
    case "otherwiseInUse":
      return failsAgain(`state ${numberAndName(state)}`);
    case "fellBack": {
      const stands = failsAgain(`fell back to state ${numberAndName(state)}`);
      return state === inNeed ? failsForNow(stands) : stands;
    }
    case "waitsOn": {
      const waits = timedOut(1, nameOf(state));
      return staysSo(state === diskUpdate ? waits : { ...waits, warns: "paused by an operator" });
    }
    case "goesOn":
    case "done":
      return staysSo(completed(1));
    case "unexpected":
      return staysSo({ outcome: "started", calls: 1, says: [numberAndName(state), "[UNEXPECTED_STATE]"] });
    default:
      return meaning satisfies never;
  }
}

/** The state in which a resync leaves the relationship whose job ended as exception. */
const lefts: readonly Row[] = states.map(({ meaning }, state) => ({
  name: `left-${state}`,
  host: "HVLEFT",
  state: inNeed,
  resync: { ...resync, end: "exception", stateAfterFailure: state },
  ...whenJobFailed(meaning, state),
}));

function whenJobFailed(meaning: Meaning, state: number): Stands {
  const stands = jobFails(10, "exception");
  switch (meaning) {
    case "removed":
    case "failedOver":
    case "otherwiseInUse":
    case "unexpected":
      // The relationship says more than the job does.
      return whileWaiting(meaning, state);
    case "fellBack":
      return state === inNeed ? failsForNow(stands) : stands;
    case "waitsOn":
      return stands;
    case "goesOn":
      // The job alone is never trusted: the relationship is still being resynchronized.
      return staysSo(timedOut(1, "state resynchronizing", "exception"));
    case "done":
      // Not completed as long as the job says that it failed; completed for a later run, because it replicates normally.
      return { ...stands, second: completed(1) };
    default:
      return meaning satisfies never;
  }
}

/** Every state before the call, during the wait, and after a job that failed. */
export const stateRows: readonly Row[] = [...befores, ...puts, ...lefts];
