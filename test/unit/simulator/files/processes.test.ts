import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { SimulatorAdministration } from "../../../../provider/simulator/administration";
import { localFiles } from "../../../../provider/simulator/files/fileAccess";
import { hostStateSchema } from "../../../../provider/simulator/model/hostState";
import { filesOf } from "../../../../provider/simulator/files/scenarioFile";
import { programFile } from "../../../support/programs/programs";
import { removeScenarioFiles, scenarioFile, scenarioOf, web01 } from "../lab";

const running = new Set<ChildProcessWithoutNullStreams>();

afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
afterAll(removeScenarioFiles);

const id = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";

interface Child {
  readonly door: string;
  readonly process: ChildProcessWithoutNullStreams;
  readonly exited: Promise<unknown>;
  /** What it wrote so far: `r` when it is ready, then a dot for each reply. */
  output: string;
}

function start(scenario: string, door: string, calls: number): Child {
  const started = spawn(process.execPath, [programFile("callInALoop")], {
    env: { ...process.env, SCENARIO: scenario, VM_ID: id, DOOR: door, CALLS: String(calls) },
  });
  running.add(started);
  const child: Child = { door, process: started, exited: once(started, "exit"), output: "" };
  started.stdout.on("data", (text: Buffer) => (child.output += text.toString()));
  started.stderr.pipe(process.stderr);
  return child;
}

async function untilOutput(child: Child, length: number): Promise<void> {
  while (child.output.length < length && child.process.exitCode === null) await once(child.process.stdout, "data");
}

/** Lines of the journal by door, and the calls that the state has counted. */
async function readBoth(scenario: string): Promise<{ lines: Map<string, number>; calls: number }> {
  const lines = new Map<string, number>();
  for (const { door } of await SimulatorAdministration.open(scenario).readJournal())
    lines.set(door, (lines.get(door) ?? 0) + 1);
  const state = hostStateSchema.parse(JSON.parse(localFiles.read(filesOf(scenario).state) ?? ""));
  return { lines, calls: state.machines[0]?.calls ?? -1 };
}

const sum = (lines: Map<string, number>) => [...lines.values()].reduce((total, count) => total + count, 0);

test("killed at random, again and again, processes leave state and journal that agree, with every reply they got", async () => {
  const scenario = scenarioFile(scenarioOf([{ ...web01, id, resync: { returnCode: 32774 } }]));
  const children = Array.from({ length: 8 }, (_, n) => start(scenario, `door${n}`, 1_000_000));
  await Promise.all(children.map(async (child) => untilOutput(child, 1)));
  // Two at a time: one is killed while the other calls, often in the middle of taking the lock over from a dead one.
  children.slice(0, 2).forEach(({ process: { stdin } }) => stdin.write("go"));
  for (const [index, child] of children.entries()) {
    await untilOutput(child, 2);
    await delay(Math.random() * 40);
    child.process.kill("SIGKILL");
    await child.exited;
    children[index + 2]?.process.stdin.write("go");
    const replies = child.output.length - 1;
    expect([replies, replies + 1]).toContain((await readBoth(scenario)).lines.get(child.door));
  }
  const { lines, calls } = await readBoth(scenario);
  expect(sum(lines)).toBe(calls);
});

test("two processes at once lose no call and double none", async () => {
  const scenario = scenarioFile(scenarioOf([{ ...web01, id, resync: { returnCode: 32774 } }]));
  const children = ["one", "two"].map((door) => start(scenario, door, 150));
  await Promise.all(children.map(async (child) => untilOutput(child, 1)));
  for (const child of children) child.process.stdin.write("go");
  await Promise.all(children.map(({ exited }) => exited));
  const { lines, calls } = await readBoth(scenario);
  expect([Object.fromEntries(lines), calls]).toEqual([{ one: 150, two: 150 }, 300]);
  const times = (await SimulatorAdministration.open(scenario).readJournal()).map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
});
