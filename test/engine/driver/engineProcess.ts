import { spawn, type ChildProcess } from "node:child_process";
import type { EngineRun, RunResult } from "./engineDriver";

/** Tells what comes from what never does: on a busy computer three Node processes take long to start. */
const defaultTimeoutMs = 240_000;

/** An engine's process, followed line by line. */
export class EngineProcess implements EngineRun {
  readonly result: Promise<RunResult>;
  readonly pluginPid: () => Promise<number>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #output = "";
  #hasEnded = false;

  /** @param findPlugin - looks for the plugin's process id once; nothing when there is no plugin yet. */
  constructor(
    file: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
    findPlugin: (enginePid: number) => Promise<number | undefined>,
  ) {
    const startedAt = performance.now();
    // In the tests' own process group: a Ctrl-C that ends them lets the engine end in good order, too.
    this.#child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
        for (const watcher of this.#watchers) watcher();
      });
    }
    this.result = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      // Not "close": a plugin that outlives a killed engine holds no pipe of the engine's, but one of the CLI's may.
      this.#child.once("exit", (code) => {
        setImmediate(() => {
          this.#hasEnded = true;
          for (const watcher of this.#watchers) watcher();
          const seconds = (performance.now() - startedAt) / 1_000;
          resolve({ exitCode: code ?? -1, output: this.#output, seconds });
        });
      });
    });
    this.pluginPid = () => this.#poll("the plugin's process", () => findPlugin(this.#child.pid ?? -1));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async waitForLine(pattern: RegExp, timeoutMs = defaultTimeoutMs): Promise<string> {
    return await new Promise((resolve, reject) => {
      const look = (): void => {
        const line = this.#output.split("\n").find((candidate) => pattern.test(candidate));
        if (line !== undefined)
          settle(() => {
            resolve(line);
          });
        else if (this.#hasEnded)
          settle(() => {
            reject(new Error(`no line ${pattern} until the end of:\n${this.#output}`));
          });
      };
      const timer = setTimeout(() => {
        settle(() => {
          reject(new Error(`no line ${pattern} within ${timeoutMs} ms in:\n${this.#output}`));
        });
      }, timeoutMs);
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        then();
      };
      this.#watchers.add(look);
      look();
    });
  }

  interrupt(): void {
    this.#signal("SIGINT");
  }

  terminate(): void {
    this.#signal("SIGTERM");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #signal(signal: "SIGINT" | "SIGTERM"): void {
    if (process.platform === "win32") throw new Error(`${signal} cannot be sent to one process on Windows`);
    this.#child.kill(signal);
  }

  async #poll<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const until = performance.now() + defaultTimeoutMs;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (this.#hasEnded || performance.now() > until)
        throw new Error(`${what} was not found; output:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
