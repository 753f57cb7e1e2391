import { z } from "zod";

/** One line of the journal. */
export const journalLineSchema = z.strictObject({
  /** The host's own, simulated time, ISO 8601 UTC. */
  at: z.string(),
  /** Which door it came through: `in-process`, `wsman`, … */
  door: z.string(),
  /** The machine's name and its GUID in lower case; `null` for a call that is about none. */
  machine: z.string().nullable(),
  machineId: z.string().nullable(),
  /** The CIM method, or the query as `Enumerate <class>` or `Get <class>`. */
  operation: z.string(),
  /** The parameters of a method, without secrets. */
  input: z.record(z.string(), z.unknown()),
  /** `null` for a query, and for a method that was answered with a fault. */
  returnValue: z.number().nullable(),
  jobId: z.string().nullable(),
  /** Which of the door's connections it came through, counted from 1 since the door was opened; only of doors that have any. */
  connection: z.int().min(1).optional(),
});

/** One call as the host received it. Lines are in the order in which the calls were carried out. */
export type JournalLine = z.output<typeof journalLineSchema>;
