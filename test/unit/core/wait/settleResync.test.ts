import { ReplicaResyncError } from "../../../../provider/core/errors";
import { asError, settle } from "../../../../provider/core/wait/settleResync";
import { awaited, record, request, seen, vmId } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";
import { goodRun, lab, longRun, type Script } from "../../../support/fakeHost";

const going = new AbortController().signal;
const stopped = AbortSignal.abort(new Error("stopped"));

test("an error of the package stays what it is", () => {
  const error = new ReplicaResyncError("REFUSED", "no");
  expect(asError(error, going)).toBe(error);
  expect(asError(error, stopped)).toBe(error);
});

test.each([
  [new Error("socket hang up"), "socket hang up"],
  [new Error(""), "Error"],
  ["text", "text"],
  [undefined, "undefined"],
])("%p becomes an error that says %s", (thrown, message) => {
  expect(asError(thrown, going)).toMatchObject({
    code: "REFUSED",
    message,
    ...(thrown !== undefined && { cause: thrown }),
  });
});

test("after a stop an error that nobody knows is the stop", () => {
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
])("after a stop the sentence says how long was waited and what goes on", (kept, text) => {
  const error = asError(new Error("aborted"), stopped, kept, 60_000);
  expect(error).toMatchObject({
    code: "CANCELLED",
    effect: "started",
    remedy: "Run up again to go on waiting",
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

test.each([
  ["started", [`${vmId} primary`]],
  ["scheduled", []],
] as const)("a %s request is known to the session as waited for while it is: %j", async (outcome, keys) => {
  const one = lab(vmId, { timeline: goodRun });
  const during: string[][] = [];
  one.host.onCall = () => {
    during.push([...one.session.waitedFor]);
  };
  const begun = { record: record({ outcome, jobId: "job-1" }), awaited: awaited(), seen: seen() };
  await expect(settle(begun, request(), one.context)).resolves.toMatchObject({ ok: true });
  expect(during.length).toBeGreaterThan(2);
  expect(new Set(during.map(String))).toEqual(new Set([String(keys)]));
  expect(one.session.waitedFor.size).toBe(0);
});

test.each<[string, Script]>([
  ["ends", { timeline: longRun.concat([[60, { state: 3, jobs: [{ jobState: 7 }] }]]) }],
  ["breaks", { timeline: longRun }],
])("a resync counts as running as long as it is waited for, also when the wait %s", async (how, script) => {
  const one = lab(vmId, script);
  const counted: number[] = [];
  one.host.onCall = () => {
    counted.push(one.session.waitedFor.size);
  };
  const show = one.context.progress.status.bind(one.context.progress);
  one.context.progress.status = (message) => {
    if (how === "breaks") throw new Error("a bug");
    show(message);
  };
  const begun = { record: record({ jobId: "job-1" }), awaited: awaited(), seen: seen() };
  await settle(begun, request(), one.context).catch(() => undefined);
  expect(new Set(counted)).toEqual(new Set([1]));
  expect(one.session.waitedFor.size).toBe(0);
});
