import {
  AccessDeniedError,
  AuthenticationError,
  CancelledError,
  CimFaultError,
  ConnectionError,
  JobFailedError,
  JobLostError,
  JobTimeoutError,
  NotFoundError,
  PreconditionError,
  ProtocolError,
  ReplicaResyncError,
  ResyncRejectedError,
  SessionLostError,
  UnexpectedStateError,
  aboutVm,
  canPass,
  isReplicaResyncError,
} from "../../../provider/core/errors";

test.each<[ReplicaResyncError, string, string, string]>([
  [new ConnectionError("it broke"), "ConnectionError", "UNREACHABLE", "none"],
  [new AuthenticationError("it broke"), "AuthenticationError", "AUTH_FAILED", "none"],
  [new AccessDeniedError("it broke"), "AccessDeniedError", "ACCESS_DENIED", "none"],
  [new SessionLostError("it broke"), "SessionLostError", "SESSION_LOST", "unknown"],
  [new ProtocolError("it broke"), "ProtocolError", "BAD_REPLY", "none"],
  [new CimFaultError("it broke"), "CimFaultError", "CIM_FAULT", "none"],
  [new NotFoundError("it broke"), "NotFoundError", "NOT_FOUND", "none"],
  [new PreconditionError("it broke"), "PreconditionError", "REFUSED", "none"],
  [new ResyncRejectedError(32774, "it broke"), "ResyncRejectedError", "REJECTED", "none"],
  [new JobFailedError("it broke"), "JobFailedError", "JOB_FAILED", "started"],
  [new JobLostError("it broke"), "JobLostError", "JOB_LOST", "unknown"],
  [new JobTimeoutError("it broke"), "JobTimeoutError", "JOB_TIMEOUT", "started"],
  [new UnexpectedStateError("it broke"), "UnexpectedStateError", "UNEXPECTED_STATE", "started"],
  [new CancelledError("it broke"), "CancelledError", "CANCELLED", "none"],
])("%s is a %s with code %s and effect %s", (error, name, code, effect) => {
  expect(error).toMatchObject({ name, code, effect, message: "it broke" });
  expect(isReplicaResyncError(error)).toBe(true);
});

test("a message says which machine on which host, what failed and what to do", () => {
  const error = new PreconditionError("it is suspended", {
    context: { vm: "web01", host: "HV01", step: "decide" },
    remedy: "Resume it",
  });
  expect(error.message).toBe("web01 on HV01: it is suspended. Resume it");
});

test("a very long message is cut without half a character", () => {
  const { message } = new PreconditionError(`${"x".repeat(3_999)}😀 and more`);
  expect(message.length).toBeLessThan(4_010);
  expect(message.isWellFormed()).toBe(true);
});

test("an error of another copy of the package is recognised by its code", () => {
  const other = Object.assign(new Error("it broke"), { code: "REFUSED", effect: "none" });
  expect(isReplicaResyncError(other)).toBe(true);
});

test.each([undefined, null, "REFUSED", new Error("x"), Object.assign(new Error("x"), { code: "ENOENT", effect: 1 })])(
  "%p is no error of the package",
  (value) => {
    expect(isReplicaResyncError(value)).toBe(false);
  },
);

test("an error keeps its cause", () => {
  const cause = new Error("socket hang up");
  expect(new ReplicaResyncError("BAD_REPLY", "it broke", { cause }).cause).toBe(cause);
});

test.each([
  [new ConnectionError("x"), true],
  [new PreconditionError("x"), true],
  [new AuthenticationError("x"), false],
  [new AccessDeniedError("x"), false],
  [new Error("x"), false],
])("whether %s can pass is %s", (error, expected) => {
  expect(canPass(error)).toBe(expected);
});

test("a name of any length leaves room for what failed", () => {
  const { message } = new NotFoundError("no such machine", { context: { vm: "A".repeat(100_000), host: "HV01" } });
  expect(message).toBe(`${"A".repeat(100)}… on HV01: no such machine`);
});

test("an error without a machine gets one, and loses nothing", () => {
  const error = new AccessDeniedError("could not call Resynchronize", {
    effect: "unknown",
    remedy: "Ask for the rights",
    context: { host: "HV01", step: "call Resynchronize" },
  });
  expect(aboutVm(error, "web01")).toMatchObject({
    name: "AccessDeniedError",
    code: "ACCESS_DENIED",
    message: "web01 on HV01: could not call Resynchronize. Ask for the rights",
    effect: "unknown",
    remedy: "Ask for the rights",
    context: { host: "HV01", vm: "web01", step: "call Resynchronize" },
    cause: error,
  });
  const placed = new AccessDeniedError("no", { context: { vm: "db01" } });
  expect(aboutVm(placed, "web01")).toBe(placed);
});
