import { ChildProcess } from "node:child_process";
import { type Readable, Stream } from "node:stream";
import { PowerShell } from "node-powershell";
import { LineStream } from "./lineStream";

/** What one line has made the process write. */
export interface ShellOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** One PowerShell process, as far as a session needs it. */
export interface ShellProcess {
  /** Whether the process is gone: a line given to it then is not sent. */
  readonly isEnded: boolean;
  /** Runs one line and gives back what it wrote; rejects when the process ends over it or could not be started. */
  invoke(line: string): Promise<ShellOutput>;
  /** Lets an idle process end by itself, for so long, and ends it at once then; safe to call twice. */
  end(withinMs: number): Promise<void>;
  /** Ends the process at once; safe to call twice. */
  kill(): Promise<void>;
}

/** The executable could not be started. */
export class ExecutableError extends Error {
  constructor(executable: string, cause: Error) {
    super(`${executable} could not be started: ${cause.message}`, { cause });
    this.name = "ExecutableError";
  }
}

/** `node-powershell` lets its own environment variable win over the executable it is given. */
class ChosenPowerShell extends PowerShell {
  protected override setExecutable({ executable }: { executable?: string }): string {
    return executable ?? "pwsh";
  }
}

/**
 * What the library does right after it has asked for a process. Without free files or processes the system gives one
 * without streams: the library fails on those, and the error that follows has no listener.
 */
const setDebuggers: unknown = Reflect.get(PowerShell.prototype, "setDebuggers");
Reflect.set(ChosenPowerShell.prototype, "setDebuggers", function (this: object, ...given: unknown[]): unknown {
  const child: unknown = Reflect.get(this, "process");
  if (child instanceof ChildProcess) {
    child.on("error", () => undefined);
    if (!hasStreams(child)) throw new Error("the system has no process or no open file left for it");
  }
  if (typeof setDebuggers !== "function")
    throw new Error("this version of node-powershell is not supported: it starts differently");
  const made: unknown = Reflect.apply(setDebuggers, this, given);
  return made;
});

/** The types promise streams that are not there when the process could not be made. */
function hasStreams(child: ChildProcess): boolean {
  return [child.stdin, child.stdout, child.stderr].every((stream) => stream instanceof Stream);
}

/**
 * Starts a PowerShell. It reads its profile and its history from nowhere, never prompts, and writes no terminal codes:
 * with `TERM` unset or set to a terminal they stand around every reply.
 */
export function startShell(executable: string, environment: Readonly<Record<string, string>>): ShellProcess {
  const shell = new ChosenPowerShell({
    executable,
    executableOptions: { "-NoProfile": true, "-NonInteractive": true },
    spawnOptions: { env: { ...environment, TERM: "dumb", NO_COLOR: "1" }, windowsHide: true },
    throwOnInvocationError: false,
  });
  return new NodePowerShellProcess(shell, executable);
}

class NodePowerShellProcess implements ShellProcess {
  readonly #child: ChildProcess;
  #startError: Error | undefined;
  #failure: Error | undefined;

  constructor(
    private readonly shell: PowerShell,
    private readonly executable: string,
  ) {
    this.#child = childOf(shell);
    this.#child.once("error", (error) => {
      this.#startError = error;
    });
    // The process may close its end first: what is lost by that shows as a reply that does not come.
    shell.streams.stdin.on("error", () => undefined);
    shell.streams.stdout = this.#byLine(shell.streams.stdout);
    shell.streams.stderr = this.#byLine(shell.streams.stderr);
    silence(shell);
    listenToEnd(shell);
  }

  get isEnded(): boolean {
    return this.#startError !== undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async invoke(line: string): Promise<ShellOutput> {
    try {
      const { stdout, stderr } = await this.shell.invoke(line);
      if (stdout === undefined) throw new Error(this.isEnded ? this.#how() : "it returned nothing");
      return { stdout: stdout.toString(), stderr: stderr?.toString() ?? "" };
    } catch (error) {
      if (this.#startError !== undefined) throw new ExecutableError(this.executable, this.#startError);
      throw this.isEnded ? new Error(this.#how(), { cause: error }) : error;
    } finally {
      // It keeps the output of every command for ever.
      this.shell.history.length = 0;
    }
  }

  async end(withinMs: number): Promise<void> {
    if (this.isEnded) return;
    const exited = new Promise<void>((resolve) => {
      this.#child.once("exit", () => {
        resolve();
      });
    });
    const late = AbortSignal.timeout(withinMs);
    const killLate = (): void => void this.#child.kill("SIGKILL");
    late.addEventListener("abort", killLate);
    this.shell.streams.stdin.end();
    await exited;
    late.removeEventListener("abort", killLate);
  }

  async kill(): Promise<void> {
    // How it reports its own end does not matter.
    await this.shell.dispose("SIGKILL").catch(() => undefined);
  }

  /** A stream of lines; one that cannot be read any more is the end of the process. */
  #byLine(stream: Readable): Readable {
    const lines = new LineStream();
    lines.on("error", (error) => {
      this.#failure = error;
      void this.kill();
    });
    stream.on("error", (error) => lines.destroy(error));
    // The library has led the errors somewhere already, and would end that without taking it off the stream.
    return stream.unpipe().pipe(lines);
  }

  #how(): string {
    if (this.#failure !== undefined) return this.#failure.message;
    const { exitCode, signalCode } = this.#child;
    return `the PowerShell process ended ${signalCode === null ? `with code ${exitCode ?? "?"}` : `by ${signalCode}`}`;
  }
}

/** The library keeps the process to itself, and says nothing of its end while no command runs. */
function childOf(shell: PowerShell): ChildProcess {
  const child: unknown = Reflect.get(shell, "process");
  if (child instanceof ChildProcess) return child;
  throw new Error("this version of node-powershell is not supported: it keeps its process elsewhere");
}

/** The library keeps a promise of the end, whose rejection has no listener while no command runs. */
function listenToEnd(shell: PowerShell): void {
  const end: unknown = Reflect.get(shell, "exitPromise");
  if (end instanceof Promise) end.catch(() => undefined);
}

/** With `DEBUG=*` in the environment the library prints every command, and so every password. */
function silence(shell: PowerShell): void {
  const debuggers: unknown = Reflect.get(shell, "debuggers");
  for (const one of Object.values(Object(debuggers) as Record<string, unknown>)) {
    if (typeof one === "function") Reflect.set(one, "enabled", false);
  }
}
