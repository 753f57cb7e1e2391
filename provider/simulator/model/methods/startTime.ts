import type { HostState } from "../hostState";
import { momentOf, type MethodCall } from "./method";
import { returnValue } from "../platform";

/** At most so far ahead. Source: "Resume-VMReplication", `-ResynchronizeStartTime`, learn.microsoft.com. */
const furthestStartMs = 7 * 86_400_000;

/** The start time; a host may take the digits of UTC that it is sent for its own local time (`switches.startTimeZone`). */
export function startTimeOf({ host, input }: MethodCall): number | undefined {
  const sentMs = momentOf(input["StartTime"], "StartTime");
  if (sentMs === undefined || host.switches.startTimeZone === "offset") return sentMs;
  return sentMs - host.utcOffsetMinutes * 60_000;
}

/** The code for a start time out of range, if the host refuses it (`switches.startTimeOutOfRange`). */
export function refusalOfTime({ switches }: HostState, aheadMs: number): number | undefined {
  const isPast = aheadMs < 0;
  if (!isPast && aheadMs <= furthestStartMs) return undefined;
  switch (switches.startTimeOutOfRange) {
    case "refused":
      return returnValue.invalidParameter;
    case "accepted":
      return undefined;
    case "pastRefused":
      return isPast ? returnValue.invalidParameter : undefined;
    case "farRefused":
      return isPast ? undefined : returnValue.invalidParameter;
    case "invalidState":
      return returnValue.invalidState;
  }
}
