import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { ExportedState, ProjectUnderTest, RunCommand, RunResult, RunSettings } from "./engineDriver";
import type { EngineProcess } from "./engineProcess";
import { ProcessDriver } from "./processDriver";

const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/** The `pulumi` executable: on `PATH`, or where its installer and its npm package put it. */
export function findCli(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const home = env["PULUMI_HOME"] ?? path.join(homedir(), ".pulumi");
  const versions = path.join(home, "versions");
  const installed = existsSync(versions) ? readdirSync(versions).map((name) => path.join(versions, name, "bin")) : [];
  const onPath = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  // An npm script's PATH starts with the packages' commands, where `pulumi` is the downloader, not the CLI.
  const folders = [
    ...onPath.filter((folder) => !folder.includes("node_modules")),
    path.join(home, "bin"),
    ...installed,
  ];
  return folders.map((folder) => path.join(folder, executable)).find((file) => existsSync(file));
}

/** Drives the `pulumi` CLI with its state in a temporary folder: no account, no network. */
export class CliDriver extends ProcessDriver {
  readonly #cli: string;
  readonly #hadSettings: boolean;
  readonly #plugins = new Set<number>();

  private constructor(cli: string, project: ProjectUnderTest) {
    super(project);
    this.#cli = cli;
    this.#hadSettings = existsSync(this.#settingsFile);
  }

  /** Creates the stack. */
  static async open(cli: string, project: ProjectUnderTest): Promise<CliDriver> {
    const driver = new CliDriver(cli, project);
    await driver.#succeed(["stack", "init", driver.project.stack]);
    return driver;
  }

  override start(command: RunCommand, settings: RunSettings = {}): EngineProcess {
    const { refresh, runProgram, parallel, env, extraArguments = [] } = settings;
    const args = [
      ...[command, "--stack", this.project.stack, ...(command === "preview" ? [] : ["--yes", "--skip-preview"])],
      ...(refresh === true ? ["--refresh"] : []),
      ...(runProgram === true ? ["--run-program"] : []),
      ...(parallel === undefined ? [] : ["--parallel", String(parallel)]),
      ...extraArguments,
    ];
    return this.#launch(args, env, async (enginePid) => {
      const pid = await findPluginUnder(enginePid);
      if (pid !== undefined) this.#plugins.add(pid);
      return pid;
    });
  }

  override async setConfig(key: string, value: string, options: { readonly secret?: boolean } = {}): Promise<void> {
    const kind = options.secret === true ? "--secret" : "--plaintext";
    await this.#succeed(["config", "set", kind, "--stack", this.project.stack, key, "--", value]);
  }

  override async cancel(): Promise<RunResult> {
    return await this.#launch(["cancel", this.project.stack, "--yes"]).result;
  }

  override async exportState(options: { readonly showSecrets?: boolean } = {}): Promise<ExportedState> {
    const file = path.join(this.folder, "export.json");
    const flags = options.showSecrets === true ? ["--show-secrets"] : [];
    await this.#succeed(["stack", "export", "--stack", this.project.stack, "--file", file, ...flags]);
    return JSON.parse(readFileSync(file, "utf8")) as ExportedState;
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    if (!this.#hadSettings) rmSync(this.#settingsFile, { force: true });
  }

  protected override pluginPids(): Iterable<number> {
    return this.#plugins;
  }

  get #settingsFile(): string {
    return path.join(this.project.directory, `Pulumi.${this.project.stack}.yaml`);
  }

  async #succeed(args: readonly string[]): Promise<void> {
    const { exitCode, output } = await this.#launch(args).result;
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
  }

  #launch(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    findPlugin?: (enginePid: number) => Promise<number | undefined>,
  ): EngineProcess {
    const settings = { PULUMI_BACKEND_URL: pathToFileURL(this.folder).href, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const flags = ["--non-interactive", "--color", "never"];
    return this.launch(this.#cli, [...flags, ...args], { ...settings, ...env }, findPlugin);
  }
}

/** The SDK's plugin among the descendants of a process; nothing on Windows, which has no `ps`. */
async function findPluginUnder(enginePid: number): Promise<number | undefined> {
  if (process.platform === "win32") return undefined;
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="]);
  const processes = stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const family = new Set([enginePid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  const isPlugin = /^\S*node\S* .*dynamic-provider/;
  return processes.find(({ pid, command }) => family.has(pid) && isPlugin.test(command))?.pid;
}
