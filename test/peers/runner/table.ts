import type { Peer } from "./peers";

/** What Jest writes with `--json`, as far as it counts here. */
export interface JestResults {
  readonly testResults: readonly {
    /** Path of the file, from the top of the repository, with slashes. */
    readonly name: string;
    /** Failed although no test is listed: the file could not be run at all. */
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** One line of the table. */
export interface Row {
  readonly peer: string;
  readonly version: string | undefined;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The results of one peer. */
export function rowOf(peer: Pick<Peer, "name" | "tests">, version: string | undefined, results: JestResults): Row {
  const files = results.testResults.filter(({ name }) => peer.tests.some((start) => name.startsWith(start)));
  const statuses = files.flatMap(({ status, assertionResults }) =>
    status === "failed" && assertionResults.every((test) => test.status !== "failed")
      ? [...assertionResults.map((test) => test.status), "failed"]
      : assertionResults.map((test) => test.status),
  );
  const passed = statuses.filter((status) => status === "passed").length;
  const failed = statuses.filter((status) => status === "failed").length;
  return { peer: peer.name, version, passed, failed, skipped: statuses.length - passed - failed };
}

/** The table for people, with a line of sums under it. */
export function renderTable(rows: readonly Row[]): string {
  const sum = (key: "passed" | "failed" | "skipped") => rows.reduce((total, row) => total + row[key], 0);
  const lines = [
    ["Peer", "Version", "Passed", "Failed", "Skipped"],
    ...rows.map(({ peer, version, passed, failed, skipped }) => [
      peer,
      version ?? "not found",
      ...[passed, failed, skipped].map(String),
    ]),
    ["All", "", ...[sum("passed"), sum("failed"), sum("skipped")].map(String)],
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const isNumber = (column: number) => column > 1;
  const cell = (text: string, column: number) =>
    isNumber(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return lines.map((line) => line.map(cell).join("  ").trimEnd()).join("\n");
}
