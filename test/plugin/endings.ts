import type { ScenarioInput } from "pulumi-hyperv-replica/simulator";
import type { EngineRun } from "../engine/driver/engineDriver";
import { onEveryEngine } from "../support/onEveryEngine";
import type { Sandbox } from "../support/sandbox";

/** Every way in which a run can end while resyncs run. */
const endings = {
  "the plugin is killed": async (run: EngineRun) => {
    process.kill(await run.pluginPid(), "SIGKILL");
  },
  "the plugin is terminated": async (run: EngineRun) => {
    process.kill(await run.pluginPid(), "SIGTERM");
  },
  "the engine is killed": async (run: EngineRun) => {
    const plugin = await run.pluginPid();
    run.kill();
    process.kill(plugin, "SIGKILL");
  },
  "the engine is terminated": async (run: EngineRun) => {
    run.terminate();
  },
  "the run is interrupted": async (run: EngineRun) => {
    run.interrupt();
  },
  "the run is interrupted twice": async (run: EngineRun) => {
    run.interrupt();
    // Two signals at once are one keypress that was delivered twice.
    await new Promise((resolve) => setTimeout(resolve, 500));
    run.interrupt();
  },
} satisfies Record<string, (run: EngineRun) => Promise<void>>;

export type Ending = keyof typeof endings;

/**
 * Four resources in one stack: one that is created and one that is updated, each once with a resync that has ended by
 * the time of the next `up` and once with one that still runs then.
 */
const machines = {
  "created-short": 400,
  "created-long": 4_000,
  "updated-short": 400,
  "updated-long": 4_000,
} as const;
const names = Object.keys(machines) as readonly (keyof typeof machines)[];
const updated = names.filter((name) => name.startsWith("updated"));

/** Slow enough that nothing ends by itself while a test looks. */
const scenario: ScenarioInput = {
  name: "HV01",
  clock: { speed: 10 },
  machines: names.map((name) => ({
    name,
    state: "resynchronizationRequired",
    resync: { seconds: machines[name] },
  })),
};

/** One test for each of these endings. */
export function testEndings(wanted: readonly Ending[]): void {
  for (const ending of wanted) {
    const end = endings[ending];
    const isSaved = !ending.includes("kill") && !ending.includes("twice");
    for (const withRefresh of isSaved ? [false, true] : [false]) {
      const between = withRefresh ? ", then a refresh, then an up" : ", then an up";
      onEveryEngine(
        `${ending} while resyncs run${between}: one call for each, all completed`,
        scenario,
        async (sandbox) => {
          await resynchronizeOnce(sandbox);
          sandbox.register(...names.map((name) => resource(name, "now")));
          const run = sandbox.start("up", { parallel: 8 });
          await untilRunning(sandbox);
          await end(run);
          expect((await run.result).exitCode).not.toBe(0);
          await sandbox.driver.cancel();

          await sandbox.host.advanceClock(450);
          if (withRefresh) await sandbox.succeed("refresh");
          const next = sandbox.start("up", { parallel: 8 });
          for (const name of names) {
            // A refresh has recorded the short ones' end already: nothing is left to say about them.
            const isOver = withRefresh && name.endsWith("short");
            if (!isOver) await next.waitForLine(new RegExp(`${name} .*(resuming the wait|runs already|just ended)`));
          }
          await sandbox.host.advanceClock(4_000);
          const { exitCode, output } = await next.result;
          expect({ exitCode, output }).toMatchObject({ exitCode: 0 });

          const calls = await sandbox.calls();
          for (const name of names) {
            expect({ name, calls: calls.filter(({ machine }) => machine === name).length }).toEqual({
              name,
              calls: updated.includes(name) ? 2 : 1,
            });
            expect({ name, ...(await sandbox.outputs(name)) }).toMatchObject({
              name,
              outcome: "completed",
              replication: { state: "replicating" },
              triggers: ["now"],
            });
          }
        },
      );
    }
  }
}

/** Resources with a second request, so that an update is what ends. */
async function resynchronizeOnce(sandbox: Sandbox): Promise<void> {
  sandbox.register(...updated.map((name) => resource(name, "before")));
  const run = sandbox.start("up");
  await run.waitForLine(/updated-long.*accepted/);
  await sandbox.host.advanceClock(4_100);
  expect((await run.result).exitCode).toBe(0);
  await sandbox.host.advanceClock(400);
  for (const name of updated) await sandbox.host.breakMachine(name);
}

function resource(name: string, trigger: string): { name: string; args: Record<string, unknown> } {
  return {
    name,
    args: {
      vm: name,
      triggers: [trigger],
      connection: { transport: "simulator", scenario: "host.json", maxConcurrentResyncs: 8 },
    },
  };
}

async function untilRunning(sandbox: Sandbox): Promise<void> {
  while ((await sandbox.calls()).length < names.length + updated.length) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
