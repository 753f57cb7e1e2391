import { z } from "zod";
import type { FileAccess } from "./fileAccess";

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

/** Where the state says that the journal ends. */
export interface JournalEnd {
  readonly bytesBefore: number;
  readonly lastLine: string;
}

/** The end of the journal after one more line. */
export function nextEnd(end: JournalEnd, line: JournalLine): JournalEnd {
  return { bytesBefore: expectedBytes(end), lastLine: `${JSON.stringify(line)}\n` };
}

function expectedBytes(end: JournalEnd): number {
  return end.bytesBefore + Buffer.byteLength(end.lastLine);
}

/**
 * Brings the file to what the state says. The state is written first and carries the line, so a process that dies in
 * between leaves a journal that is too short by this line or by a part of it, never one with a line too many.
 * A journal that somebody emptied begins anew.
 * @returns the end as it is now.
 */
export function reconcileJournal(files: FileAccess, path: string, end: JournalEnd): JournalEnd {
  const bytes = files.size(path);
  const expected = expectedBytes(end);
  if (bytes === expected) return end;
  if (bytes < end.bytesBefore) return { bytesBefore: bytes, lastLine: "" };
  files.writeAt(path, end.bytesBefore, end.lastLine);
  files.truncate(path, expected);
  return end;
}
