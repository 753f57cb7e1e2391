import type { HostSession } from "./hostSession";
import type { ProgressSink } from "./ports";

/** What one resource's work on a host is done with. */
export interface RunContext {
  readonly session: HostSession;
  readonly progress: ProgressSink;
  /** Aborted when the run is stopped; nothing is started after it. */
  readonly signal: AbortSignal;
}

/** Read again at every use: a stop can come at any `await`. */
export function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
