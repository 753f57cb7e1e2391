import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { engines } from "../support/engines";
import { blocksOf, readPage, root, sectionAfter } from "./pages/page";

const run = promisify(execFile);
const shell = process.platform === "win32";
const suffix = process.platform === "win32" ? ".cmd" : "";

/** Tells what ends from what hangs: npm reads its cache, and engines start. */
const timeoutMs = 600_000;

const readme = readPage("README.md");
const tryIt = sectionAfter(readme, "## Try it");
const [program = ""] = blocksOf(readme, "ts");
const [printed = ""] = blocksOf(readme, "text");
const [projectFile = ""] = blocksOf(tryIt, "yaml");
const [commands = ""] = blocksOf(tryIt, "sh");

/** An empty folder in which the README's commands were run. */
let installed: string;

beforeAll(async () => {
  installed = mkdtempSync(path.join(tmpdir(), "packed-"));
  // Scripts off: the tests have built the package already, and packing must not build under running tests.
  await run(`npm${suffix}`, ["pack", "--ignore-scripts", "--pack-destination", installed], { cwd: root, shell });
  for (const line of commands.trim().split("\n")) {
    const [command = "", ...args] = line.split(" ").map(pinned);
    const quiet = args[0] === "install" ? ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"] : [];
    await run(command + suffix, [...args, ...quiet], { cwd: installed, shell });
  }
}, timeoutMs);

afterAll(() => {
  rmSync(installed, { recursive: true, force: true });
});

/** The version of the SDK that the tests run with, instead of the newest one. */
function pinned(word: string): string {
  const { devDependencies } = JSON.parse(readPage("package.json")) as { devDependencies: Record<string, string> };
  return word in devDependencies ? `${word}@${devDependencies[word] ?? ""}` : word;
}

/** A project with the installed packages and these files of its own. */
function projectOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = path.join(installed, name);
  mkdirSync(folder);
  symlinkSync(path.join(installed, "node_modules"), path.join(folder, "node_modules"), "junction");
  for (const file of ["package.json", "host.json"]) cpSync(path.join(installed, file), path.join(folder, file));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return folder;
}

function callsIn(folder: string): number {
  const journal = readFileSync(path.join(folder, "host.journal.jsonl"), "utf8");
  return [...journal.matchAll(/"operation":"Resynchronize"/g)].length;
}

/** What a line says beside the resource, or as an output, whatever the numbers in it. */
function saidIn(line: string): string {
  return line
    .replace(/^.*\(\d+s\) /, "")
    .replace(/\d+/g, "0")
    .replace(/\s+(:)?/g, (_, colon?: string) => colon ?? " ")
    .trim();
}

it("the README's commands make a scenario and bring the pages along", () => {
  expect(existsSync(path.join(installed, "host.json"))).toBe(true);
  const pages = path.join(installed, "node_modules", "pulumi-hyperv-replica", "docs");
  expect(existsSync(path.join(pages, "connection.md"))).toBe(true);
});

describe.each(engines())("$name", (engine) => {
  const test = engine.isAvailable ? it : it.skip;

  test(
    "the README's program resynchronizes with one up, and prints what the README says",
    async () => {
      const name = engine.name.replaceAll(" ", "-");
      const folder = projectOf(`readme-${name}`, { "index.ts": program, "Pulumi.yaml": projectFile });
      const driver = await engine.open({ directory: folder, env: { CI: "" } });
      try {
        const first = await driver.up();
        expect(first).toMatchObject({ exitCode: 0 });
        const said = first.output.split("\n").map(saidIn);
        for (const line of printed.split("\n").map(saidIn)) {
          // Which percentages are seen depends on when the run looks.
          if (line !== "" && !line.includes("%")) expect(said).toContain(line);
        }
        expect(first.output).toMatch(/resynchronizing \d+ %, about \d+ s left/);
        expect(callsIn(folder)).toBe(1);
        expect(await driver.up()).toMatchObject({ exitCode: 0 });
        expect(callsIn(folder)).toBe(1);
      } finally {
        await driver.dispose();
      }
    },
    timeoutMs,
  );
});

it(
  "the packed package resynchronizes the quickstart's VMs with one up",
  async () => {
    const quickstart = path.join(root, "examples", "quickstart");
    const folder = projectOf("quickstart", {
      "index.ts": readFileSync(path.join(quickstart, "index.ts"), "utf8"),
      "host.json": readFileSync(path.join(quickstart, "scenario.json"), "utf8"),
      "Pulumi.yaml": "name: installed\nruntime: nodejs\n",
    });
    const [builtIn] = engines();
    const driver = await builtIn?.open({ directory: folder, env: { HYPERV_REPLICA_SCENARIO: "host.json", CI: "" } });
    try {
      const result = await driver?.up({ refresh: true });
      expect(result).toMatchObject({
        exitCode: 0,
        output: expect.stringMatching(/web01: resynchronized in 5 s/) as string,
      });
    } finally {
      await driver?.dispose();
    }
    expect(callsIn(folder)).toBe(2);
  },
  timeoutMs,
);
