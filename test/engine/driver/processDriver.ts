import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EngineDriver, ExportedState, ProjectUnderTest, RunCommand, RunResult, RunSettings } from "./engineDriver";
import { EngineProcess } from "./engineProcess";

/** What every engine that runs as a process per run has in common. */
export abstract class ProcessDriver implements EngineDriver {
  /** Where the stack's state is. */
  readonly folder = mkdtempSync(path.join(tmpdir(), "engine-under-test-"));
  protected readonly project: ProjectUnderTest & { readonly stack: string };
  readonly #runs: EngineProcess[] = [];

  constructor(project: ProjectUnderTest) {
    this.project = { stack: "dev", ...project };
  }

  abstract start(command: RunCommand, settings?: RunSettings): EngineProcess;
  abstract setConfig(key: string, value: string, options?: { readonly secret?: boolean }): Promise<void>;
  abstract cancel(): Promise<RunResult>;
  abstract exportState(options?: { readonly showSecrets?: boolean }): Promise<ExportedState>;
  /** Plugins of all runs so far: one does not notice that its engine was killed. */
  protected abstract pluginPids(): Iterable<number>;

  async up(settings?: RunSettings): Promise<RunResult> {
    return await this.start("up", settings).result;
  }

  async preview(settings?: RunSettings): Promise<RunResult> {
    return await this.start("preview", settings).result;
  }

  async refresh(settings?: RunSettings): Promise<RunResult> {
    return await this.start("refresh", settings).result;
  }

  async destroy(settings?: RunSettings): Promise<RunResult> {
    return await this.start("destroy", settings).result;
  }

  async dispose(): Promise<void> {
    for (const run of this.#runs.filter((candidate) => !candidate.hasEnded)) run.kill();
    await Promise.all(this.#runs.map((run) => run.result.catch(() => undefined)));
    for (const pid of this.pluginPids()) if (signal(pid, 0) && isPlugin(pid)) signal(pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  protected launch(
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    findPlugin: (enginePid: number) => Promise<number | undefined> = () => Promise.resolve(undefined),
  ): EngineProcess {
    const environment = { ...process.env, PULUMI_CONFIG_PASSPHRASE: "", ...this.project.env, ...env };
    const run = new EngineProcess(file, args, { cwd: this.project.directory, env: environment }, findPlugin);
    this.#runs.push(run);
    return run;
  }
}

/** Whether there was a process to send it to. */
function signal(pid: number, name: "SIGKILL" | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    return false;
  }
}

/** A busy computer soon gives the process id of a plugin that has ended to another process. Windows has no `ps`. */
function isPlugin(pid: number): boolean {
  if (process.platform === "win32") return true;
  const { stdout } = spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.includes("dynamic-provider");
}
