import { setTimeout as delay } from "node:timers/promises";

/** Real time, as the simulator needs it; tests bring their own. */
export interface RealClock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `delayMs` real milliseconds; rejects with the signal's reason as soon as it is aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The computer's own clock. */
export const systemClock: RealClock = {
  now: () => Date.now(),
  sleep: async (delayMs, signal) => {
    signal?.throwIfAborted();
    try {
      await delay(delayMs, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node throws an error of its own and puts the reason into `cause`.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
