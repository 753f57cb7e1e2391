import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { peers } from "./peers";
import { type JestResults, renderTable, rowOf } from "./table";

const root = path.join(__dirname, "..", "..", "..");
const config = path.join(root, "test", "peers", "jest.config.mjs");

/** Runs the tests against all peers that this computer has and prints one table of them; arguments go to Jest. */
function main(): number {
  const folder = mkdtempSync(path.join(tmpdir(), "test-peers-"));
  try {
    const file = path.join(folder, "results.json");
    const jest = createRequire(__filename).resolve("jest/bin/jest");
    const args = [jest, "--config", config, "--json", "--outputFile", file, ...process.argv.slice(2)];
    // With --json the results would be printed as well; what people read goes to standard error anyway.
    const { status, signal } = spawnSync(process.execPath, args, {
      cwd: root,
      stdio: ["inherit", "ignore", "inherit"],
    });
    if (!existsSync(file)) {
      process.stderr.write(`Jest ended without results (${signal ?? `exit code ${status}`})\n`);
      return 1;
    }
    const results = readResults(file);
    process.stdout.write(`\n${renderTable(peers.map((peer) => rowOf(peer, peer.findVersion(), results)))}\n`);
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readResults(file: string): JestResults {
  const { testResults } = JSON.parse(readFileSync(file, "utf8")) as JestResults;
  const fromTop = (name: string) => path.relative(root, name).split(path.sep).join("/");
  return { testResults: testResults.map((result) => ({ ...result, name: fromTop(result.name) })) };
}

process.exitCode = main();
