/** What an operator should know, and what later readings and runs recognise it by. */
export interface Warning {
  readonly code: WarningCode;
  /** One sentence for people. Nothing is decided by it. */
  readonly text: string;
}

export const warningCodes = [
  /** The clocks of host and runner are out of step. */
  "clockSkew",
  /** The job ended with warnings (32768). */
  "completedWithWarnings",
  /** Somebody paused the resync. */
  "paused",
  /** Nothing has moved for a long time. */
  "stalled",
  /** Replication is suspended and was left so. */
  "suspended",
  /** The host's own automatic resync may begin before `startTime`. */
  "ownWindow",
  /** The host has a resync of its own scheduled. */
  "scheduledByHost",
  /** `startTime` had passed when the call was made. */
  "startTimePassed",
  /** `startTime` was changed after the host had accepted the request. */
  "startTimeKept",
  /** Replication was suspended for a resync that somebody else began first. */
  "overtaken",
  /** The answer to the call said nothing, and a resync was found. */
  "foundRunning",
  /** An earlier attempt of the same run failed. */
  "earlierAttempt",
  /** The last refresh could not read the host, or could not make anything of what it read. */
  "refresh",
] as const;
export type WarningCode = (typeof warningCodes)[number];

/** A list with more warnings: one of a code that is there already takes its place. */
export function addWarnings(warnings: readonly Warning[], ...more: readonly Warning[]): readonly Warning[] {
  const byCode = new Map([...warnings, ...more].map((warning) => [warning.code, warning]));
  return [...byCode.values()];
}

/** A list without the warnings of one code. */
export function withoutWarning(warnings: readonly Warning[], code: WarningCode): readonly Warning[] {
  return warnings.filter((warning) => warning.code !== code);
}
