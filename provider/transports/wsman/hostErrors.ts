import { type ErrorDetail, isReplicaResyncError, ReplicaResyncError } from "../../core/errors";
import type { Effect } from "../../core/hyperv/effect";
import { describeHresult, errorCodeOf, hresultText } from "../cim/hresult";
import { HttpFailure } from "./http/httpFailure";
import { HostFault } from "./soap/fault";
import { StatusError, WebPageError } from "./soap/readReply";
import { WireError } from "./values/wireError";
import { XmlError } from "./xml/readXml";

/** What was being done when something went wrong. */
export interface Step {
  readonly host: string;
  /** In the infinitive: "read Msvm_ComputerSystem". */
  readonly step: string;
  /** Whether it changes something: then it counts whether the host may have done it. */
  readonly isChange: boolean;
}

/**
 * Whatever went wrong between the runner and the host, or on the host, as an error of this package. Any other error is a bug
 * and stays what it is.
 */
export function hostError(error: unknown, step: Step): unknown {
  const fail = (what: string): string => `could not ${step.step}: ${what}`;
  const detail = (mayBeDone: boolean, remedy?: string): ErrorDetail => ({
    effect: effectOf(step, mayBeDone),
    context: { host: step.host, step: step.step },
    cause: error,
    ...(remedy !== undefined && { remedy }),
  });
  if (isReplicaResyncError(error)) return error;
  if (error instanceof HostFault) return ofFault(error, fail, detail);
  if (error instanceof HttpFailure) return ofFailure(error, fail, detail);
  if (error instanceof StatusError) return ofStatus(error, fail, detail);
  if (error instanceof WebPageError) {
    const remedy = "There may be a proxy in between: add the host to NO_PROXY, and check host and port";
    return new ReplicaResyncError("BAD_REPLY", fail(error.message), detail(true, remedy));
  }
  if (error instanceof XmlError || error instanceof WireError) {
    return new ReplicaResyncError(
      "BAD_REPLY",
      fail(`unexpected response from the host: ${error.message}`),
      detail(true, reportIt),
    );
  }
  return error;
}

const network = "Check the network between the runner and the host, and that the host is up";
const reportIt = "If this is a Windows host, report a bug of this package";

function effectOf({ isChange }: Step, mayBeDone: boolean): Effect {
  return isChange && mayBeDone ? "unknown" : "none";
}

/** The caller has stopped it. */
export function stopped({ host, step, isChange }: Step, error: unknown): ReplicaResyncError {
  const mayBeDone = isChange && !(error instanceof HttpFailure && !error.mayHaveArrived);
  return new ReplicaResyncError("CANCELLED", `stopped while it tried to ${step}`, {
    context: { host, step },
    effect: mayBeDone ? "unknown" : "none",
    isBeforeCall: !mayBeDone,
    cause: error,
  });
}

type Fail = (what: string) => string;
type Detail = (mayBeDone: boolean, remedy?: string) => ErrorDetail;

function ofFault({ code, message, isAnswer }: HostFault, fail: Fail, detail: Detail): ReplicaResyncError {
  if (code === undefined) return new ReplicaResyncError("CIM_FAULT", fail(message), detail(true));
  const { kind, remedy } = describeHresult(code);
  return new ReplicaResyncError(errorCodeOf[kind], fail(`${hresultText(code)}, ${message}`), detail(!isAnswer, remedy));
}

function ofFailure(
  { kind, message, mayHaveArrived, remedy }: HttpFailure,
  fail: Fail,
  detail: Detail,
): ReplicaResyncError {
  const notSent = (advice?: string): ErrorDetail => ({ ...detail(false, advice), isBeforeCall: true });
  switch (kind) {
    case "unreachable":
    case "untrusted":
    case "gone":
      return new ReplicaResyncError("UNREACHABLE", fail(message), notSent(remedy));
    case "lost":
      return mayHaveArrived
        ? new ReplicaResyncError("SESSION_LOST", fail(message), detail(true, remedy ?? network))
        : new ReplicaResyncError("UNREACHABLE", fail(`${message} while authenticating`), notSent(remedy ?? network));
    case "unproven":
      return new ReplicaResyncError(
        "AUTH_FAILED",
        fail(message),
        mayHaveArrived ? detail(true, remedy) : notSent(remedy),
      );
    case "badReply":
      return new ReplicaResyncError(
        "BAD_REPLY",
        fail(message),
        mayHaveArrived ? detail(true, remedy ?? reportIt) : notSent(remedy ?? reportIt),
      );
    case "aborted":
      return new ReplicaResyncError("CANCELLED", fail(message), mayHaveArrived ? detail(true) : notSent());
    default:
      return kind satisfies never;
  }
}

/** Statuses that a host answers with before it looks at what a message wants. Source: RFC 9110, section 15.5. */
function ofStatus({ status, schemes, isUnsealed }: StatusError, fail: Fail, detail: Detail): ReplicaResyncError {
  const what = fail(`the host answered with status ${status}${isUnsealed ? " and without encryption" : ""}`);
  const before = (remedy: string): ErrorDetail => ({ ...detail(isUnsealed, remedy), isBeforeCall: !isUnsealed });
  switch (status) {
    case 401:
      return new ReplicaResyncError(
        "AUTH_FAILED",
        fail("the host does not accept the credentials (status 401)"),
        before(logon(schemes)),
      );
    case 403:
      return new ReplicaResyncError(
        "ACCESS_DENIED",
        what,
        before(
          "Add the account to the Remote Management Users group (S-1-5-32-580), and check that the host does not block the address of the runner (IPv4Filter, IPv6Filter)",
        ),
      );
    case 404:
      return new ReplicaResyncError(
        "UNREACHABLE",
        what,
        before(
          "There is no WinRM service at that port: check the port, and the listeners with winrm enumerate winrm/config/listener",
        ),
      );
    case 407:
      return new ReplicaResyncError(
        "UNREACHABLE",
        what,
        before("Add the user name and password of the proxy to HTTPS_PROXY, or the host to NO_PROXY"),
      );
    case 413:
      return new ReplicaResyncError(
        "CIM_FAULT",
        what,
        before("Raise the host's quota: winrm set winrm/config @{MaxEnvelopeSizekb=500}"),
      );
    case 502:
    case 503:
    case 504:
      return new ReplicaResyncError(
        "UNREACHABLE",
        what,
        detail(true, "Check that the WinRM service runs on the host, and try again later"),
      );
    default:
      if (status >= 300 && status < 400) {
        return new ReplicaResyncError(
          "BAD_REPLY",
          what,
          before("Redirects are not followed: use the host and port that the redirect names"),
        );
      }
      return new ReplicaResyncError(
        "BAD_REPLY",
        what,
        detail(true, "Check the host's event log Microsoft-Windows-WinRM/Operational"),
      );
  }
}

function logon(schemes: readonly string[]): string {
  const offered = schemes.length === 0 ? "" : ` The host accepts ${[...new Set(schemes)].join(", ")}.`;
  return `Check the user name, the password, and whether the account is allowed to authenticate over the network.${offered}`;
}
