import type { ShellProcess } from "../../../provider/transports/powershell/shellProcess";
import { PowerShellConsole } from "./console";
import type { ConsoleProcess } from "./consoleProcess";
import { FaultPlan, MemoryHistory } from "./faults";
import { Responder, type Connection, type Handshake, type HostDoor } from "./responder";
import { PasswordKey } from "./sealedPassword";
import { StandInError } from "./standInError";

/** Of all processes: to make one takes as long as many of their lives, and nothing here is secret. */
let sharedKey: PasswordKey | undefined;

/** What a {@link FakeShell} is made of. */
export interface FakeShellOptions {
  readonly host: HostDoor;
  /** What goes wrong; give the same plan to every process of a test, so that it counts over all of them. */
  readonly plan?: FaultPlan;
  readonly handshake?: Handshake;
  /** How `delayMs` of a fault passes. Default: never, so what is late stays away until the process is killed. */
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** Is told of everything that no PowerShell would have done: a mistake of the test or the client, not of a host. */
  readonly onDefect: (error: unknown) => void;
}

/** The process has ended. */
class ShellEnded extends Error {
  constructor(readonly code: number | "SIGKILL") {
    super(`the process ended with ${code}`);
    this.name = "ShellEnded";
  }
}

/**
 * The stand-in without a process, for tests under a clock of their own: the same console, scripts and faults. It keeps
 * what stood between the markers of `node-powershell`, and takes one line at a time as that does.
 */
export class FakeShell implements ShellProcess {
  readonly #console: PowerShellConsole;
  readonly #responder: Responder;
  readonly #stopped = new AbortController();
  readonly #onDefect: (error: unknown) => void;
  #written = { stdout: "", stderr: "" };
  #queue: Promise<unknown>;

  constructor({ host, plan, handshake, sleep, onDefect }: FakeShellOptions) {
    const { signal } = this.#stopped;
    this.#onDefect = onDefect;
    this.#responder = new Responder(host, handshake, () => (sharedKey ??= new PasswordKey()));
    const shell: ConsoleProcess = {
      write: (stream, text) => {
        this.#written[stream] += text;
      },
      die: () => this.#end("SIGKILL"),
      exit: (code) => this.#end(code),
      sleep: async (delayMs) => {
        if (sleep === undefined) return forEver();
        await sleep(delayMs, signal);
        // Whatever the clock does: nothing happens in a process that was killed meanwhile.
        signal.throwIfAborted();
      },
      // There are no signals here: kill() always ends it.
      ignoreSigterm: () => undefined,
    };
    this.#console = new PowerShellConsole({
      process: shell,
      responder: this.#responder,
      plan: plan ?? new FaultPlan([], new MemoryHistory()),
      hasTerminalCodes: false,
      hasColours: false,
      signal,
    });
    this.#queue = this.#console.start().catch((error: unknown) => {
      this.#judge(error);
    });
  }

  /** How it was connected so far. */
  get connections(): readonly Connection[] {
    return this.#responder.connections;
  }

  /** The text of the scripts that were loaded last. */
  get scripts(): string {
    return this.#console.scripts;
  }

  async invoke(line: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const mine = this.#queue.then(async () => this.#run(line));
    this.#queue = mine.catch(() => undefined);
    const ended = Promise.withResolvers<never>();
    const { signal } = this.#stopped;
    const onEnd = (): void => {
      ended.reject(signal.reason as Error);
    };
    if (signal.aborted) onEnd();
    else signal.addEventListener("abort", onEnd, { once: true });
    try {
      return await Promise.race([mine, ended.promise]);
    } finally {
      signal.removeEventListener("abort", onEnd);
    }
  }

  get isEnded(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** The end of stdin ends an idle process at once. */
  async end(): Promise<void> {
    await this.kill();
  }

  async kill(): Promise<void> {
    if (!this.#stopped.signal.aborted) this.#stopped.abort(new ShellEnded("SIGKILL"));
  }

  async #run(line: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
    this.#stopped.signal.throwIfAborted();
    this.#written = { stdout: "", stderr: "" };
    try {
      if (/[\r\n]/.test(line)) throw new StandInError("one line at a time: this one holds a line end");
      await this.#console.run(line);
    } catch (error) {
      this.#judge(error);
      throw error;
    }
    if (this.#console.isStuck) return forEver();
    // A process that was killed meanwhile says nothing more.
    this.#stopped.signal.throwIfAborted();
    return { stdout: this.#written.stdout.trim(), stderr: this.#written.stderr.trim() };
  }

  #end(code: number | "SIGKILL"): never {
    const ended = new ShellEnded(code);
    this.#stopped.abort(ended);
    throw ended;
  }

  /** The end of the process is part of the play, and so is everything that comes of it. */
  #judge(error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    this.#onDefect(error);
    this.#stopped.abort(error);
  }
}

async function forEver(): Promise<never> {
  return new Promise<never>(() => undefined);
}
