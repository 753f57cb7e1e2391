import { execFile } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { programFile, root } from "../support/programs/programs";

/** Not the folder that `npm start` uses: a test must not delete the simulated host of a user. */
const folder = path.join(root, ".build", "quickstart-test");

/** What `npm start` runs, with these arguments. */
async function start(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, QUICKSTART_FOLDER: folder, CI: "" };
  const { stdout } = await promisify(execFile)(process.execPath, [programFile("start"), ...args], { cwd: root, env });
  return stdout;
}

interface JournalLine {
  readonly operation: string;
  readonly machine: string | null;
  readonly door: string;
}

function journal(): readonly JournalLine[] {
  const text = readFileSync(path.join(folder, "quickstart.journal.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalLine);
}

function callsOf(machine: string): number {
  return journal().filter((line) => line.operation === "Resynchronize" && line.machine === machine).length;
}

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("npm start resynchronizes two VMs, skips the third, changes nothing the second time and heals a broken one", async () => {
  const first = await start("--reset");
  expect(first).toMatch(/^Engine: (built-in|pulumi CLI)/m);
  expect(first).toMatch(/web01 .*creating.*resynchronizing \d+ %/);
  expect(first).toMatch(/skipped.*it replicates normally/);
  expect(first).toMatch(/completionTime: "20.*Z"/);
  expect(first).toMatch(/returnCode *: 4096/);
  expect(first).toMatch(/returnCodeName: "JobStarted"/);
  expect([callsOf("web01"), callsOf("app01"), callsOf("db01")]).toEqual([1, 1, 0]);
  expect(first).not.toMatch(/clock/i);

  const second = await start();
  expect(second).toContain("4 unchanged");
  expect(second).toContain("none in this run");
  expect([callsOf("web01"), callsOf("app01")]).toEqual([1, 1]);

  const healed = await start("--break", "web01");
  expect(healed).toContain("1 updated");
  expect([callsOf("web01"), callsOf("app01")]).toEqual([2, 1]);

  const destroyed = await start("destroy");
  expect(destroyed).toContain("4 deleted");
  expect(callsOf("web01")).toBe(2);
  expect(new Set(journal().map(({ door }) => door))).toEqual(new Set(["wsman"]));
});

it("npm start says what it accepts when it is asked for something else", async () => {
  await expect(start("--brake", "web01")).rejects.toMatchObject({
    code: 2,
    stdout: expect.stringContaining("--break <vm>") as string,
  });
});
