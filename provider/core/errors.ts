import type { Effect } from "./hyperv/effect";

/** What a code says of the errors that carry it. A code is what the user does next, not a place in the source. */
interface ErrorKind {
  /** Effect of an error that does not say: what may have happened on the host when it arose. */
  readonly defaultEffect: Effect;
  /** A later reading may do better: what is waited for is waited for on. */
  readonly isTransient: boolean;
  /** The host itself has answered the call, and said no. */
  readonly isHostAnswer: boolean;
  /** Raised by a call, it proves that nothing was begun. */
  readonly provesNothingBegun: boolean;
}

/** Every code with all that is decided by it. */
export const errorKinds = {
  /** The host could not be reached. */
  UNREACHABLE: kind("none", { provesNothingBegun: true }),
  /** The host did not accept the credentials. */
  AUTH_FAILED: kind("none", { provesNothingBegun: true, isTransient: false }),
  /** The host knows the account and does not allow it. */
  ACCESS_DENIED: kind("none", { provesNothingBegun: true, isTransient: false, isHostAnswer: true }),
  /** The connection was lost: what was under way may have been done. */
  SESSION_LOST: kind("unknown"),
  /** The host, or something in between, sent a response that no host sends. */
  BAD_REPLY: kind("none"),
  /** The host answered with a CIM or WS-Management fault. */
  CIM_FAULT: kind("none", { provesNothingBegun: true, isHostAnswer: true }),
  /** The VM, or what was asked for of it, is not there. */
  NOT_FOUND: kind("none", { provesNothingBegun: true, isHostAnswer: true }),
  /** The VM or the host is in a state in which a resync must not be started, or an input cannot be used. */
  REFUSED: kind("none", { provesNothingBegun: true }),
  /** `Resynchronize` answered with a code that means no. */
  REJECTED: kind("none"),
  /** The resync was started and ended badly. */
  JOB_FAILED: kind("started"),
  /** A start may have reached the host, and the host shows no trace of it. */
  JOB_LOST: kind("unknown"),
  /** The deadline of the run passed while the resync was still running. */
  JOB_TIMEOUT: kind("started"),
  /** The host reported a number that is in none of this package's tables. */
  UNEXPECTED_STATE: kind("started"),
  /** The run was stopped: Ctrl-C, a cancelled pipeline, SIGTERM. */
  CANCELLED: kind("none", { provesNothingBegun: true }),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

function kind(defaultEffect: Effect, other: Partial<ErrorKind> = {}): ErrorKind {
  return { defaultEffect, isTransient: true, isHostAnswer: false, provesNothingBegun: false, ...other };
}

/** Where an error arose. */
export interface ErrorContext {
  readonly host?: string;
  readonly vm?: string;
  /** What was being done, in the infinitive: "read the VM", "call Resynchronize". */
  readonly step?: string;
}

export interface ErrorDetail {
  /** @defaultValue the one of the code */
  readonly effect?: Effect;
  /** It arose before the call itself was made: the host has not been asked. */
  readonly isBeforeCall?: boolean;
  /** What `Resynchronize` returned, for `REJECTED`. */
  readonly returnCode?: number;
  /** What the user can do about it: one sentence. */
  readonly remedy?: string;
  readonly context?: ErrorContext;
  readonly cause?: unknown;
}

/** Every error of this package. It is recognised by its code: two copies of the package can be loaded. */
export class ReplicaResyncError extends Error {
  readonly code: ErrorCode;
  /** What failed, in one sentence without place and remedy: `message` has both. */
  readonly summary: string;
  readonly effect: Effect;
  readonly isBeforeCall: boolean;
  readonly returnCode: number | undefined;
  readonly remedy: string | undefined;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(withContext(message, detail), detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "ReplicaResyncError";
    this.code = code;
    this.summary = bounded(message.replace(/[.\s]+$/, ""));
    this.effect = detail.effect ?? errorKinds[code].defaultEffect;
    this.isBeforeCall = detail.isBeforeCall ?? false;
    this.returnCode = detail.returnCode;
    this.remedy = detail.remedy;
    this.context = detail.context ?? {};
  }
}

/** Whether a thrown value is an error of this package, from whichever copy of it. */
export function isReplicaResyncError(value: unknown): value is ReplicaResyncError {
  return value instanceof Error && "effect" in value && "code" in value && String(value.code) in errorKinds;
}

/** Whether a later reading may do better than the one that failed with this error. */
export function canPass(error: unknown): error is ReplicaResyncError {
  return isReplicaResyncError(error) && errorKinds[error.code].isTransient;
}

/** Whether a call that failed with this error cannot have begun anything. */
export function provesNothingBegun(error: unknown): error is ReplicaResyncError {
  return (
    isReplicaResyncError(error) &&
    error.effect === "none" &&
    (error.isBeforeCall || errorKinds[error.code].provesNothingBegun)
  );
}

/** Whether this error is the host's own answer to the call that was made. */
export function isHostAnswer({ code, isBeforeCall }: ReplicaResyncError): boolean {
  return errorKinds[code].isHostAnswer && !isBeforeCall;
}

/** The same error, after a resync has begun: from then on no error means that nothing happened. */
export function afterStart(error: ReplicaResyncError): ReplicaResyncError {
  return error.effect === "none" ? restated(error, { effect: "started" }) : error;
}

/** The same error, of something that had to be known before the call could be made: the call was not. */
export function beforeCall(error: ReplicaResyncError): ReplicaResyncError {
  return restated(error, { isBeforeCall: true });
}

/** The same error, with the VM that it is about, if it does not say. */
export function aboutVm(error: ReplicaResyncError, vm: string): ReplicaResyncError {
  return error.context.vm === undefined ? restated(error, { context: { ...error.context, vm } }) : error;
}

/** The same error, with more to what failed. */
export function withMore(error: ReplicaResyncError, more: string): ReplicaResyncError {
  return restated(error, {}, `${error.summary}${more}`);
}

function restated(error: ReplicaResyncError, other: ErrorDetail, what = error.summary): ReplicaResyncError {
  const { code, remedy, context, effect, isBeforeCall, returnCode } = error;
  return new ReplicaResyncError(code, what, {
    effect,
    isBeforeCall,
    context,
    cause: error,
    ...(remedy !== undefined && { remedy }),
    ...(returnCode !== undefined && { returnCode }),
    ...other,
  });
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

/** Longest name that is repeated in a message: Hyper-V's own are shorter. */
const longestName = 100;

function shortened(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName).toWellFormed()}…` : name;
}

const maxMessageLength = 4_000;

function bounded(text: string): string {
  return text.length > maxMessageLength ? `${text.slice(0, maxMessageLength).toWellFormed()} …` : text;
}
