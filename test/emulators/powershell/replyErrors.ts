import { CimFault, cimFaultCode, HostUnreachable, LogonRefused, ReplyLost } from "../../../provider/simulator/forDoors";
import type { ReplyError } from "./wire";

/** HRESULTs beside those of the host's own faults, unsigned. */
const hresult = {
  /** `ERROR_WSMAN_DESTINATION_UNREACHABLE`. Source: WsmErr.h. */
  destinationUnreachable: 0x8033_8012,
  /** `ERROR_WINRM_NETWORK_TIMEDOUT`: no answer came within the time of the operation. Source: WsmErr.h. */
  networkTimedOut: 0x8033_8126,
  /** `ERROR_LOGON_FAILURE` (1326) as an HRESULT. Source: MS-ERREF, 2.1 and 2.2. */
  logonFailure: 0x8007_052e,
  /** `COR_E_FORMAT` and `COR_E_ARGUMENT`. Source: `FormatException` and `ArgumentException`, `HResult`, learn.microsoft.com. */
  format: 0x8013_1537,
  argument: 0x8007_0057,
} as const;

const cimException = "Microsoft.Management.Infrastructure.CimException";

/** What a host's failure looks like in a reply; `undefined` for what is none. `isChange`: the call changes something. */
export function replyErrorOf(error: unknown, isChange: boolean): Omit<ReplyError, "message"> | undefined {
  if (error instanceof CimFault) {
    const category = error.code === cimFaultCode.notFound ? "ObjectNotFound" : "PermissionDenied";
    // A fault of the host is its answer to a call that was handed over.
    return cim(error.code, category, isChange);
  }
  if (error instanceof HostUnreachable) return cim(hresult.destinationUnreachable, "ConnectionError", false);
  if (error instanceof LogonRefused) return cim(hresult.logonFailure, "AuthenticationError", false);
  if (error instanceof ReplyLost) return cim(hresult.networkTimedOut, "ConnectionError", isChange);
  return undefined;
}

/** A request that cannot be read. */
export const unreadableRequest = own("System.FormatException", hresult.format, "InvalidData", "HvReplicaBadRequest");
/** A command that there is not. */
export const unknownCommand = own(
  "System.ArgumentException",
  hresult.argument,
  "InvalidArgument",
  "HvReplicaUnknownCommand",
);
/** A class that is not handed on. */
export const unknownClass = own(
  "System.ArgumentException",
  hresult.argument,
  "InvalidArgument",
  "HvReplicaUnknownClass",
);
/** The other side speaks another version of the contract. */
export const protocolMismatch: Omit<ReplyError, "message"> = {
  type: "System.InvalidOperationException",
  hresult: null,
  category: "InvalidResult",
  errorId: "HvReplicaProtocolMismatch",
  isSent: false,
};

function cim(code: number, category: string, isSent: boolean): Omit<ReplyError, "message"> {
  const errorId = `HRESULT 0x${code.toString(16)}`;
  return { type: cimException, hresult: String(code), category, errorId, isSent };
}

function own(type: string, code: number, category: string, errorId: string): Omit<ReplyError, "message"> {
  return { type, hresult: String(code), category, errorId, isSent: false };
}
