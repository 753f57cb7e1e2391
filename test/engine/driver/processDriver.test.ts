import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ExportedState, RunResult } from "./engineDriver";
import type { EngineProcess } from "./engineProcess";
import { ProcessDriver } from "./processDriver";

/** Knows of plugins, and runs none. */
class IdleDriver extends ProcessDriver {
  constructor(private readonly pids: readonly number[]) {
    super({ directory: "." });
  }

  override start(): EngineProcess {
    throw new Error("not used");
  }

  override async setConfig(): Promise<void> {
    throw new Error("not used");
  }

  override async cancel(): Promise<RunResult> {
    throw new Error("not used");
  }

  override async exportState(): Promise<ExportedState> {
    throw new Error("not used");
  }

  protected override pluginPids(): readonly number[] {
    return this.pids;
  }
}

/** A process that waits, with this word in its command line. */
function waiting(word: string) {
  return spawn(process.execPath, ["-e", "process.stdin.resume()", word], { stdio: ["pipe", "ignore", "ignore"] });
}

test("disposing kills a plugin that is left, and no other process that now has a plugin's process id", async () => {
  const [plugin, stranger] = [waiting("dynamic-provider"), waiting("stranger")];
  const ended = once(plugin, "exit");
  await new IdleDriver([plugin.pid ?? -1, stranger.pid ?? -1]).dispose();
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(stranger.signalCode).toBeNull();
  const strangerEnded = once(stranger, "exit");
  stranger.stdin.end();
  expect(await strangerEnded).toEqual([0, null]);
});
