/** The pause after a first failure; every further one in a row doubles it. Five minutes: as long as a host keeps ended jobs. */
const firstPauseMs = 5 * 60_000;
/** A day: a VM that fails every night is tried once a night. */
export const longestPauseMs = 24 * 60 * 60_000;

/** Requests that failed one after the other; all times ISO 8601 UTC. */
export interface FailureCount {
  readonly failuresInRow: number;
  readonly failingSince?: string;
  /** Before this time no new call is made. */
  readonly nextAttemptAt?: string;
}

/** Counts one more failed request, so that a pipeline does not hammer a host where every resync fails. */
export function countFailure(previous: FailureCount | undefined, nowMs: number): FailureCount {
  const failuresInRow = (previous?.failuresInRow ?? 0) + 1;
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failuresInRow - 1, 20));
  return {
    failuresInRow,
    failingSince: previous?.failingSince ?? new Date(nowMs).toISOString(),
    nextAttemptAt: new Date(nowMs + pauseMs).toISOString(),
  };
}
