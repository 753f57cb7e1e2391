import { type JestResults, renderTable, rowOf } from "./table";

function fileOf(name: string, ...statuses: readonly string[]): JestResults["testResults"][number] {
  const status = statuses.includes("failed") ? "failed" : "passed";
  return { name, status, assertionResults: statuses.map((one) => ({ status: one })) };
}

const peer = { name: "sshd", tests: ["test/peers/sshd/", "test/plugin/"] };

test("a peer's row counts the tests in its own folders, and everything neither passed nor failed as skipped", () => {
  const testResults = [
    fileOf("test/peers/sshd/a.test.ts", "passed", "failed", "pending"),
    fileOf("test/plugin/b.test.ts", "passed", "todo"),
    fileOf("test/peers/pypsrp/c.test.ts", "passed", "failed"),
  ];
  expect(rowOf(peer, "9.2", { testResults })).toEqual({
    peer: "sshd",
    version: "9.2",
    passed: 2,
    failed: 1,
    skipped: 2,
  });
});

test("a file that could not be run counts as one failure", () => {
  const testResults = [{ name: "test/plugin/b.test.ts", status: "failed", assertionResults: [] }];
  expect(rowOf(peer, "9.2", { testResults })).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
});

test("the table names what was not found, and ends with the sums", () => {
  const rows = [
    { peer: "Pulumi CLI", version: "3.250.0", passed: 41, failed: 1, skipped: 0 },
    { peer: "sshd", version: undefined, passed: 0, failed: 0, skipped: 7 },
  ];
  expect(renderTable(rows).split("\n")).toEqual([
    "Peer        Version    Passed  Failed  Skipped",
    "Pulumi CLI  3.250.0        41       1        0",
    "sshd        not found       0       0        7",
    "All                        41       1        7",
  ]);
});
