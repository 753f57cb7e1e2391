import { ReplicaResyncError } from "../../../../provider/core/errors";
import { observeVm } from "../../../../provider/core/host/readVm";
import { stoppedBefore, suspend, type Suspension } from "../../../../provider/core/start/suspend";
import { returnCodes } from "../../../../provider/core/hyperv/returnCode";
import { vmId } from "../../../support/builders";
import { lab, type Lab, type Scene, type Script } from "../../../support/fakeHost";

const lost = new ReplicaResyncError("SESSION_LOST", "the connection was lost");
const suspending = { host: "HV01", vm: "web01", step: "suspend replication" };

/** A VM that replicates normally, with the answer to its suspension. */
function suspendable(answer?: NonNullable<Script["changes"]>[7]): Lab {
  return lab(vmId, { timeline: [[0, { state: 3 }]], changes: answer === undefined ? {} : { 7: answer } });
}

async function suspendOn(one: Lab): ReturnType<typeof suspend> {
  const before = await observeVm(one.host, vmId, "primary", { signal: new AbortController().signal });
  return suspend(before, "primary", one.context);
}

async function refusedSuspensionOn(one: Lab): Promise<Extract<Suspension, { kind: "failed" }>> {
  const suspension = await suspendOn(one);
  if (suspension.kind !== "failed") throw new Error(`it went ${suspension.kind}`);
  return suspension;
}

test("a suspension is announced, asked for once, and over as soon as the host shows it", async () => {
  const one = suspendable({ reply: { returnCode: 4096 }, then: [[2, { state: 7 }]] });
  await expect(suspendOn(one)).resolves.toEqual({ kind: "suspended" });
  expect(one.lines.lines).toEqual([
    "status: suspending replication: the host refuses to resynchronize a VM that replicates normally",
  ]);
  expect(one.log.requestedStates).toEqual([7]);
  expect(one.clock.slept).toEqual([1_000, 1_000]);
});

test("a VM that loses its relationship in the meantime does not count as suspended", async () => {
  const one = suspendable({
    then: [
      [0, { state: null }],
      [3, { state: 7 }],
    ],
  });
  await expect(suspendOn(one)).resolves.toEqual({ kind: "suspended" });
  expect(one.clock.slept).toEqual([1_000, 1_000, 1_000]);
});

test.each([...returnCodes].filter(([, { effect }]) => effect !== "started"))(
  "a suspension that is answered with %d is refused with the remedy, and may show itself only if that is open",
  async (returnCode, { name, remedy, effect }) => {
    const { error, isAsked } = await refusedSuspensionOn(suspendable({ reply: { returnCode } }));
    expect(error).toMatchObject({
      code: "REFUSED",
      effect: "none",
      message: `web01 on HV01: the host did not suspend it: ${returnCode} (${name}). ${remedy}`,
      context: suspending,
    });
    expect(isAsked).toBe(effect === "unknown");
  },
);

test("a suspension with an undocumented answer is a bug of the package, and may show itself", async () => {
  const { error, isAsked } = await refusedSuspensionOn(suspendable({ reply: { returnCode: 5 } }));
  expect(error.message).toBe(
    "web01 on HV01: the host did not suspend it: 5 (undocumented). Report this as a bug of the package",
  );
  expect(isAsked).toBe(true);
});

test.each<[string, Scene]>([
  ["its job", { state: 3, jobs: [{ jobId: "job-7" }] }],
  ["its job, with the link suspended", { state: 7, jobs: [{ jobId: "job-7" }] }],
  ["the state of the relationship", { state: 10 }],
])("a suspension ends as soon as somebody else's resync shows itself by %s", async (_, scene) => {
  const one = suspendable({ then: [[2, scene]] });
  const suspension = await suspendOn(one);
  expect(suspension.kind).toBe("overtaken");
  expect(one.clock.slept).toEqual([1_000, 1_000]);
});

test("a resync that has ended, or of the other relationship, does not overtake a suspension", async () => {
  const one = suspendable({ then: [[0, { state: 7, jobs: [{ jobState: 7 }, { jobId: "job-8", jobType: 121 }] }]] });
  await expect(suspendOn(one)).resolves.toEqual({ kind: "suspended" });
});

test("a suspension that does not show is given up after a minute", async () => {
  const one = suspendable({});
  const { error, isAsked } = await refusedSuspensionOn(one);
  expect(error).toMatchObject({
    code: "REFUSED",
    effect: "none",
    message:
      "web01 on HV01: the host accepted to suspend it and did not do so within a minute. Look at the VM in Hyper-V Manager",
    context: suspending,
  });
  expect(isAsked).toBe(true);
  expect(one.clock.slept).toEqual(Array.from({ length: 60 }, () => 1_000));
});

test("a stop in the middle of a suspension says that nothing was started", async () => {
  const one = suspendable();
  one.host.onReply = one.stop;
  const { error, isAsked } = await refusedSuspensionOn(one);
  expect(error).toMatchObject({
    code: "CANCELLED",
    message: "web01 on HV01: stopped before anything was started. Run up again",
    context: suspending,
  });
  expect(isAsked).toBe(true);
});

test("an error of the suspension with the effect none is handed on as it is", async () => {
  const error = new ReplicaResyncError("ACCESS_DENIED", "no rights");
  const result = await refusedSuspensionOn(suspendable({ error }));
  expect(result.error).toBe(error);
  expect(result.isAsked).toBe(true);
});

test.each([
  [lost, "the connection was lost"],
  [new Error("socket hang up"), "socket hang up"],
])("whatever became of a suspension, no resync was called for: %#", async (thrown, summary) => {
  const { error, isAsked } = await refusedSuspensionOn(suspendable({ error: thrown }));
  expect(error).toMatchObject({ code: "REFUSED", effect: "none", summary, context: suspending, cause: thrown });
  expect(isAsked).toBe(true);
});

test("a run that was stopped before its call has begun nothing", () => {
  expect(stoppedBefore(suspending)).toMatchObject({
    code: "CANCELLED",
    effect: "none",
    message: "web01 on HV01: stopped before anything was started. Run up again",
    context: suspending,
  });
});
