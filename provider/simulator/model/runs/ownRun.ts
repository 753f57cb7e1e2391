import { acceptRun } from "./acceptRun";
import type { HostState, LinkState, MachineState } from "../hostState";
import { nextScript } from "./run";

/** The account that the host's own resyncs run under. */
export const system = "NT AUTHORITY\\SYSTEM";
const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * With automatic resynchronization on, a relationship that requires it is scheduled for the next time inside the window. Source:
 * `AutoResynchronizeEnabled` and the two interval properties of `Msvm_ReplicationSettingData`, learn.microsoft.com.
 */
export function scheduleOwnRun(host: HostState, machine: MachineState, link: LinkState, atMs: number): void {
  if (link.autoResync === null) return;
  const scheduledAtMs = nextInWindow(link.autoResync, host.utcOffsetMinutes, atMs);
  acceptRun(
    host,
    machine,
    link,
    { script: nextScript(machine), owner: system, scheduledAtMs, withJob: host.switches.scheduledStart === "job" },
    atMs,
  );
}

/** The start of the next window; inside one, a minute later. The window may cross midnight, in the host's local time. */
export function nextInWindow(
  { startMinute, endMinute }: NonNullable<LinkState["autoResync"]>,
  utcOffsetMinutes: number,
  atMs: number,
): number {
  const localMs = atMs + utcOffsetMinutes * minuteMs;
  const midnightMs = Math.floor(localMs / dayMs) * dayMs;
  const minute = Math.floor((localMs - midnightMs) / minuteMs);
  const isInside =
    startMinute <= endMinute
      ? minute >= startMinute && minute < endMinute
      : minute >= startMinute || minute < endMinute;
  if (isInside) return atMs + minuteMs;
  const startMs = midnightMs + startMinute * minuteMs;
  return (startMs > localMs ? startMs : startMs + dayMs) - utcOffsetMinutes * minuteMs;
}
