import { ReplicaResyncError } from "../../../../provider/core/errors";
import { asError } from "../../../../provider/core/wait/asError";
import { record } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const going = new AbortController().signal;
const stopped = AbortSignal.abort(new Error("stopped"));

test("an error of the package stays what it is", () => {
  const error = new ReplicaResyncError("REFUSED", "no");
  expect(asError(error, going)).toBe(error);
  expect(asError(error, stopped)).toBe(error);
});

test.each([
  [new Error("socket hang up"), "socket hang up"],
  [new Error(""), "failed without a message"],
  ["", "failed without a message"],
  ["text", "text"],
  [undefined, "undefined"],
])("%p becomes an error that says %s", (thrown, message) => {
  expect(asError(thrown, going)).toMatchObject({
    code: "REFUSED",
    message,
    ...(thrown !== undefined && { cause: thrown }),
  });
});

test("after a stop an error that is not known is the stop", () => {
  expect(asError(new Error("aborted"), stopped)).toMatchObject({
    code: "CANCELLED",
    effect: "none",
    message: "stopped before anything was started. Run up again",
  });
});

test.each([
  [record({ jobId: "job-1" }), "stopped waiting after 1 min; job job-1 keeps running on the host"],
  [record(), "stopped waiting after 1 min; the resynchronization keeps running on the host"],
  [
    record({ outcome: "scheduled", jobId: "job-1", scheduledStartTime: atSecond(600) }),
    `stopped waiting after 1 min; job job-1 stays scheduled on the host for ${atSecond(600)}`,
  ],
  [record({ scheduledStartTime: atSecond(-600) }), "the resynchronization keeps running on the host"],
  [record({ outcome: "scheduled" }), "the resynchronization keeps running on the host"],
])("after a stop the sentence says how long was waited and what continues", (kept, text) => {
  const error = asError(new Error("aborted"), stopped, kept, 60_000);
  expect(error).toMatchObject({
    code: "CANCELLED",
    effect: "started",
    remedy: "Run up again to keep waiting",
    context: { host: "HV01", vm: "web01", step: "wait" },
  });
  expect(error.message).toContain(text);
});

test("after a stop nothing is said of a time that is not known", () => {
  expect(asError(undefined, stopped, record()).message).toContain("stopped waiting; the resynchronization");
});

test("no error of a resync that has begun says that nothing happened", () => {
  const refused = new ReplicaResyncError("AUTH_FAILED", "the password is wrong", {
    remedy: "Check it",
    context: { host: "HV01" },
  });
  const raised = asError(refused, going, record());
  expect(raised).toMatchObject({
    name: "ReplicaResyncError",
    code: "AUTH_FAILED",
    effect: "started",
    summary: "the password is wrong",
    message: refused.message,
    cause: refused,
  });
  const known = new ReplicaResyncError("SESSION_LOST", "gone");
  expect(asError(known, going, record())).toBe(known);
  expect(asError("text", going, record())).toMatchObject({ code: "REFUSED", effect: "started", message: "text" });
});
