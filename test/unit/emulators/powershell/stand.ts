import { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PowerShell } from "node-powershell";
import { SimulatorAdministration } from "../../../../provider/simulator";
import { controlVariable, failuresFile, type ControlInput } from "../../../emulators/powershell/controlFile";
import { connectLine, loadLine, requestLine } from "./lines";

/** The executable. */
export const executable = join(__dirname, "..", "..", "..", "emulators", "powershell", "pwsh");
/** The machine of every {@link Stand}. */
export const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
/** The line that starts its resync. */
export const startLine = requestLine("Start-HvReplicaResync", { vmId });

/** A simulated host with its control file, and the processes that were started for it. */
export class Stand {
  readonly #folder = mkdtempSync(join(tmpdir(), "stand-in-"));
  readonly #scenario = join(this.#folder, "lab.json");
  readonly controlPath = join(this.#folder, "control.json");
  readonly recordPath = join(this.#folder, "record.txt");
  readonly #shells: PowerShell[] = [];

  constructor(control: Omit<ControlInput, "scenario" | "record"> = {}, machineName = "web01") {
    const machines = [{ name: machineName, id: vmId, state: "resynchronizationRequired" }];
    writeFileSync(this.#scenario, JSON.stringify({ name: "HV01", clock: { speed: 0 }, machines }));
    writeFileSync(this.controlPath, JSON.stringify({ scenario: this.#scenario, record: this.recordPath, ...control }));
  }

  /** Starts a process as the transport does; `env` takes the place of what keeps terminal codes away. */
  start(env: Readonly<Record<string, string | undefined>> = { TERM: "dumb", NO_COLOR: "1" }): PowerShell {
    const shell = new PowerShell({
      executable,
      executableOptions: { "-NoProfile": true, "-NonInteractive": true },
      throwOnInvocationError: false,
      spawnOptions: { env: { ...this.environment(), ...env } },
    });
    hear(shell);
    this.#shells.push(shell);
    return shell;
  }

  /** Starts one, loads the scripts and connects. */
  async connect(...given: Parameters<Stand["start"]>): Promise<PowerShell> {
    const shell = this.start(...given);
    await shell.invoke(loadLine());
    await shell.invoke(connectLine);
    return shell;
  }

  /** The environment of a process, without what a terminal needs. */
  environment(): NodeJS.ProcessEnv {
    const { TERM: _, NO_COLOR: __, NODE_POWERSHELL: ___, ...rest } = process.env;
    return { ...rest, [controlVariable]: this.controlPath };
  }

  /** How many calls of `Resynchronize` reached the host. */
  async starts(): Promise<number> {
    const journal = await SimulatorAdministration.open(this.#scenario).readJournal();
    return journal.filter(({ operation }) => operation === "Resynchronize").length;
  }

  /** Every line that any of its processes wrote down. */
  record(): readonly string[] {
    return existsSync(this.recordPath) ? readFileSync(this.recordPath, "utf8").trimEnd().split("\n") : [];
  }

  /** What its processes did not know. */
  failures(): string {
    const path = failuresFile(this.controlPath);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }

  /** Ends every process that is still there. */
  async dispose(): Promise<void> {
    for (const shell of this.#shells) await shell.dispose("SIGKILL").catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The library keeps the promise of the end to itself: it rejects unheard when a process dies while nobody waits. */
function hear(shell: PowerShell): void {
  const end: unknown = Reflect.get(shell, "exitPromise");
  if (end instanceof Promise) end.catch(() => undefined);
}

/** The process behind a shell, which the library keeps to itself as well. */
export function processOf(shell: PowerShell): ChildProcess {
  const child: unknown = Reflect.get(shell, "process");
  if (child instanceof ChildProcess) return child;
  throw new Error("node-powershell keeps its process somewhere else");
}

/** Waits until something holds, as long as the test may take. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(10);
}

/** Whether there is a process with this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
