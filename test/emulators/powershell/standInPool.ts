import { type ShellOutput, type ShellProcess, startShell } from "../../../provider/transports/powershell/shellProcess";
import { resetLine } from "./reset";

/**
 * Stand-ins that go from test to test, for tests of what goes through a process and not of the process itself. One that
 * is ended by its client comes back and begins again for the next; one that is killed, or dies, is gone.
 */
export class StandInPool {
  readonly #idle: ShellProcess[] = [];

  /** Takes the place of the function that starts a process, for the client of one control file. */
  startFor(controlPath: string): typeof startShell {
    return (executable, environment) => {
      const idle = this.#idle.pop();
      const shell = idle ?? startShell(executable, environment);
      const ready = idle?.invoke(resetLine(controlPath)) ?? Promise.resolve();
      return new LentProcess(shell, ready, () => this.#idle.push(shell));
    };
  }

  /** Ends all that are idle: for `afterAll`, when every client has ended its own. */
  async dispose(): Promise<void> {
    for (const shell of this.#idle.splice(0)) await shell.kill();
  }
}

class LentProcess implements ShellProcess {
  #isGivenBack = false;
  #last: Promise<unknown>;

  constructor(
    private readonly shell: ShellProcess,
    ready: Promise<unknown>,
    private readonly giveBack: () => void,
  ) {
    this.#last = ready;
    ready.catch(() => undefined);
  }

  get isEnded(): boolean {
    return this.#isGivenBack || this.shell.isEnded;
  }

  async invoke(line: string): Promise<ShellOutput> {
    if (this.#isGivenBack) throw new Error("the process has ended");
    const output = this.#last.then(async () => this.shell.invoke(line));
    this.#last = output;
    return output;
  }

  async end(withinMs: number): Promise<void> {
    if (this.isEnded) return;
    this.#isGivenBack = true;
    // Idle, as a client ends it: what it has been asked last is answered.
    const isIdle = await this.#last.then(
      () => true,
      () => false,
    );
    if (isIdle && !this.shell.isEnded) this.giveBack();
    else await this.shell.end(withinMs);
  }

  async kill(): Promise<void> {
    // One that was given back may belong to another client by now.
    if (!this.#isGivenBack) await this.shell.kill();
  }
}
