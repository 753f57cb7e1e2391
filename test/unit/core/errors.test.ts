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
  afterStart,
  canPass,
  isReplicaResyncError,
  withMore,
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

test.each([
  [{ vm: "web01", host: "HV01", step: "decide" }, "web01 on HV01: it is suspended. Resume it"],
  [{ vm: "web01" }, "web01: it is suspended. Resume it"],
  [{ host: "HV01" }, "on HV01: it is suspended. Resume it"],
  [{ step: "decide" }, "it is suspended. Resume it"],
])("a message from %j says where, what failed and what to do", (context, message) => {
  const error = new PreconditionError("it is suspended", { context, remedy: "Resume it" });
  expect(error.message).toBe(message);
  expect(error.context).toEqual(context);
  expect(error.summary).toBe("it is suspended");
  expect(error.remedy).toBe("Resume it");
});

test("an error that is told nothing but what failed knows no place, remedy and cause", () => {
  const error = new PreconditionError("it is suspended");
  expect(error.context).toEqual({});
  expect(error.remedy).toBeUndefined();
  expect(error).not.toHaveProperty("cause");
});

test("a rejection keeps the return code", () => {
  expect(new ResyncRejectedError(32774, "it is in use").returnCode).toBe(32774);
});

test("points and white space at the end do not stand before the remedy", () => {
  const error = new PreconditionError("it broke. Twice.. \n.", { remedy: "Repair it" });
  expect(error.message).toBe("it broke. Twice. Repair it");
  expect(error.summary).toBe("it broke. Twice");
});

test("a very long message is cut without half a character", () => {
  const error = new PreconditionError(`${"x".repeat(3_999)}😀 and more`);
  expect(error.message).toBe(`${"x".repeat(3_999)}\ufffd …`);
  expect(error.summary).toBe(error.message);
  const longest = "x".repeat(4_000);
  expect(new PreconditionError(longest)).toMatchObject({ message: longest, summary: longest });
});

test("an error of another copy of the package is recognised by its code", () => {
  const other = Object.assign(new Error("it broke"), { code: "REFUSED", effect: "none" });
  expect(isReplicaResyncError(other)).toBe(true);
});

test.each([
  ["nothing", undefined],
  ["null", null],
  ["a text", "REFUSED"],
  ["an object that is thrown", { code: "REFUSED", effect: "none" }],
  ["an error without a code", new Error("x")],
  ["an error without an effect", Object.assign(new Error("x"), { code: "REFUSED" })],
  ["an error with an effect and no code", Object.assign(new Error("x"), { effect: "none" })],
  ["an error with the code of another package", Object.assign(new Error("x"), { code: "ENOENT", effect: "none" })],
])("%s is no error of the package", (_what, value) => {
  expect(isReplicaResyncError(value)).toBe(false);
});

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
  const whole = new NotFoundError("no such machine", { context: { vm: "A".repeat(100) } });
  expect(whole.message).toBe(`${"A".repeat(100)}: no such machine`);
});

test.each([
  ["none", "started"],
  ["started", "started"],
  ["unknown", "unknown"],
] as const)("an error with the effect %s that comes after the start has the effect %s", (before, after) => {
  const error = new ConnectionError("it broke", { effect: before, remedy: "Repair it", context: { vm: "web01" } });
  expect(afterStart(error)).toMatchObject({
    name: "ConnectionError",
    code: "UNREACHABLE",
    message: "web01: it broke. Repair it",
    effect: after,
  });
});

test("more to what failed comes before the remedy", () => {
  const error = new ConnectionError("it broke", { remedy: "Repair it", context: { vm: "web01" } });
  expect(withMore(error, ", twice")).toMatchObject({
    name: "ConnectionError",
    code: "UNREACHABLE",
    message: "web01: it broke, twice. Repair it",
    cause: error,
  });
  expect(withMore(new ConnectionError("it broke"), ", twice")).toMatchObject({ message: "it broke, twice" });
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
