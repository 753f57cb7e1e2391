import { ReplicaResyncError } from "../../core/errors";
import type { Effect } from "../../core/hyperv/effect";
import { CimFault, cimFaultCode, HostUnreachable, LogonRefused, ReplyLost } from "../forDoors";

/** What the simulated host threw, in the words of the package; an error of the simulator itself stays what it is. */
export function translate(error: unknown, effect: Effect, context: { host: string; step: string }): unknown {
  const detail = { context, cause: error };
  if (error instanceof HostUnreachable)
    return new ReplicaResyncError("UNREACHABLE", `could not ${context.step}: ${error.message}`, detail);
  if (error instanceof LogonRefused)
    return new ReplicaResyncError("AUTH_FAILED", `could not ${context.step}: ${error.message}`, detail);
  if (error instanceof ReplyLost)
    return new ReplicaResyncError("SESSION_LOST", `could not ${context.step}: ${error.message}`, { ...detail, effect });
  if (error instanceof CimFault) return ofFault(error, detail);
  return error;
}

function ofFault(
  fault: CimFault,
  detail: { context: { host: string; step: string }; cause: unknown },
): ReplicaResyncError {
  const message = `could not ${detail.context.step}: 0x${fault.code.toString(16).toUpperCase()}, ${fault.message}`;
  switch (fault.code) {
    case cimFaultCode.accessDenied:
      return new ReplicaResyncError("ACCESS_DENIED", message, detail);
    case cimFaultCode.notFound:
      return new ReplicaResyncError("NOT_FOUND", message, detail);
    default:
      return new ReplicaResyncError("CIM_FAULT", message, detail);
  }
}
