import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../core/host/ports";

/** The runner's own clock, for waits on a real host. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (delayMs, signal) => {
    signal.throwIfAborted();
    try {
      await delay(delayMs, undefined, { signal });
    } catch (error) {
      // Node throws an error of its own and puts the reason into `cause`.
      signal.throwIfAborted();
      throw error;
    }
  },
};
