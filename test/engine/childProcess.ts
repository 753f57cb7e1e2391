import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

/** How long a process may take to end by itself after SIGINT. The CLI gives a plugin one second as well. */
const graceMs = 1_000;

/** A Node process that belongs to a run: the program or a plugin. */
export class NodeProcess {
  /** Resolves when the process is gone, to its exit code, or -1 when a signal ended it. */
  readonly exited: Promise<number>;
  readonly #child: ChildProcess;

  /**
   * Starts a script of the SDK as the program finds it. Process groups of their own keep a Ctrl-C in the terminal from
   * program and plugin: they hear of it from the engine only.
   */
  constructor(
    script: string,
    args: readonly string[],
    options: {
      readonly directory: string;
      readonly env: NodeJS.ProcessEnv;
      readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
    },
  ) {
    const resolve = createRequire(path.join(options.directory, "package.json")).resolve;
    this.#child = spawn("node", [resolve(script), ...args], {
      cwd: options.directory,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      windowsHide: true,
    });
    for (const stream of ["stdout", "stderr"] as const) {
      const input = this.#child[stream];
      if (input !== null)
        createInterface({ input }).on("line", (line) => {
          options.onLine(line, stream);
        });
    }
    this.exited = new Promise((resolveExit, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code) => {
        resolveExit(code ?? -1);
      });
    });
    this.exited.catch(() => undefined); // The caller that waits for it hears of it.
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends the process: asks first, with SIGINT, and then does not ask. On Windows there is only the latter. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.#child.kill("SIGINT");
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), graceMs);
    await this.exited.catch(() => undefined);
    clearTimeout(kill);
  }
}
