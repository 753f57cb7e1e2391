import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { programFile, quickStart } from "../../support/programs/programs";
import type { ExportedState, RunCommand, RunResult, RunSettings } from "./engineDriver";
import type { EngineEvent } from "../events";
import type { EngineProcess } from "./engineProcess";
import { ProcessDriver } from "./processDriver";
import { StateFile } from "../stateFile";

/** How often the events file is looked at while a test waits for a line in it. */
const pollMs = 20;

/** One line of the events file. */
export type TimedEvent = EngineEvent & { readonly at: string };

/** Drives the built-in engine. */
export class BuiltInDriver extends ProcessDriver {
  readonly #config: string[] = [];

  get stateFile(): string {
    return path.join(this.folder, "state.json");
  }

  /** Everything that happened in all runs so far. */
  events(): readonly TimedEvent[] {
    if (!existsSync(this.#eventsFile)) return [];
    // What follows the last line break is still being written.
    const lines = readFileSync(this.#eventsFile, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as TimedEvent);
  }

  /** Resolves to the first event, of whatever run, that matches. @throws Error when it takes too long. */
  async waitForEvent(matches: (event: TimedEvent) => boolean, timeoutMs = 240_000): Promise<TimedEvent> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const found = this.events().find(matches);
      if (found !== undefined) return found;
      if (performance.now() > until) throw new Error(`no such event within ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  override start(command: RunCommand, settings: RunSettings = {}): EngineProcess {
    const { refresh, runProgram, parallel, env, extraArguments = [] } = settings;
    const args = [
      ...["--cwd", this.project.directory, "--events", this.#eventsFile, ...this.#config],
      ...(refresh === true ? ["--refresh"] : []),
      ...(runProgram === true ? ["--run-program"] : []),
      ...(parallel === undefined ? [] : ["--parallel", String(parallel)]),
      ...extraArguments,
    ];
    const known = this.pluginPids().length;
    return this.#launch([command, ...args], env, () => Promise.resolve(this.pluginPids()[known]));
  }

  override setConfig(key: string, value: string, options: { readonly secret?: boolean } = {}): Promise<void> {
    this.#config.push(options.secret === true ? "--secret" : "--config", `${key}=${value}`);
    return Promise.resolve();
  }

  override async cancel(): Promise<RunResult> {
    return await this.#launch(["cancel"]).result;
  }

  /** Without a process: the file has the shape of `pulumi stack export` already. */
  override exportState(options: { readonly showSecrets?: boolean } = {}): Promise<ExportedState> {
    const file = new StateFile(this.stateFile, this.project.env?.["PULUMI_CONFIG_PASSPHRASE"] ?? "");
    return Promise.resolve((options.showSecrets === true ? file.exportInClear() : file.export()) as ExportedState);
  }

  protected override pluginPids(): number[] {
    return this.events().flatMap((event) => (event.type === "plugin" ? event.pid : []));
  }

  get #eventsFile(): string {
    return path.join(this.folder, "events.jsonl");
  }

  #launch(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    findPlugin?: () => Promise<number | undefined>,
  ): EngineProcess {
    const all = [programFile("engine"), ...args, "--stack", this.project.stack, "--state", this.stateFile];
    return this.launch(process.execPath, all, { ...quickStart(process.env), ...env }, findPlugin);
  }
}
