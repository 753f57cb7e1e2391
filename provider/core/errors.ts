/** What may have happened on the host when an error arose: the only thing that decides about retry and saved state. */
export type Effect = "none" | "started" | "unknown";

/** Where an error arose. */
export interface ErrorContext {
  readonly host?: string;
  readonly vm?: string;
  /** What was being done, in the infinitive: "read the machine", "call Resynchronize". */
  readonly step?: string;
}

export interface ErrorDetail {
  readonly effect?: Effect;
  /** It arose before the call itself was made: the host has not been asked. */
  readonly isBeforeCall?: boolean;
  /** What the user can do about it: one sentence. */
  readonly remedy?: string;
  readonly context?: ErrorContext;
  readonly cause?: unknown;
}

const maxMessageLength = 4_000;

/**
 * Base of every error of this package. Recognise one with {@link isReplicaResyncError}, by `code`: two copies of the
 * package can be loaded, so `instanceof` is not reliable.
 */
export class ReplicaResyncError extends Error {
  readonly code: string;
  /** What failed, in one sentence without place and remedy: `message` has both. */
  readonly summary: string;
  readonly effect: Effect;
  readonly isBeforeCall: boolean;
  readonly remedy: string | undefined;
  readonly context: ErrorContext;

  constructor(code: string, message: string, detail: ErrorDetail = {}) {
    super(withContext(message, detail), detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = new.target.name;
    this.code = code;
    this.summary = bounded(message.replace(/[.\s]+$/, ""));
    this.effect = detail.effect ?? "none";
    this.isBeforeCall = detail.isBeforeCall ?? false;
    this.remedy = detail.remedy;
    this.context = detail.context ?? {};
  }
}

function withContext(message: string, { context = {}, remedy }: ErrorDetail): string {
  const where = [
    context.vm === undefined ? undefined : shortened(context.vm),
    context.host === undefined ? undefined : `on ${context.host}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
  const summary = message.replace(/[.\s]+$/, "");
  const first = where === "" ? summary : `${where}: ${summary}`;
  return bounded(remedy === undefined ? first : `${first}. ${remedy}`);
}

/** The same error, for a moment at which a resync has begun: from then on none of them means that nothing happened. */
export function afterStart(error: ReplicaResyncError): ReplicaResyncError {
  return error.effect === "none" ? restated(error, { effect: "started" }) : error;
}

/** The same error, of something that had to be known before the call could be made: the call was not. */
export function beforeCall(error: ReplicaResyncError): ReplicaResyncError {
  return restated(error, { isBeforeCall: true });
}

/** The same error, with the machine that it is about, if it does not say. */
export function aboutVm(error: ReplicaResyncError, vm: string): ReplicaResyncError {
  return error.context.vm === undefined ? restated(error, { context: { ...error.context, vm } }) : error;
}

/** The same error, with more to what failed. */
export function withMore(error: ReplicaResyncError, more: string): ReplicaResyncError {
  return restated(error, {}, `${error.summary}${more}`);
}

function restated(
  error: ReplicaResyncError,
  other: Pick<ErrorDetail, "effect" | "context" | "isBeforeCall">,
  what = error.summary,
): ReplicaResyncError {
  const { code, name, remedy, context, effect, isBeforeCall } = error;
  const detail = { effect, isBeforeCall, context, cause: error, ...(remedy !== undefined && { remedy }), ...other };
  return Object.assign(new ReplicaResyncError(code, what, detail), { name });
}

/** Longest name that is repeated in a message: Hyper-V's own are shorter. */
const longestName = 100;

function shortened(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName).toWellFormed()}…` : name;
}

function bounded(text: string): string {
  return text.length > maxMessageLength ? `${text.slice(0, maxMessageLength).toWellFormed()} …` : text;
}

/** The host could not be reached. */
export class ConnectionError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("UNREACHABLE", message, detail);
  }
}

/** The host did not accept the credentials. */
export class AuthenticationError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("AUTH_FAILED", message, detail);
  }
}

/** The host knows the user and does not allow it. */
export class AccessDeniedError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("ACCESS_DENIED", message, detail);
  }
}

/** The conversation with the host broke off: what was under way may have been done. */
export class SessionLostError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("SESSION_LOST", message, { effect: "unknown", ...detail });
  }
}

/** The host, or something in between, answered what no host answers. */
export class ProtocolError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("BAD_REPLY", message, detail);
  }
}

/** The host answered with a CIM or WS-Management fault. */
export class CimFaultError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("CIM_FAULT", message, detail);
  }
}

/** The machine, or what was asked for of it, is not there. */
export class NotFoundError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("NOT_FOUND", message, detail);
  }
}

/** The machine or the host is in a state in which a resync must not be started. */
export class PreconditionError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("REFUSED", message, detail);
  }
}

/** `Resynchronize` answered with a code that means no. */
export class ResyncRejectedError extends ReplicaResyncError {
  readonly returnCode: number;
  constructor(returnCode: number, message: string, detail?: ErrorDetail) {
    super("REJECTED", message, detail);
    this.returnCode = returnCode;
  }
}

/** The resync was started and ended badly. */
export class JobFailedError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("JOB_FAILED", message, { effect: "started", ...detail });
  }
}

/** A start may have reached the host, and the host shows no trace of it. */
export class JobLostError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("JOB_LOST", message, { effect: "unknown", ...detail });
  }
}

/** The deadline of the run passed while the resync was still running. */
export class JobTimeoutError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("JOB_TIMEOUT", message, { effect: "started", ...detail });
  }
}

/** The host reported a number that no table of ours knows. */
export class UnexpectedStateError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("UNEXPECTED_STATE", message, { effect: "started", ...detail });
  }
}

/** The run was stopped: Ctrl-C, a cancelled pipeline, SIGTERM. */
export class CancelledError extends ReplicaResyncError {
  constructor(message: string, detail?: ErrorDetail) {
    super("CANCELLED", message, detail);
  }
}

/** Errors of a reading that mean that no further reading will do better. */
const lastingCodes: ReadonlySet<string> = new Set(["AUTH_FAILED", "ACCESS_DENIED"]);

/** Whether a later reading may do better than the one that failed with this error. */
export function canPass(error: unknown): error is ReplicaResyncError {
  return isReplicaResyncError(error) && !lastingCodes.has(error.code);
}

const codes: ReadonlySet<string> = new Set([
  "UNREACHABLE",
  "AUTH_FAILED",
  "ACCESS_DENIED",
  "SESSION_LOST",
  "BAD_REPLY",
  "CIM_FAULT",
  "NOT_FOUND",
  "REFUSED",
  "REJECTED",
  "JOB_FAILED",
  "JOB_LOST",
  "JOB_TIMEOUT",
  "UNEXPECTED_STATE",
  "CANCELLED",
]);

/** Whether a thrown value is an error of this package, from whichever copy of it. */
export function isReplicaResyncError(value: unknown): value is ReplicaResyncError {
  return value instanceof Error && "code" in value && "effect" in value && codes.has(String(value.code));
}
