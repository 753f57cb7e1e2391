import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../provider/core/host/ports";

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Everything waits and nothing sleeps: what is awaited never happens. */
export class Deadlock extends Error {}

/**
 * The only clock of a case. It stands still while anything is being done, and jumps to the time of the next sleeper when
 * everything waits: there are no real pauses, and the same case always runs the same way.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Lets time pass while nothing is in progress; what still sleeps belongs to a process that is gone. */
  pass(delayMs: number): void {
    this.#sleepers = [];
    this.#nowMs += delayMs;
  }

  /** Calls `wake` so many milliseconds from now, if anything is in progress until then. */
  at(delayMs: number, wake: () => void): () => void {
    const sleeper: Sleeper = { atMs: this.#nowMs + Math.max(0, delayMs), wake };
    const behind = this.#sleepers.findIndex(({ atMs }) => atMs > sleeper.atMs);
    this.#sleepers.splice(behind === -1 ? this.#sleepers.length : behind, 0, sleeper);
    return () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
    };
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        forget();
        reject(signal?.reason as Error);
      };
      const forget = this.at(delayMs, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** A signal that is aborted after so many milliseconds of this clock. */
  timeout(delayMs: number): AbortSignal {
    const controller = new AbortController();
    this.at(delayMs, () => {
      controller.abort(new DOMException("the operation timed out", "TimeoutError"));
    });
    return controller.signal;
  }

  /**
   * Lets time pass until `isDone`.
   * @throws Deadlock when nothing is left that could lead to it.
   */
  async drive(isDone: () => boolean): Promise<void> {
    for (;;) {
      await turn();
      if (isDone()) return;
      const next = this.#sleepers.shift();
      if (next === undefined) throw new Deadlock("everything waits, and nothing sleeps");
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
  }
}
