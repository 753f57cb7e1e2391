/** One call as the host received it: a line of the journal. Lines are in the order in which the calls were carried out. */
export interface JournalLine {
  /** The host's own, simulated time, ISO 8601 UTC. */
  readonly at: string;
  /** Which door it came through: `in-process`, `wsman`, … */
  readonly door: string;
  /** The VM's name; `null` for a call that is about none. */
  readonly machine: string | null;
  /** Its GUID in lower case. */
  readonly machineId: string | null;
  /** The CIM method, or the query as `Enumerate <class>` or `Get <class>`. */
  readonly operation: string;
  /** The parameters of a method, without secrets. */
  readonly input: Readonly<Record<string, unknown>>;
  /** `null` for a query, and for a method that was answered with a fault. */
  readonly returnValue: number | null;
  readonly jobId: string | null;
  /** Which of the door's connections it came through, counted from 1 since the door was opened; only of doors that have any. */
  readonly connection?: number;
}
