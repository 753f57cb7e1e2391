import { humanDuration } from "../text/duration";
import type { Warning } from "../record/warnings";

/** Knows how long nothing has moved. Milliseconds of the wait's clock. */
export class StallWatch {
  #mark: string | undefined;
  #sinceMs = 0;

  /** How long what is seen now has been the same; `isHeld`: the resync is not due yet, so nothing can move. */
  stalledMs(seen: readonly unknown[], nowMs: number, isHeld: boolean): number {
    const mark = JSON.stringify(seen);
    if (this.#mark !== mark || isHeld) {
      this.#mark = mark;
      this.#sinceMs = nowMs;
    }
    return nowMs - this.#sinceMs;
  }
}

/** The warning of a resync in which nothing has moved for so long. */
export function stalledWarning(stalledAfterMs: number): Warning {
  return {
    code: "stalled",
    text: `nothing has moved for ${humanDuration(stalledAfterMs)}: the usual causes are a disk whose size differs between the two sides, a paused resynchronization, or no route to the replica host`,
  };
}
