import { z } from "zod";
import type { JournalLine } from "../model/journalLine";
import { takesExactly } from "../scenario/takesExactly";
import type { FileAccess } from "./fileAccess";

/** A line of the journal, as it is read. */
export const journalLineSchema = takesExactly<JournalLine>()(
  z.strictObject({
    at: z.string(),
    door: z.string(),
    machine: z.string().nullable(),
    machineId: z.string().nullable(),
    operation: z.string(),
    input: z.record(z.string(), z.unknown()),
    returnValue: z.number().nullable(),
    jobId: z.string().nullable(),
    connection: z.int().min(1).exactOptional(),
  }),
);

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
 * A journal that somebody emptied begins again.
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
