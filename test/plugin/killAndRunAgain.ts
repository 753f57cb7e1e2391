import type { JournalLine } from "pulumi-hyperv-replica/simulator";
import type { Engine, EngineRun } from "../engine/driver/engineDriver";
import { Sandbox } from "../support/sandbox";
import { type End, type Kill, KilledResource, type Request, requests } from "./killedResource";

/** Which line of a run's journal is the call, and which one the last. */
export interface Lines {
  readonly call: number;
  readonly last: number;
}

/** All resources wait at the same time. */
const parallel = 1_000;
/** Reading every journal slows down the run that writes them: not too often. */
const pauseMs = 1_000;

/** The lines of an undisturbed run of each kind, from real runs. */
export async function measureLines(engine: Engine): Promise<ReadonlyMap<Request, Lines>> {
  const sandbox = await Sandbox.open(engine, { name: "HV00" });
  try {
    const runs = requests.map(
      (request) => new KilledResource(sandbox, { request, line: 1, fate: "over with the call" }),
    );
    await firstRuns(sandbox, runs);
    sandbox.register(...runs.map((run) => run.resource("now")));
    await sandbox.succeed("up");
    const lines = runs.map(async (run) => [run.kill.request, linesOf(await run.journal())] as const);
    return new Map(await Promise.all(lines));
  } finally {
    await sandbox.dispose();
  }
}

function linesOf(journal: readonly JournalLine[]): Lines {
  const call = 1 + journal.findIndex(({ operation }) => operation === "Resynchronize");
  if (call === 0) throw new Error("an undisturbed run makes no call");
  return { call, last: journal.length };
}

/** Kills one run after every line of every journal, lets time pass and runs `up` again: how that run ended, and all requests. */
export async function killAndRunAgain(
  sandbox: Sandbox,
  kills: readonly Kill[],
  kill: (run: EngineRun) => Promise<void>,
): Promise<{ readonly exitCode: number; readonly ends: readonly End[] }> {
  const killed = kills.map((one) => new KilledResource(sandbox, one));
  await firstRuns(sandbox, killed);
  for (const one of killed) await one.freezeAfterLine();

  sandbox.register(...killed.map((one) => one.resource("now")));
  const run = sandbox.start("up", { parallel });
  await untilEach(run, killed, ({ length }, { line }) => length === line);
  await kill(run);
  expect((await run.result).exitCode).not.toBe(0);
  await sandbox.driver.cancel();
  const lines = await Promise.all(killed.map(async (one) => (await one.journal()).length));
  expect(lines).toEqual(kills.map(({ line }) => line));
  for (const one of killed) await one.letTimePass();

  const next = sandbox.start("up", { parallel });
  const running = killed.filter(({ kill: { fate } }) => fate === "still running");
  const isLookedAt = (journal: readonly JournalLine[], { line }: Kill): boolean =>
    journal.slice(line).some(isEndOfLook);
  await untilEach(next, running, isLookedAt, async (one) => one.letItEnd());
  const { exitCode } = await next.result;
  const outputs = await sandbox.allOutputs();
  return { exitCode, ends: await Promise.all(killed.map((one) => one.end(outputs.get(one.name)))) };
}

/** What was asked for before: updates require something to be updated. */
async function firstRuns(sandbox: Sandbox, killed: readonly KilledResource[]): Promise<void> {
  const updated = killed.filter(({ kill }) => kill.request === "update");
  sandbox.register(...updated.map((one) => one.resource("before")));
  await sandbox.succeed("up", { parallel });
  for (const one of updated) await one.beginUpdate();
}

/** The last query of a look at a VM: the decision follows it. */
function isEndOfLook({ operation }: JournalLine): boolean {
  return operation === "Enumerate Msvm_ReplicationService";
}

/** Waits until each journal has that many lines, or the run has ended, and then does something. */
async function untilEach(
  { result }: EngineRun,
  killed: readonly KilledResource[],
  isThere: (journal: readonly JournalLine[], kill: Kill) => boolean,
  then: (one: KilledResource) => Promise<void> = async () => undefined,
): Promise<void> {
  let hasEnded = false;
  const end = (): void => void (hasEnded = true);
  void result.then(end, end);
  const isOver = (): boolean => hasEnded;
  let left = killed;
  while (left.length > 0 && !isOver()) {
    const notYet: KilledResource[] = [];
    for (const one of left) {
      if (isThere(await one.journal(), one.kill)) await then(one);
      else notYet.push(one);
    }
    left = notYet;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
