import {
  AccessDeniedError,
  AuthenticationError,
  CimFaultError,
  ConnectionError,
  type Effect,
  type ErrorContext,
  NotFoundError,
  type ReplicaResyncError,
  SessionLostError,
} from "../../core/errors";
import { describeHresult, hresultText } from "../cim/hresult";
import type { RemoteError } from "./wire";

/** What was being done when an error came back. */
export interface Doing {
  readonly context: ErrorContext & { readonly step: string };
  /** Whether it changes something on the host. */
  readonly isChange: boolean;
  /** Whether it was to open the way to the host: nothing has been asked of it then. */
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
    'CIM cmdlets exist on Windows only: from here use transport "wsman", or protocol "ssh" to run PowerShell on the host',
  ],
  [/^CommandNotFoundException/, "Check that the endpoint has this package's module, and that the session may use it"],
];

/** What PowerShell said, in the words of the package: told apart by numbers, never by messages, which are localised. */
export function translate(error: RemoteError, { context, isChange, isConnect }: Doing): ReplicaResyncError {
  const { hresult, message, errorId, category, isSent } = error;
  const said = message.trim() === "" ? `${category}, ${errorId}` : message.trim();
  if (hresult === null) {
    const effect: Effect = isChange && isSent ? "unknown" : "none";
    const remedy = known.find(([id]) => id.test(errorId))?.[1] ?? "Look at the message of PowerShell";
    return new CimFaultError(`could not ${context.step}: ${errorId}, ${said}`, { effect, context, remedy });
  }
  const { kind, isAnswer, remedy } = describeHresult(hresult);
  const effect: Effect = isChange && isSent && !isAnswer ? "unknown" : "none";
  const what = `could not ${context.step}: ${hresultText(hresult)}, ${said}`;
  const detail = { effect, context, remedy };
  switch (kind) {
    case "accessDenied":
      return new AccessDeniedError(what, detail);
    case "authentication":
      return new AuthenticationError(what, detail);
    case "notFound":
      return new NotFoundError(what, detail);
    case "unreachable":
      return new ConnectionError(what, detail);
    case "lost":
      return isConnect ? new ConnectionError(what, detail) : new SessionLostError(what, detail);
    case "fault":
      return new CimFaultError(what, detail);
    default:
      return kind satisfies never;
  }
}
