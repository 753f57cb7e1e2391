import { ReplicaResyncError } from "../../../../provider/core/errors";
import { observe } from "../../../../provider/core/host/observe";
import {
  putBack,
  staysSuspended,
  stoppedBefore,
  suspend,
  type Suspension,
  textOf,
} from "../../../../provider/core/start/suspension";
import { returnCodes } from "../../../../provider/core/hyperv/returnCode";
import { vmId } from "../../../support/builders";
import { lab, type Lab, type Scene, type Script } from "../../../support/fakeHost";

const lost = new ReplicaResyncError("SESSION_LOST", "the connection broke off");
const suspending = { host: "HV01", vm: "web01", step: "suspend replication" };
const resuming = { host: "HV01", vm: "web01", step: "resume replication" };
const noResync = new ReplicaResyncError("REFUSED", "another operation holds the machine", { remedy: "Wait for it" });

/** A machine that replicates normally, with the answer to its suspension. */
function suspendable(answer?: NonNullable<Script["changes"]>[7]): Lab {
  return lab(vmId, { timeline: [[0, { state: 3 }]], changes: answer === undefined ? {} : { 7: answer } });
}

async function suspendOn(one: Lab): ReturnType<typeof suspend> {
  const before = await observe(one.host, vmId, "primary", { signal: new AbortController().signal });
  return suspend(before, "primary", one.context);
}

async function refusedSuspensionOn(one: Lab): Promise<Extract<Suspension, { kind: "failed" }>> {
  const suspension = await suspendOn(one);
  if (suspension.kind !== "failed") throw new Error(`it went ${suspension.kind}`);
  return suspension;
}

async function putBackOn(one: Lab): Promise<ReplicaResyncError> {
  const before = await observe(one.host, vmId, "primary", { signal: new AbortController().signal });
  return putBack(before, "primary", one.context, noResync);
}

test("a suspension is announced, asked for once, and over as soon as the host shows it", async () => {
  const one = suspendable({ reply: { returnCode: 4096 }, then: [[2, { state: 7 }]] });
  await expect(suspendOn(one)).resolves.toEqual({ kind: "suspended" });
  expect(one.lines.lines).toEqual([
    "status: suspending replication: the host refuses to resynchronize a machine that replicates normally",
  ]);
  expect(one.log.requestedStates).toEqual([7]);
  expect(one.clock.slept).toEqual([1_000, 1_000]);
});

test("a machine that loses its link in the meantime does not count as suspended", async () => {
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
  ["the state of the link", { state: 10 }],
])("a suspension ends as soon as somebody else's resync shows itself by %s", async (_, scene) => {
  const one = suspendable({ then: [[2, scene]] });
  const suspension = await suspendOn(one);
  expect(suspension.kind).toBe("overtaken");
  expect(one.clock.slept).toEqual([1_000, 1_000]);
});

test("a resync that has ended, or of the other link, does not overtake a suspension", async () => {
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
      "web01 on HV01: the host accepted to suspend it and did not do so within a minute. Look at the machine in Hyper-V Manager",
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
  [lost, "the connection broke off"],
  [new Error("socket hang up"), "socket hang up"],
])("whatever became of a suspension, no resync was called for: %#", async (thrown, summary) => {
  const { error, isAsked } = await refusedSuspensionOn(suspendable({ error: thrown }));
  expect(error).toMatchObject({ code: "REFUSED", effect: "none", summary, context: suspending, cause: thrown });
  expect(isAsked).toBe(true);
});

test("a suspended machine is resumed once, and the error stays what it was", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 7 }]] });
  await expect(putBackOn(one)).resolves.toBe(noResync);
  expect(one.log.requestedStates).toEqual([3]);
  expect(one.clock.slept).toEqual([]);
});

test("a suspension that shows itself late is waited for and resumed", async () => {
  const one = lab(vmId, {
    timeline: [
      [0, { state: 3 }],
      [2, { state: 7 }],
    ],
  });
  await expect(putBackOn(one)).resolves.toBe(noResync);
  expect(one.log.requestedStates).toEqual([3]);
});

test.each<[string, Scene]>([
  ["is being resynchronized", { state: 10 }],
  ["is in need", { state: 9 }],
  ["has no link any more", { state: null }],
])("a machine that %s is not resumed", async (_what, scene) => {
  const one = lab(vmId, { timeline: [[0, scene]] });
  await expect(putBackOn(one)).resolves.toBe(noResync);
  expect(one.log.requestedStates).toEqual([]);
  expect(one.clock.slept).toEqual([]);
});

test("a suspension that has not shown itself after a minute is told of", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 3 }]] });
  const error = await putBackOn(one);
  expect(error).toMatchObject({
    code: "REFUSED",
    effect: "none",
    message:
      "web01 on HV01: another operation holds the machine. The host was asked to suspend its replication and may do so yet. If it does, resume it: Resume-VMReplication",
    context: resuming,
    cause: noResync,
  });
  expect(one.log.requestedStates).toEqual([]);
  expect(one.clock.slept).toHaveLength(60);
});

