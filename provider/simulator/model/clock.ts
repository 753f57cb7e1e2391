/** Where simulated and real time were tied together last. Kept in the state file, so that time continues between runs. */
export interface ClockAnchors {
  /** Milliseconds since 1970, UTC, of the simulated clock. */
  readonly simulatedAtMs: number;
  /** Milliseconds since 1970, UTC, of the real clock at that time. */
  readonly realAtMs: number;
  /** Simulated seconds per real second; 0: time moves only when it is advanced by hand. */
  readonly speed: number;
}

/** The simulated time that belongs to a real one, in whole milliseconds since 1970. */
export function simulatedNow(anchors: ClockAnchors, realNowMs: number): number {
  // A real clock that was set back must not take simulated time with it.
  const passedMs = Math.max(0, realNowMs - anchors.realAtMs);
  return Math.floor(anchors.simulatedAtMs + passedMs * anchors.speed);
}

/** Ties the clock again, now, without a jump: for another speed. */
export function withSpeed(anchors: ClockAnchors, speed: number, realNowMs: number): ClockAnchors {
  return { simulatedAtMs: simulatedNow(anchors, realNowMs), realAtMs: realNowMs, speed };
}

/** The clock, put forward by so many simulated milliseconds. */
export function putForward(anchors: ClockAnchors, byMs: number): ClockAnchors {
  return { ...anchors, simulatedAtMs: anchors.simulatedAtMs + byMs };
}
