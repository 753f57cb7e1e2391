/** The states of a job as outputs and messages name them. */
export const jobStateNames = [
  "new",
  "starting",
  "running",
  "suspended",
  "shuttingDown",
  "completed",
  "terminated",
  "killed",
  "exception",
  "service",
  "queryPending",
  "completedWithWarnings",
] as const;

/** `unknown (n)`: a number that this version does not know. */
export type JobStateName = (typeof jobStateNames)[number] | `unknown (${number})`;

/** What a `JobState` means for the wait. */
export interface JobState {
  readonly name: (typeof jobStateNames)[number];
  /** The job will not change any more. */
  readonly isTerminal: boolean;
  /** The job ended well; a warning counts as well. */
  readonly isSuccess: boolean;
}

/**
 * The values of `Msvm_ConcreteJob.JobState`. Source: 2 to 11 "Msvm_ConcreteJob class", 12 "CIM_ConcreteJob class", both
 * learn.microsoft.com; 32768 is in the `JobState` enumeration of Microsoft's Hyper-V samples (WmiUtilities.cs).
 * 10 is final in every published client; 11 asks for troubleshooting by the vendor and does not come back.
 */
export const jobStates: ReadonlyMap<number, JobState> = new Map([
  [2, state("new")],
  [3, state("starting")],
  [4, state("running")],
  [5, state("suspended")],
  [6, state("shuttingDown")],
  [7, state("completed", true, true)],
  [8, state("terminated", true)],
  [9, state("killed", true)],
  [10, state("exception", true)],
  [11, state("service", true)],
  [12, state("queryPending")],
  [32768, state("completedWithWarnings", true, true)],
]);

/** `JobState` of a job that ended with warnings. */
export const completedWithWarnings = 32768;

/** Values of `JobState` of jobs that somebody has ended: terminated, killed. */
export const endedByRequest: ReadonlySet<number> = new Set([8, 9]);

function state(name: JobState["name"], isTerminal = false, isSuccess = false): JobState {
  return { name, isTerminal, isSuccess };
}

/** The name of a raw `JobState`, for outputs and messages. */
export function jobStateName(value: number): JobStateName {
  return jobStates.get(value)?.name ?? `unknown (${value})`;
}
