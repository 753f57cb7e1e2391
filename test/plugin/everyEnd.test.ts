import type { RequestOutput } from "../../provider/state/outputTypes";
import { onEveryEngine } from "../support/onEveryEngine";
import { codeRows, jobRows } from "./codeRows";
import { diagnosesOf, type Diagnosis } from "./diagnoses";
import type { Row, Stand } from "./stand";
import { stateRows } from "./stateRows";
import { TableOfEnds } from "./tableOfEnds";

const rows: readonly Row[] = [...codeRows, ...jobRows, ...stateRows];
/** Some lines of a terminal, as many as are read at once. */
const longestError = 600;

onEveryEngine(
  "every return code, end of a job and state has its outcome, its message and its number of calls",
  { name: "HV00" },
  async (sandbox) => {
    const table = new TableOfEnds(sandbox, rows);
    const seenAfter = async (output: string, standOf: (row: Row) => Stand): Promise<readonly object[]> => {
      const outputs = await sandbox.allOutputs();
      const calls = await table.calls("Resynchronize");
      const stateRequests = await table.calls("RequestReplicationStateChangeEx");
      const diagnoses = diagnosesOf(output);
      return rows.map((row) => ({
        name: row.name,
        calls: calls.get(row.name) ?? 0,
        stateRequests: stateRequests.get(row.name) ?? 0,
        ...inState(outputs.get(row.name), standOf(row)),
        ...printed(row, diagnoses.get(row.name), standOf(row)),
      }));
    };

    const first = await table.up(rows, { putIntoStates: true });
    const afterFirst = await seenAfter(first.output, (row) => row.first);
    const bad = rows.filter((row) => row.first.says !== undefined);
    const second = await table.up(bad, { putIntoStates: false });
    const afterSecond = await seenAfter(second.output, (row) => row.second);
    expect({ afterFirst, afterSecond }).toEqual({
      afterFirst: rows.map((row) => expected(row, row.first)),
      afterSecond: rows.map((row) => expected(row, row.second)),
    });
    expect([first.exitCode, second.exitCode]).not.toContain(0);

    // Nothing is left to do for what ended well, and no host is asked.
    table.register(rows.filter((row) => row.second.says === undefined));
    const lines = await table.journalLength();
    const { exitCode, output } = await sandbox.run("up");
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(await table.journalLength()).toBe(lines);
  },
);

/** What a row shows. */
function expected({ name, returnCode = 4096, stateRequests = 0 }: Row, stand: Stand): object {
  const { outcome, calls, says = [], warns, keepsWarning } = stand;
  const isInState = outcome !== undefined;
  return {
    name,
    calls,
    stateRequests,
    outcome,
    attempts: isInState ? calls : undefined,
    returnCode: isInState && calls > 0 ? returnCode : undefined,
    kept: texts(keepsWarning),
    errors: says,
    malformed: [],
    warnings: texts(warns),
  };
}

function inState(outputs: Readonly<Record<string, unknown>> | undefined, { keepsWarning }: Stand): object {
  const { outcome, request, returnCode, warnings } = outputs ?? {};
  const { attempts } = (request ?? {}) as Partial<RequestOutput>;
  const kept = Array.isArray(warnings) ? warnings.map(String) : [];
  return { outcome, attempts, returnCode, kept: keepsWarning === undefined ? [] : orAll(kept, [keepsWarning]) };
}

function printed({ name, host }: Row, diagnosis: Diagnosis | undefined, { says = [], warns }: Stand): object {
  const { errors, warnings } = diagnosis ?? { errors: [], warnings: [] };
  return {
    errors: orAll(errors, says),
    malformed: errors.filter((error) => !isWellFormed(error, `${name} on ${host}: `)),
    warnings: orAll(warnings, texts(warns)),
  };
}

/** Whether an error says where, what and what to do, in one line of reasonable length, with a code to look up. */
function isWellFormed(error: string, where: string): boolean {
  const isSaidWhere = error.startsWith(where) && error.length <= longestError;
  return isSaidWhere && /^.{15,}\. [A-Z].{15,} \[[A-Z_]+\]$/.test(error.slice(where.length));
}

/** What was looked for, when exactly one text is there and holds all of it; else all that is there. */
function orAll(lines: readonly string[], wanted: readonly string[]): readonly string[] {
  const [line, ...others] = lines;
  const isFound = line !== undefined && wanted.length > 0 && wanted.every((part) => line.includes(part));
  return isFound && others.length === 0 ? wanted : lines;
}

function texts(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}
