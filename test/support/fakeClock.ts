import type { Clock } from "../../provider/core/host/ports";

/** What every fake clock shows at first. */
export const startMs = Date.UTC(2030, 0, 7, 12);

/** The time that many seconds after {@link startMs}, ISO 8601 UTC. */
export function atSecond(seconds: number): string {
  return new Date(startMs + seconds * 1_000).toISOString();
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still while anything is being done, and jumps to the time of the next sleeper when all wait. There
 * are no real pauses.
 */
export class FakeClock implements Clock {
  /** Every pause that was asked for, in milliseconds, in order. */
  readonly slept: number[] = [];
  #nowMs = startMs;
  #sleepers: Sleeper[] = [];
  #isJumping = false;

  now(): number {
    return this.#nowMs;
  }

  /** Lets time pass while no caller sleeps. */
  pass(seconds: number): void {
    this.#nowMs += seconds * 1_000;
  }

  async sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.slept.push(delayMs);
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      };
      const sleeper: Sleeper = {
        atMs: this.#nowMs + delayMs,
        wake: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.push(sleeper);
      this.#jumpWhenIdle();
    });
  }

  #jumpWhenIdle(): void {
    if (this.#isJumping) return;
    this.#isJumping = true;
    setImmediate(() => {
      this.#isJumping = false;
      const next = this.#sleepers.toSorted((one, other) => one.atMs - other.atMs)[0];
      if (next === undefined) return;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
      if (this.#sleepers.length > 0) this.#jumpWhenIdle();
    });
  }
}
