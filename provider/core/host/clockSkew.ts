import type { Warning } from "../record/warnings";
import { humanDuration } from "../text/duration";
import type { ServiceReading } from "./ports";

/**
 * Clocks that differ by more are out of order: Kerberos refuses beyond it. Source: "Maximum tolerance for computer clock
 * synchronization", learn.microsoft.com: 5 minutes.
 */
const toleratedSkewMs = 5 * 60_000;

/** By how much the host's clock is ahead of the runner's, which shows `nowMs` at the time of the reading. */
export function clockSkewMs({ hostTime }: ServiceReading, nowMs: number): number {
  return Date.parse(hostTime) - nowMs;
}

/** The warning of two clocks that are out of step; nothing while they are not. */
export function describeClockSkew(service: ServiceReading, nowMs: number): Warning | undefined {
  const skewMs = clockSkewMs(service, nowMs);
  if (Math.abs(skewMs) <= toleratedSkewMs) return undefined;
  const byMinutes = humanDuration(Math.round(Math.abs(skewMs) / 60_000) * 60_000);
  const where = skewMs > 0 ? "ahead of" : "behind";
  const text = `the clock of ${service.hostName} is ${byMinutes} ${where} the runner's: start times count by the host's clock`;
  return { code: "clockSkew", text };
}
