import { ReplicaResyncError } from "../../../../provider/core/errors";
import { observeVm } from "../../../../provider/core/host/readVm";
import { putBack, staysSuspended } from "../../../../provider/core/start/putBack";
import { vmId } from "../../../support/builders";
import { lab, type Lab, type Scene } from "../../../support/fakeHost";

const lost = new ReplicaResyncError("SESSION_LOST", "the connection was lost");
const resuming = { host: "HV01", vm: "web01", step: "resume replication" };
const noResync = new ReplicaResyncError("REFUSED", "another operation holds the VM", { remedy: "Wait for it" });

async function putBackOn(one: Lab): Promise<ReplicaResyncError> {
  const before = await observeVm(one.host, vmId, "primary", { signal: new AbortController().signal });
  return putBack(before, "primary", one.context, noResync);
}

test("a suspended VM is resumed once, and the error stays what it was", async () => {
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
])("a VM that %s is not resumed", async (_what, scene) => {
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
      "web01 on HV01: another operation holds the VM. The host was asked to suspend its replication and may do so yet. If it does, resume it: Resume-VMReplication",
    context: resuming,
    cause: noResync,
  });
  expect(one.log.requestedStates).toEqual([]);
  expect(one.clock.slept).toHaveLength(60);
});

test("after a stop a suspension that does not show itself is told of two seconds later", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 3 }]] });
  const before = await observeVm(one.host, vmId, "primary", { signal: new AbortController().signal });
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
    const before = await observeVm(one.host, vmId, "primary", { signal: new AbortController().signal });
    one.host.onCall = () => {
      one.host.onCall = () => undefined;
      first();
      limits.at(-1)?.controller.abort(new Error(`${limits.at(-1)?.ms} ms are over`));
    };
    return (await putBack(before, "primary", one.context, noResync)).summary;
  }
  const stays = "another operation holds the VM. Its replication was suspended for this and could not be resumed";

  test("putting back leaves nothing on the signal of the run", async () => {
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, "addEventListener");
    const removed = jest.spyOn(signal, "removeEventListener");
    const one = lab(vmId, { timeline: [[0, { state: 7 }]] });
    const before = await observeVm(one.host, vmId, "primary", { signal });
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
    const observed = observeVm(one.host, vmId, "primary", { signal: new AbortController().signal });
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
  ["is lost", { error: lost }, "the connection was lost"],
  ["breaks", { error: new Error("socket hang up") }, "socket hang up"],
])("a suspension that stays because its resumption %s is told of", async (_how, answer, why) => {
  const one = lab(vmId, { timeline: [[0, { state: 7 }]], changes: { 3: answer } });
  await expect(putBackOn(one)).resolves.toMatchObject({
    code: "REFUSED",
    effect: "unknown",
    message: `web01 on HV01: another operation holds the VM. Its replication was suspended for this and could not be resumed (${why}). Resume it: Resume-VMReplication`,
    context: resuming,
    cause: noResync,
  });
});

test("a VM whose call may have been carried out stays suspended, and the error says how to continue", () => {
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
