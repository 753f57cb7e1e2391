import type { EngineRun } from "../support/engineDriver";
import { onEveryEngine } from "../support/onEveryEngine";
import { hostWithOneInNeed, type Sandbox } from "../support/sandbox";

/**
 * Every way in which a run can end while a resync runs, each followed by another up: one before the resync has ended,
 * one after. The host's journal counts the calls.
 */
const endings: Readonly<Record<string, (run: EngineRun) => Promise<void>>> = {
  "the plugin is killed": async (run) => {
    process.kill(await run.pluginPid(), "SIGKILL");
  },
  "the plugin is terminated": async (run) => {
    process.kill(await run.pluginPid(), "SIGTERM");
  },
  "the engine is killed": async (run) => {
    const plugin = await run.pluginPid();
    run.kill();
    process.kill(plugin, "SIGKILL");
  },
  "the engine is terminated": async (run) => {
    run.terminate();
  },
  "the run is interrupted": async (run) => {
    run.interrupt();
  },
  "the run is interrupted twice": async (run) => {
    run.interrupt();
    run.interrupt();
  },
};

const ends = ["before the resync has ended", "after the resync has ended", "after a refresh"] as const;

/** Ten minutes of the host's time in half a minute: nothing ends by itself while a test looks. */
const scenario = hostWithOneInNeed({ seconds: 600 }, 20);
const web01 = { name: "web01", args: { vm: "web01", triggers: ["a"] } };

for (const [ending, end] of Object.entries(endings)) {
  for (const next of ends) {
    // A refresh in between matters where something was saved: it clears the engine's own memory of the failure.
    if (next === "after a refresh" && !ending.includes("the run is interrupted")) continue;
    for (const verb of ["create", "update"] as const) {
      // An update keeps its state whatever happens: one refresh and one late up show all there is.
      if (verb === "update" && next === "after a refresh") continue;
      onEveryEngine(
        `${ending} during ${verb}, an up ${next}: one call, and it ends completed`,
        scenario,
        async (sandbox) => {
          await beginUpdateWith(sandbox, verb);
          const calls = (await sandbox.calls()).length;
          const run = sandbox.start("up");
          await untilCalled(sandbox, calls + 1);
          await end(run);
          const result = await run.result;
          expect(result.exitCode).not.toBe(0);
          // Free to call on a stack that is not locked.
          await sandbox.driver.cancel();

          if (next === "after a refresh") await sandbox.succeed("refresh");
          if (next === "before the resync has ended") {
            const going = sandbox.start("up");
            await going.waitForLine(/going on waiting|runs already/);
            await sandbox.host.advanceClock(700);
            expect((await going.result).exitCode).toBe(0);
          } else {
            await sandbox.host.advanceClock(700);
            await sandbox.succeed("up");
          }
          expect(await sandbox.calls()).toHaveLength(calls + 1);
          const { outcome, replicationState, triggers } = await sandbox.outputs("web01");
          expect({ replicationState, triggers }).toEqual({
            replicationState: "replicating",
            triggers: web01.args.triggers,
          });
          // Killed without any memory and ended by the time of the next look: a healthy machine is all there is to see.
          const isForgotten = verb === "create" && next !== "before the resync has ended" && ending.includes("kill");
          expect(["completed", ...(isForgotten ? ["skipped"] : [])]).toContain(outcome);
          expect((await sandbox.succeed("up")).output).toContain("2 unchanged");
        },
      );
    }
  }
}

/** For an update: a machine that was resynchronized once, and is asked again. */
async function beginUpdateWith(sandbox: Sandbox, verb: "create" | "update"): Promise<void> {
  if (verb === "update") {
    sandbox.register({ name: "web01", args: { vm: "web01", triggers: ["before"], wait: "started" } });
    await sandbox.succeed("up");
    await sandbox.host.advanceClock(700);
    await sandbox.host.breakMachine("web01");
  }
  sandbox.register(web01);
}

async function untilCalled(sandbox: Sandbox, count: number): Promise<void> {
  while ((await sandbox.calls()).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
}
