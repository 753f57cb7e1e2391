import type { Clock } from "../../../core/host/ports";
import { faultCode, HostFault } from "../soap/fault";
import { StatusError } from "../soap/readReply";

/**
 * Numbers with which a host says that it has too much to do: `ERROR_WSMAN_QUOTA_LIMIT`, `_QUOTA_MAX_OPERATIONS`, `_QUOTA_USER`,
 * `_QUOTA_SYSTEM`, `_QUOTA_MAX_PLUGINOPERATIONS_PPQ`, `_QUOTA_MAX_OPERATIONS_USER_PPQ`, and that it took too long. Source:
 * `wsmerror.h` of the Windows SDK.
 */
const passing: ReadonlySet<number | undefined> = new Set([
  faultCode.quotaLimit,
  0x8033_81a6,
  0x8033_81a7,
  0x8033_81a8,
  0x8033_81e7,
  0x8033_81e8,
  faultCode.timedOut,
]);
const serviceUnavailable = 503;

/** Long enough for operations of others to end, and short beside the seconds between two looks at a host. */
const delaysMs = [500, 2_000];

/** Reads, and again after a pause while the host says that it is busy. Only for what changes nothing. */
export async function readAgain<Result>(
  read: () => Promise<Result>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result> {
  for (const delayMs of delaysMs) {
    try {
      return await read();
    } catch (error) {
      if (!isBusy(error)) throw error;
      await clock.sleep(delayMs, signal);
    }
  }
  return read();
}

function isBusy(error: unknown): boolean {
  if (error instanceof HostFault) return passing.has(error.code);
  return error instanceof StatusError && error.status === serviceUnavailable;
}
