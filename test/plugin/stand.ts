import type { ScenarioInput } from "pulumi-hyperv-replica/simulator";

export type Machine = NonNullable<ScenarioInput["machines"]>[number];

/** How a resource stands after an `up`. */
export interface Stand {
  /** Absent: the resource is not in the state. */
  readonly outcome?: "completed" | "skipped" | "started" | "unknown" | "failed";
  /** Calls of `Resynchronize` that its VM has seen by then, in all runs. */
  readonly calls: number;
  /** What its one error line has to hold. Absent: the step went well. */
  readonly says?: readonly string[];
  /** What its one warning has to hold. Absent: there is none. */
  readonly warns?: string;
  /** What a warning in the state has to hold. */
  readonly keepsWarning?: string;
}

/** How a resource stands after the first and after the second `up`. */
export interface Stands {
  readonly first: Stand;
  readonly second: Stand;
}

/** A VM with a resource of the same name, and how that stands. */
export interface Row extends Stands {
  readonly name: string;
  /** The simulated host it is on: VMs of one kind share one. */
  readonly host: string;
  readonly state: string | number;
  readonly resync?: Machine["resync"];
  readonly policy?: "always";
  /** The state into which an operator puts the relationship while the resync runs. */
  readonly putInto?: number;
  /** What the call returns. Default 4096. */
  readonly returnCode?: number;
  /** Requests to suspend, resume or cancel that its VM sees. Default 0. */
  readonly stateRequests?: number;
}

/** How long a resync lasts, in seconds. */
export const resyncSeconds = 30;
/** The state that asks for a resync. */
export const inNeed = 9;

/** The same after the second `up` as after the first. */
export function staysSo(stand: Stand): Stands {
  return { first: stand, second: stand };
}

export function completed(calls: number): Stand {
  return { outcome: "completed", calls };
}

/** Calls so far, and nothing in the state: nothing had begun. */
export function refused(calls: number, ...says: readonly string[]): Stand {
  return { calls, says };
}

/** A wait that reached its deadline: the next run resumes it. */
export function timedOut(calls: number, ...says: readonly string[]): Stand {
  return { outcome: "started", calls, says: ["not finished after", ...says, "[JOB_TIMEOUT]"] };
}

/** A request that has failed, and fails again with the stored reason as long as the relationship stays as it is. */
export function failsAgain(...says: readonly string[]): Stands {
  return staysSo({ outcome: "failed", calls: 1, says: [...says, "[JOB_FAILED]"] });
}

/** A failed request of a VM that requires a resync: a further call is made, but not at once. */
export function failsForNow({ first, second }: Stands): Stands {
  return { first, second: { ...second, says: [...(second.says ?? []), "no new call before"] } };
}

/** A job that ended badly, as one of the job states says. */
export function jobFails(jobState: number, name: string): Stands {
  const end = `ended as ${name} (JobState ${jobState})`;
  const { first, second } = failsAgain(end);
  return { first: { ...first, says: [end, "event log", "[JOB_FAILED]"] }, second };
}
