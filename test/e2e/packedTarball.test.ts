import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { engines } from "../support/engines";

const run = promisify(execFile);
const root = path.join(__dirname, "..", "..");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const shell = process.platform === "win32";

it("the packed package, installed in an empty project, resynchronizes with one up", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "packed-"));
  try {
    // Scripts off: the tests have built the package already, and packing must not build under running tests.
    const { stdout } = await run(npm, ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root, shell });
    const tarball = path.join(folder, stdout.trim().split("\n").at(-1) ?? "");
    expect(existsSync(tarball)).toBe(true);

    const program = path.join(root, "examples", "quickstart");
    cpSync(path.join(program, "index.ts"), path.join(folder, "index.ts"));
    cpSync(path.join(program, "scenario.json"), path.join(folder, "host.json"));
    writeFileSync(path.join(folder, "Pulumi.yaml"), "name: installed\nruntime: nodejs\n");
    writeFileSync(
      path.join(folder, "package.json"),
      JSON.stringify({ name: "installed", private: true, main: "index.ts" }),
    );
    const { devDependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const packages = [tarball, `@pulumi/pulumi@${devDependencies["@pulumi/pulumi"] ?? ""}`];
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
    await run(npm, ["install", ...quiet, ...packages], { cwd: folder, shell });

    const [builtIn] = engines();
    const env = { HYPERV_REPLICA_SCENARIO: "host.json", CI: "" };
    const driver = await builtIn?.open({ directory: folder, env });
    try {
      const result = await driver?.up({ refresh: true });
      expect(result).toMatchObject({
        exitCode: 0,
        output: expect.stringMatching(/web01: resynchronized in 5 s/) as string,
      });
    } finally {
      await driver?.dispose();
    }
    const journal = readFileSync(path.join(folder, "host.journal.jsonl"), "utf8");
    expect(journal.match(/"operation":"Resynchronize"/g)).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
