import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { SimulatorAdministration } from "pulumi-hyperv-replica/simulator";
import { findCli } from "../test/engine/driver/cliDriver";
import { bundlePrograms } from "../test/support/programs/bundlePrograms";
import { programFile } from "../test/support/programs/programs";
import { openSimulatedServer } from "./simulatedServer";

/** What `npm start` can be asked for. */
const commands = ["up", "preview", "refresh", "destroy"] as const;
type Command = (typeof commands)[number];

const usage = `npm start [-- <command>] [--break <vm>] [--reset]

  up (default)        up --refresh of examples/quickstart against a simulated Hyper-V host
  preview | refresh | destroy
  --break <vm>        the replica of the simulated VM gets out of sync first
  --reset             forget the simulated host and the stack first`;

const root = path.join(__dirname, "..");
/** The host and the stack, out of version control. The tests have a place of their own. */
const folder = process.env.QUICKSTART_FOLDER ?? path.join(root, ".simulated-host");
const scenario = path.join(folder, "quickstart.json");
const files = {
  scenario,
  state: path.join(folder, "quickstart.state.json"),
  journal: path.join(folder, "quickstart.journal.jsonl"),
  stack: path.join(folder, "stack"),
};
const stack = "dev";

type Environment = Readonly<Record<string, string>>;

/** An engine that can be started as a process. */
interface Engine {
  /** One line for people. */
  readonly description: string;
  readonly run: (command: Command, connection: Environment) => Promise<number>;
}

// A reader that has seen enough, such as `head`, closes the pipe: that is not a failure.
process.stdout.on("error", () => undefined);
main().catch((error: unknown) => {
  say(`${error instanceof Error ? error.message : String(error)}\nnpm start -- --reset starts from the beginning.`);
  process.exitCode = 2;
});

async function main(): Promise<void> {
  const request = readArguments();
  if (request === undefined) {
    process.exitCode = 2;
    return;
  }
  if (request.reset) rmSync(folder, { recursive: true, force: true });
  mkdirSync(files.stack, { recursive: true });
  if (!existsSync(scenario)) copyFileSync(path.join(root, "examples", "quickstart", "scenario.json"), scenario);

  const host = SimulatorAdministration.open(scenario);
  if (request.vm !== undefined) {
    try {
      await host.breakMachine(request.vm);
      say(`The replica of ${request.vm} is out of sync.`);
    } catch (error) {
      say(`Cannot break ${request.vm}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 2;
      return;
    }
  }
  refuseConfiguredConnection();
  const before = await countCalls(host);
  const engine = findEngine();
  const server = await openSimulatedServer(path.join(root, "dist", "cli", "main.js"), scenario);
  try {
    say(`Engine: ${engine.description}`);
    say(`Simulated host: ${server.url} (WS-Management, as WinRM offers it; process ${server.pid})\n`);
    // Ctrl-C is for the engine, which gets it from the terminal as well: it stops in good order, and then this process does.
    process.on("SIGINT", () => undefined);
    process.exitCode = await engine.run(request.command, server.connection);
  } finally {
    await server.close();
  }
  if (process.exitCode !== 0)
    say("\nThis did not succeed. npm start continues from here; npm start -- --reset starts from the beginning.");
  say(`\n${summary(before, await countCalls(host))}`);
  for (const [name, file] of Object.entries(files)) say(`  ${name.padEnd(9)}${path.relative(process.cwd(), file)}`);
}

/** The stack's configuration comes before the environment: a host in it may be a real one. */
function refuseConfiguredConnection(): void {
  const name = `Pulumi.${stack}.yaml`;
  const file = path.join(root, name);
  if (existsSync(file) && readFileSync(file, "utf8").includes("hyperv-replica:"))
    throw new Error(`${name} names a connection, and this runs against a simulated host only. Move the file away.`);
}

function readArguments(): { command: Command; vm: string | undefined; reset: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { break: { type: "string" }, reset: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    const command = commands.find((known) => known === (positionals[0] ?? "up"));
    if (values.help === true || command === undefined || positionals.length > 1) {
      say(usage);
      return undefined;
    }
    return { command, vm: values.break, reset: values.reset === true };
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return undefined;
  }
}

/** Calls of `Resynchronize` in the journal, by VM. */
async function countCalls(host: SimulatorAdministration): Promise<ReadonlyMap<string, number>> {
  const calls = new Map<string, number>();
  for (const { operation, machine: vm } of await host.readJournal()) {
    if (operation === "Resynchronize") calls.set(vm ?? "?", (calls.get(vm ?? "?") ?? 0) + 1);
  }
  return calls;
}

function summary(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string {
  const made = [...after].flatMap(([vm, count]) => {
    const added = count - (before.get(vm) ?? 0);
    return added === 0 ? [] : `${vm}: ${added}`;
  });
  const total = [...after].map(([vm, count]) => `${vm}: ${count}`).join(", ");
  const now = made.length === 0 ? "none in this run" : `${made.join(", ")} in this run`;
  return `Calls of Resynchronize that the host has seen: ${now}${total === "" ? "" : ` (ever: ${total})`}. Where to look:`;
}

/** The CLI where there is one or one can be downloaded, else the built-in engine. */
function findEngine(): Engine {
  const found = findCli() ?? downloadCli();
  if (found !== undefined) {
    const version = spawnSync(found, ["version"], { encoding: "utf8" }).stdout.trim();
    return {
      description: `pulumi CLI ${version} (${found})`,
      run: (command, connection) => runCli(found, command, connection),
    };
  }
  return {
    description: "built-in (no pulumi CLI on PATH or under PULUMI_HOME, and none could be downloaded)",
    run: runBuiltIn,
  };
}

/** Longest time for the download of the CLI: it is some 100 MB. */
const downloadWithinMs = 120_000;

/** Lets the npm package `pulumi` download the CLI, where it can. */
function downloadCli(): string | undefined {
  const launcher = createRequire(__filename).resolve("pulumi/run.js");
  const { status } = spawnSync(process.execPath, [launcher, "version"], { timeout: downloadWithinMs, stdio: "ignore" });
  return status === 0 ? findCli() : undefined;
}

async function runCli(cli: string, command: Command, connection: Environment): Promise<number> {
  const env = {
    ...connection,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_BACKEND_URL: pathToFileURL(files.stack).href,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const selected = await runProcess(cli, ["stack", "select", "--create", stack], env);
  if (selected !== 0) return selected;
  const yes = command === "preview" ? [] : ["--yes", "--skip-preview"];
  return runProcess(cli, [command, "--stack", stack, ...yes, ...(command === "up" ? ["--refresh"] : [])], env);
}

async function runBuiltIn(command: Command, connection: Environment): Promise<number> {
  await bundlePrograms(["engine"]);
  const state = path.join(files.stack, `${stack}.json`);
  const refresh = command === "up" ? ["--refresh"] : [];
  const args = [programFile("engine"), command, ...refresh, "--cwd", root, "--stack", stack, "--state", state];
  return runProcess(process.execPath, args, connection);
}

function runProcess(file: string, args: readonly string[], env: Environment): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, env: { ...ownEnvironment(), ...env }, stdio: "inherit" });
    // Asked to end: the engine ends in good order, and this process after it.
    const end = (): boolean => child.kill();
    process.on("SIGTERM", end);
    child.once("error", reject);
    child.once("exit", (code) => {
      process.off("SIGTERM", end);
      resolve(code ?? 1);
    });
  });
}

/** The environment without a connection that is set in it. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^HYPERV_REPLICA_/i.test(name)));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
