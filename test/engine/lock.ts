import { readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import path from "node:path";

/**
 * Only one run may change a stack. A run that is killed leaves its lock behind, as with the CLI's file backend: its
 * plugin may still be at work, so a person has to decide.
 */
export class Lock {
  readonly #file: string;

  constructor(stateFile: string) {
    this.#file = `${path.resolve(stateFile)}.lock`;
  }

  /** @throws Error that names the holder and the way out when the stack is locked. */
  acquire(): void {
    mkdirSync(path.dirname(this.#file), { recursive: true });
    try {
      writeFileSync(this.#file, `pid ${process.pid} since ${new Date().toISOString()}\n`, { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new Error(
        "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock " +
          `file with \`cancel\`.\n  ${this.#file}: ${readFileSync(this.#file, "utf8").trim()}`,
        { cause: error },
      );
    }
  }

  /** Ends the lock, whichever process holds it. */
  release(): void {
    rmSync(this.#file, { force: true });
  }
}
