import type { Effect } from "../../../provider/core/hyperv/effect";
import {
  aboutVm,
  afterStart,
  canPass,
  type ErrorCode,
  isReplicaResyncError,
  ReplicaResyncError,
  withMore,
} from "../../../provider/core/errors";

test.each<[ErrorCode, Effect]>([
  ["UNREACHABLE", "none"],
  ["AUTH_FAILED", "none"],
  ["ACCESS_DENIED", "none"],
  ["SESSION_LOST", "unknown"],
  ["BAD_REPLY", "none"],
  ["CIM_FAULT", "none"],
  ["NOT_FOUND", "none"],
  ["REFUSED", "none"],
  ["REJECTED", "none"],
  ["JOB_FAILED", "started"],
  ["JOB_LOST", "unknown"],
  ["JOB_TIMEOUT", "started"],
  ["UNEXPECTED_STATE", "started"],
  ["CANCELLED", "none"],
])("an error with code %s has the effect %s unless it says another", (code, effect) => {
  const error = new ReplicaResyncError(code, "it broke");
  expect(error).toMatchObject({ name: "ReplicaResyncError", code, effect, message: "it broke" });
  expect(new ReplicaResyncError(code, "it broke", { effect: "unknown" }).effect).toBe("unknown");
  expect(isReplicaResyncError(error)).toBe(true);
});

test.each([
  [{ vm: "web01", host: "HV01", step: "decide" }, "web01 on HV01: it is suspended. Resume it"],
  [{ vm: "web01" }, "web01: it is suspended. Resume it"],
  [{ host: "HV01" }, "on HV01: it is suspended. Resume it"],
  [{ step: "decide" }, "it is suspended. Resume it"],
])("a message from %j says where, what failed and what to do", (context, message) => {
  const error = new ReplicaResyncError("REFUSED", "it is suspended", { context, remedy: "Resume it" });
  expect(error.message).toBe(message);
  expect(error.context).toEqual(context);
  expect(error.summary).toBe("it is suspended");
  expect(error.remedy).toBe("Resume it");
});

test("an error that is told nothing but what failed knows no place, remedy and cause", () => {
  const error = new ReplicaResyncError("REFUSED", "it is suspended");
  expect(error.context).toEqual({});
  expect(error.remedy).toBeUndefined();
  expect(error).not.toHaveProperty("cause");
});

test("a rejection keeps the return code", () => {
  expect(new ReplicaResyncError("REJECTED", "it is in use", { returnCode: 32774 }).returnCode).toBe(32774);
});

test("points and white space at the end do not stand before the remedy", () => {
  const error = new ReplicaResyncError("REFUSED", "it broke. Twice.. \n.", { remedy: "Repair it" });
  expect(error.message).toBe("it broke. Twice. Repair it");
  expect(error.summary).toBe("it broke. Twice");
});

test("a very long message is cut without half a character", () => {
  const error = new ReplicaResyncError("REFUSED", `${"x".repeat(3_999)}😀 and more`);
  expect(error.message).toBe(`${"x".repeat(3_999)}\ufffd …`);
  expect(error.summary).toBe(error.message);
  const longest = "x".repeat(4_000);
  expect(new ReplicaResyncError("REFUSED", longest)).toMatchObject({ message: longest, summary: longest });
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
  [new ReplicaResyncError("UNREACHABLE", "x"), true],
  [new ReplicaResyncError("REFUSED", "x"), true],
  [new ReplicaResyncError("AUTH_FAILED", "x"), false],
  [new ReplicaResyncError("ACCESS_DENIED", "x"), false],
  [new Error("x"), false],
])("whether %s can pass is %s", (error, expected) => {
  expect(canPass(error)).toBe(expected);
});

test("a name of any length leaves room for what failed", () => {
  const { message } = new ReplicaResyncError("NOT_FOUND", "no such VM", {
    context: { vm: "A".repeat(100_000), host: "HV01" },
  });
  expect(message).toBe(`${"A".repeat(100)}… on HV01: no such VM`);
  const whole = new ReplicaResyncError("NOT_FOUND", "no such VM", { context: { vm: "A".repeat(100) } });
  expect(whole.message).toBe(`${"A".repeat(100)}: no such VM`);
});

test.each([
  ["none", "started"],
  ["started", "started"],
  ["unknown", "unknown"],
] as const)("an error with the effect %s that comes after the start has the effect %s", (before, after) => {
  const error = new ReplicaResyncError("UNREACHABLE", "it broke", {
    effect: before,
    remedy: "Repair it",
    context: { vm: "web01" },
  });
  expect(afterStart(error)).toMatchObject({
    name: "ReplicaResyncError",
    code: "UNREACHABLE",
    message: "web01: it broke. Repair it",
    effect: after,
  });
});

test("more to what failed comes before the remedy", () => {
  const error = new ReplicaResyncError("UNREACHABLE", "it broke", { remedy: "Repair it", context: { vm: "web01" } });
  expect(withMore(error, ", twice")).toMatchObject({
    name: "ReplicaResyncError",
    code: "UNREACHABLE",
    message: "web01: it broke, twice. Repair it",
    cause: error,
  });
  expect(withMore(new ReplicaResyncError("UNREACHABLE", "it broke"), ", twice")).toMatchObject({
    message: "it broke, twice",
  });
});

test("an error without a VM gets one, and loses nothing", () => {
  const error = new ReplicaResyncError("ACCESS_DENIED", "could not call Resynchronize", {
    effect: "unknown",
    remedy: "Ask for the rights",
    context: { host: "HV01", step: "call Resynchronize" },
  });
  expect(aboutVm(error, "web01")).toMatchObject({
    name: "ReplicaResyncError",
    code: "ACCESS_DENIED",
    message: "web01 on HV01: could not call Resynchronize. Ask for the rights",
    effect: "unknown",
    remedy: "Ask for the rights",
    context: { host: "HV01", vm: "web01", step: "call Resynchronize" },
    cause: error,
  });
  const placed = new ReplicaResyncError("ACCESS_DENIED", "no", { context: { vm: "db01" } });
  expect(aboutVm(placed, "web01")).toBe(placed);
});

test("a rejection that is restated keeps the return code", () => {
  const error = new ReplicaResyncError("REJECTED", "it is in use", { returnCode: 32774 });
  expect(aboutVm(error, "web01").returnCode).toBe(32774);
});