test("after a stop a suspension that does not show itself is told of two seconds later", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 3 }]] });
  const before = await observe(one.host, vmId, "primary", { signal: new AbortController().signal });
  one.stop();
  const error = await putBack(before, "primary", one.context, noResync);
  expect(error.message).toContain("may do so yet");
  expect(one.clock.slept).toEqual([1_000, 1_000]);
});

describe("with time limits that a test ends", () => {
  const limits: { readonly ms: number; readonly controller: AbortController }[] = [];

  beforeEach(() => {
    limits.length = 0;
    jest.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      const controller = new AbortController();
      limits.push({ ms, controller });
      return controller.signal;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** What putting back says when its last time limit is over, after these steps at its first reading. */
  async function endedBy(one: Lab, first: () => void): Promise<string> {
    const before = await observe(one.host, vmId, "primary", { signal: new AbortController().signal });
    one.host.onCall = () => {
      one.host.onCall = () => undefined;
      first();
      limits.at(-1)?.controller.abort(new Error(`${limits.at(-1)?.ms} ms are over`));
    };
    return (await putBack(before, "primary", one.context, noResync)).summary;
  }
  const stays = "another operation holds the machine. Its replication was suspended for this and could not be resumed";

  test("putting back leaves nothing on the signal of the run", async () => {
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, "addEventListener");
    const removed = jest.spyOn(signal, "removeEventListener");
    const one = lab(vmId, { timeline: [[0, { state: 7 }]] });
    const before = await observe(one.host, vmId, "primary", { signal });
    await putBack(before, "primary", { ...one.context, signal }, noResync);
    expect(added).toHaveBeenCalled();
    for (const [type, listener] of added.mock.calls) expect(removed).toHaveBeenCalledWith(type, listener);
  });

  test("putting back has a minute", async () => {
    await expect(endedBy(lab(vmId), () => undefined)).resolves.toBe(`${stays} (60000 ms are over)`);
  });

  test("putting back has two seconds once the run is stopped in the middle of it", async () => {
    const one = lab(vmId);
    await expect(endedBy(one, one.stop)).resolves.toBe(`${stays} (2000 ms are over)`);
    expect(limits.map(({ ms }) => ms)).toEqual([60_000, 2_000]);
  });

  test("putting back has two seconds when the run is stopped before it", async () => {
    const one = lab(vmId);
    const observed = observe(one.host, vmId, "primary", { signal: new AbortController().signal });
    one.host.onCall = () => {
      limits.at(-1)?.controller.abort(new Error("over"));
    };
    const before = await observed;
    one.stop();
    await expect(putBack(before, "primary", one.context, noResync)).resolves.toMatchObject({
      summary: `${stays} (over)`,
    });
    expect(limits.map(({ ms }) => ms)).toEqual([2_000]);
  });
});

test.each([
  ["is refused", { reply: { returnCode: 32774 } }, "resuming returned 32774 (SystemInUse)"],
  ["is lost", { error: lost }, "the connection broke off"],
  ["breaks", { error: new Error("socket hang up") }, "socket hang up"],
])("a suspension that stays because its resumption %s is told of", async (_how, answer, why) => {
  const one = lab(vmId, { timeline: [[0, { state: 7 }]], changes: { 3: answer } });
  await expect(putBackOn(one)).resolves.toMatchObject({
    code: "REFUSED",
    effect: "unknown",
    message: `web01 on HV01: another operation holds the machine. Its replication was suspended for this and could not be resumed (${why}). Resume it: Resume-VMReplication`,
    context: resuming,
    cause: noResync,
  });
});

test("a machine whose call may have been carried out stays suspended, and the error says how to go on", () => {
  const error = new ReplicaResyncError("JOB_LOST", "the reply to Resynchronize was lost", {
    context: { vm: "web01", host: "HV01" },
  });
  expect(staysSuspended(error)).toMatchObject({
    code: "JOB_LOST",
    effect: "unknown",
    message:
      "web01 on HV01: the reply to Resynchronize was lost. Its replication was suspended for this and stays so. Run up again: it asks once more if nothing runs. To give up instead, resume it once it is clear that no resynchronization runs: Resume-VMReplication",
    cause: error,
  });
});

test("a run that was stopped before its call has begun nothing", () => {
  expect(stoppedBefore(suspending)).toMatchObject({
    code: "CANCELLED",
    effect: "none",
    message: "web01 on HV01: stopped before anything was started. Run up again",
    context: suspending,
  });
});

test.each([
  [new ReplicaResyncError("UNREACHABLE", "the host is away"), "the host is away"],
  ["away", "away"],
  [undefined, "undefined"],
])("a thrown value says what it is: %#", (thrown, text) => {
  expect(textOf(thrown)).toBe(text);
});
