import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { HostWatch } from "../../../../provider/core/host/hostWatch";
import { ReplicaResyncError } from "../../../../provider/core/errors";
import { otherVmId, vmId } from "../../../support/builders";
import { FakeClock } from "../../../support/fakeClock";
import { FakeHost } from "../../../support/fakeHost";
import { throwValue } from "../../../support/throwValue";

const never = new AbortController().signal;
const ids = Array.from({ length: 50 }, (_, index) => `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`);

function watchOn(...vmIds: readonly string[]): { host: FakeHost; clock: FakeClock; watch: HostWatch } {
  const clock = new FakeClock();
  const host = new FakeHost(clock);
  for (const id of vmIds) host.add(id);
  return { host, clock, watch: new HostWatch(host, clock, () => 0.5) };
}

test("fifty machines cost one query per class and tick", async () => {
  const { host, watch } = watchOn(...ids);
  const readings = await Promise.all(ids.map(async (id) => watch.next(id, never)));
  expect(host.log.calls.map(({ operation }) => operation)).toEqual([
    "readResyncJobs",
    "readReplication",
    "readService",
  ]);
  expect(readings.map((reading) => reading.vm?.vmId)).toEqual(ids);
});

test("a reading holds the machine's own jobs only", async () => {
  const clock = new FakeClock();
  const host = new FakeHost(clock)
    .add(vmId, { timeline: [[0, { jobs: [{ jobId: "one" }] }]] })
    .add(otherVmId, { timeline: [[0, { jobs: [{ jobId: "two" }] }]] });
  const watch = new HostWatch(host, clock, () => 0.5);
  const [one, other] = await Promise.all([watch.next(vmId, never), watch.next(otherVmId, never)]);
  expect([one, other].map(({ jobs }) => jobs.map(({ jobId }) => jobId))).toEqual([["one"], ["two"]]);
});

test("pauses grow by half up to 15 s", async () => {
  const { clock, watch } = watchOn(vmId);
  for (let tick = 0; tick < 9; tick++) await watch.next(vmId, never);
  expect(clock.slept).toEqual([1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 11_390.625, 15_000, 15_000]);
});

test("a machine that joins makes the next pause the shortest again", async () => {
  const { clock, watch } = watchOn(vmId, otherVmId);
  for (let tick = 0; tick < 4; tick++) await watch.next(vmId, never);
  watch.join();
  await watch.next(otherVmId, never);
  expect(clock.slept.at(-1)).toBe(1_000);
});

test("a machine that joins in the middle of a pause makes the one after it the shortest", async () => {
  const { clock, watch } = watchOn(vmId, otherVmId);
  for (let tick = 0; tick < 4; tick++) await watch.next(vmId, never);
  const reading = watch.next(vmId, never);
  watch.join();
  await Promise.all([reading, watch.next(otherVmId, never)]);
  await watch.next(vmId, never);
  expect(clock.slept.slice(-2)).toEqual([5_062.5, 1_000]);
});

test("the error of a tick reaches everybody who waits", async () => {
  const { host, watch } = watchOn(vmId, otherVmId);
  host.onCall = () => {
    throw new ReplicaResyncError("UNREACHABLE", "the host is away");
  };
  const waits = await Promise.allSettled([watch.next(vmId, never), watch.next(otherVmId, never)]);
  expect(waits).toEqual([
    expect.objectContaining({ reason: expect.objectContaining({ code: "UNREACHABLE" }) as unknown }),
    expect.objectContaining({ reason: expect.objectContaining({ code: "UNREACHABLE" }) as unknown }),
  ]);
});

test("the tick after a failed one reads again", async () => {
  const { host, watch } = watchOn(vmId);
  host.onCall = (_call, nth) => {
    if (nth === 1) throw new ReplicaResyncError("UNREACHABLE", "the host is away");
  };
  await expect(watch.next(vmId, never)).rejects.toThrow("the host is away");
  await expect(watch.next(vmId, never)).resolves.toMatchObject({ vm: { vmId } });
});

test("what is thrown and is no error becomes one", async () => {
  const { host, watch } = watchOn(vmId);
  host.onCall = async () => {
    throwValue("away");
  };
  await expect(watch.next(vmId, never)).rejects.toEqual(new Error("away"));
});

test("a clock that fails ends every wait instead of hanging it", async () => {
  const { clock, watch } = watchOn(vmId);
  clock.sleep = async () => Promise.reject(new Error("no time left"));
  await expect(watch.next(vmId, never)).rejects.toThrow("no time left");
});

test("one who stops waiting does not disturb the others", async () => {
  const { host, clock, watch } = watchOn(vmId, otherVmId);
  const controller = new AbortController();
  const stopped = watch.next(vmId, controller.signal);
  const going = watch.next(otherVmId, never);
  controller.abort(new Error("stopped"));
  await expect(stopped).rejects.toThrow("stopped");
  await expect(going).resolves.toMatchObject({ vm: { vmId: otherVmId } });
  expect(host.log.count("readReplication")).toBe(1);
  expect(clock.slept).toEqual([1_000]);
});

test("when nobody waits any more the pause ends, and the host is not read", async () => {
  const { host, watch } = watchOn(vmId);
  const controller = new AbortController();
  const stopped = watch.next(vmId, controller.signal);
  controller.abort(new Error("stopped"));
  await expect(stopped).rejects.toThrow("stopped");
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  expect(host.log.calls).toEqual([]);
});

test("one who comes in the moment in which the last one goes is served", async () => {
  const { watch } = watchOn(vmId, otherVmId);
  const controller = new AbortController();
  const stopped = watch.next(vmId, controller.signal);
  controller.abort(new Error("stopped"));
  const going = watch.next(otherVmId, never);
  await expect(stopped).rejects.toThrow("stopped");
  await expect(going).resolves.toMatchObject({ vm: { vmId: otherVmId } });
});

test("one who comes in the middle of a reading gets the next one", async () => {
  const { host, watch } = watchOn(vmId, otherVmId);
  let late: Promise<unknown> | undefined;
  host.onCall = ({ operation }) => {
    if (operation === "readReplication") late ??= watch.next(otherVmId, never);
  };
  await watch.next(vmId, never);
  await expect(late).resolves.toMatchObject({ vm: { vmId: otherVmId } });
  expect(host.log.count("readReplication")).toBe(2);
});

test("who has stopped already is not served at all", async () => {
  const { clock, watch } = watchOn(vmId);
  await expect(watch.next(vmId, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
  expect(clock.slept).toEqual([]);
});

test("while the management service does not run nothing counts that was read", async () => {
  const { host, watch } = watchOn();
  host.add(vmId, { timeline: [[0, { service: false, jobs: [{}] }]] });
  await expect(watch.next(vmId, never)).resolves.toEqual({ service: undefined, vm: undefined, jobs: [] });
});

test("nothing is left behind on a signal, whether a reading succeeds, fails or is stopped", async () => {
  const { host, watch } = watchOn(vmId);
  const controller = new AbortController();
  await watch.next(vmId, controller.signal);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  host.onCall = () => {
    throw new ReplicaResyncError("UNREACHABLE", "the host is away");
  };
  await expect(watch.next(vmId, controller.signal)).rejects.toThrow("the host is away");
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  const stopped = watch.next(vmId, controller.signal);
  controller.abort(new Error("stopped"));
  await expect(stopped).rejects.toThrow("stopped");
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
