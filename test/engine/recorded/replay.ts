import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { BuiltInDriver } from "../driver/builtInDriver";
import type { EngineProcess } from "../driver/engineProcess";
import { normaliseState, normaliseWire, resourceCounts } from "./normalise";
import { parseWire, readRecording, recordedRuns, type RecordedRun, type RunNumber } from "./recordedRuns";
import { openSampleProject } from "../driver/sampleProject";

/** A second keypress of a person; sooner, the engine takes it for the first one arriving twice. */
const secondSignalMs = 500;

/** What a run of the built-in engine and the recording of the same run say, ready to be compared. */
export interface Comparison {
  readonly wire: { readonly actual: unknown[]; readonly recorded: unknown[] };
  readonly state: { readonly actual: unknown; readonly recorded: unknown };
  readonly counts: { readonly actual: string[]; readonly recorded: string[] };
}

/** One stack, on which recorded runs are made again, one after another. */
export class Replay {
  readonly #project = openSampleProject();
  readonly #driver = new BuiltInDriver({ directory: this.#project.directory });

  /** Makes a recorded run on the built-in engine. */
  async run(number: RunNumber): Promise<Comparison> {
    const run: RecordedRun = recordedRuns[number];
    const record = path.join(this.#driver.folder, `${number}.jsonl`);
    if (run.afterCancel === true) await this.#driver.cancel();
    const process = this.#start(run, record);
    await during(process, run.during);
    const { output } = await process.result;
    const recording = readRecording(number);
    const state = existsSync(this.#driver.stateFile)
      ? (JSON.parse(readFileSync(this.#driver.stateFile, "utf8")) as unknown)
      : { version: 3, deployment: {} };
    return {
      wire: { actual: normaliseWire(parseWire(readFileSync(record, "utf8"))), recorded: normaliseWire(recording.wire) },
      state: { actual: normaliseState(state, ""), recorded: normaliseState(recording.state, "") },
      counts: { actual: resourceCounts(output), recorded: resourceCounts(recording.text) },
    };
  }

  async close(): Promise<void> {
    await this.#driver.dispose();
    this.#project.remove();
  }

  #start(
    { command, refresh = false, runProgram = false, things, revision, token }: RecordedRun,
    record: string,
  ): EngineProcess {
    const config = ["--config", "colour=blue", "--secret", `token=${token ?? ""}`];
    return this.#driver.start(command, {
      refresh,
      runProgram,
      parallel: 8, // As on the computer of the recordings.
      env: { THINGS: JSON.stringify(things ?? []), REVISION: revision ?? "1" },
      extraArguments: ["--record", record, ...(token === undefined ? [] : config)],
    });
  }
}

async function during(process: EngineProcess, what: RecordedRun["during"]): Promise<void> {
  if (what === undefined) return;
  await process.waitForLine(/Thing a creating/);
  switch (what) {
    case "interrupt": {
      process.interrupt();
      return;
    }
    case "terminate": {
      process.terminate();
      return;
    }
    case "interruptTwice":
      process.interrupt();
      await new Promise((resolve) => setTimeout(resolve, secondSignalMs));
      {
        process.interrupt();
        return;
      }
    case "killPlugin":
      return void globalThis.process.kill(await process.pluginPid(), "SIGKILL");
  }
}
