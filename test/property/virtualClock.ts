import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../provider/core/host/ports";

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Everybody waits and nobody sleeps: what is awaited never comes. */
export class Deadlock extends Error {}

/**
 * The one time of a case. It stands still while anything is being done, and jumps to the next sleeper's moment when
 * everybody waits: nobody sleeps for real, and the same case always goes the same way.
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

  /** Lets time pass while nobody is under way; who still sleeps belongs to a process that is gone. */
  pass(delayMs: number): void {
    this.#sleepers = [];
    this.#nowMs += delayMs;
  }

  /** Calls `wake` so many milliseconds from now, if anybody is under way until then. */
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
   * Lets time go on until `isDone`.
   * @throws Deadlock when nothing is left that could bring it about.
   */
  async drive(isDone: () => boolean): Promise<void> {
    for (;;) {
      await turn();
      if (isDone()) return;
      const next = this.#sleepers.shift();
      if (next === undefined) throw new Deadlock("everybody waits, and nobody sleeps");
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
  }
}
