/** First pause of a wait. */
export const firstDelayMs = 1_000;
/** Longest pause: far below the 300 s after which a host forgets an ended job. */
export const longestDelayMs = 15_000;

/** The pause that follows one of `previousMs`: half as long again, up to the cap. */
export function nextDelay(previousMs: number): number {
  return Math.min(longestDelayMs, previousMs * 1.5);
}

/** Up to a tenth more or less, so that many runs against one host do not ask in step. `random` is from 0 to 1. */
export function withJitter(delayMs: number, random: number): number {
  return delayMs * (0.9 + 0.2 * random);
}
