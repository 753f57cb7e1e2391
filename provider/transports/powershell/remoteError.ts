import { type ErrorContext, ReplicaResyncError } from "../../core/errors";
import type { Effect } from "../../core/hyperv/effect";
import { describeHresult, errorCodeOf, hresultText } from "../cim/hresult";
import type { RemoteError } from "./wire";

/** What was being done when an error came back. */
export interface Doing {
  readonly context: ErrorContext & { readonly step: string };
  /** Whether it changes something on the host. */
  readonly isChange: boolean;
  /** Whether it was connecting to the host, which has not been asked for anything then. */
  readonly isConnect: boolean;
}

/** Errors of the scripts' own and of PowerShell that have no number, by `FullyQualifiedErrorId`. */
const known: readonly (readonly [id: RegExp, remedy: string])[] = [
  [
    /^HvReplicaProtocolMismatch/,
    "Install the module of this version on the host: its functions and this package must be of one version",
  ],
  [
    /^HvReplicaNoCimCmdlets/,
    'This PowerShell has no CIM cmdlets. They exist on Windows only: elsewhere use protocol "ssh" to run PowerShell on the host. On Windows, check PSModulePath',
  ],
  [/^HvReplicaNeedsPowerShell7/, "Set connection.executable to a PowerShell 7 (pwsh)"],
  [/^CommandNotFoundException/, "Check that the endpoint has this package's module, and that the session may use it"],
];

const sessionRemedy =
  "Check the name of the host, that its WinRM or SSH service runs and has this endpoint or subsystem, and for SSH the key, and that the host's own key is in known_hosts: there is no prompt";

/** A session that could not be opened, or was lost: PowerShell's own names, and those of the scripts. Source: PowerShell/PowerShell, `RemotingErrorIdStrings`. */
const noSession =
  /PSSessionOpenFailed|PSSessionStateBroken|PSRemotingTransport|PSRemotingDataStructure|InvalidRunspaceState|HvReplicaSessionBroken|HvReplicaReplyLost/;

/** What PowerShell reported, as an error of this package: classified by numbers, never by messages, which are localised. */
export function translate(error: RemoteError, { context, isChange, isConnect }: Doing): ReplicaResyncError {
  const { hresult, message, errorId, category, isSent } = error;
  const said = message.trim() === "" ? `${category}, ${errorId}` : message.trim();
  const isBeforeCall = isConnect || (isChange && !isSent);
  if (hresult === null) {
    const effect: Effect = isChange && isSent ? "unknown" : "none";
    const what = `could not ${context.step}: ${errorId}, ${said}`;
    if (noSession.test(errorId)) {
      const detail = { effect, isBeforeCall, context, remedy: sessionRemedy };
      return isConnect
        ? new ReplicaResyncError("UNREACHABLE", what, detail)
        : new ReplicaResyncError("SESSION_LOST", what, detail);
    }
    const remedy = known.find(([id]) => id.test(errorId))?.[1] ?? "See the message of PowerShell";
    return new ReplicaResyncError("CIM_FAULT", what, { effect, isBeforeCall, context, remedy });
  }
  const { kind, isAnswer, remedy } = describeHresult(hresult);
  const effect: Effect = isChange && isSent && !isAnswer ? "unknown" : "none";
  const what = `could not ${context.step}: ${hresultText(hresult)}, ${said}`;
  const detail = { effect, isBeforeCall, context, remedy };
  // No connection was open yet that could be lost.
  const code = isConnect && kind === "lost" ? "UNREACHABLE" : errorCodeOf[kind];
  return new ReplicaResyncError(code, what, detail);
}

/** Whether the connection between PowerShell and the host is unusable after this error. */
export function isBroken({ hresult }: RemoteError, isRemote: boolean): boolean {
  if (hresult === null) return isRemote;
  return ["lost", "unreachable"].includes(describeHresult(hresult).kind);
}
