import { ReplicaResyncError } from "../../../../provider/core/errors";
import { relationshipKey } from "../../../../provider/core/host/hostSession";
import type { Observation } from "../../../../provider/core/host/observation";
import { takeTurn } from "../../../../provider/core/start/takeTurn";
import { otherVmId, vmId } from "../../../support/builders";
import { LineLog } from "../../../support/callLog";
import { atSecond } from "../../../support/fakeClock";
import { lab, type Lab } from "../../../support/fakeHost";

/** Two resyncs of others run; the first ends after 30 s. */
function busyLab(): Lab {
  const one = lab(vmId, {
    timeline: [
      [0, { state: 10, jobs: [{}] }],
      [30, { state: 3, jobs: [{ jobState: 7 }] }],
    ],
  });
  one.host.add(otherVmId, { timeline: [[0, { state: 10, jobs: [{ jobId: "job-2", jobType: 121 }] }]] });
  return one;
}

/** When it is one's turn. */
async function turn({ context, clock }: Lab, most: number, progress = new LineLog()): Promise<number> {
  return takeTurn({ vmId, kind: "primary", most }, { ...context, progress }, async () => clock.now());
}

/** What one is given when it is one's turn. */
async function lookOf({ context }: Lab, more: { vmId?: string; kind?: "extended" } = {}): Promise<Observation> {
  return takeTurn({ vmId, kind: "primary", most: 2, ...more }, context, async (look) => look);
}

test("with room on the host it is one's turn at once", async () => {
  const one = busyLab();
  await turn(one, 3);
  expect(one.clock.slept).toEqual([]);
});

test("what runs on the host counts, one who started it, on either kind of relationship", async () => {
  const one = busyLab();
  const progress = new LineLog();
  const at = await turn(one, 2, progress);
  expect(at).toBeGreaterThanOrEqual(Date.parse(atSecond(30)));
  expect(progress.lines[0]).toBe("status: queued: 2 resynchronizations run on HV01, at most 2 at once");
});

test("a resync that is scheduled ahead does not count", async () => {
  const one = lab(vmId, { timeline: [[0, { jobs: [{ jobState: 2, scheduledStartTime: atSecond(3_600) }] }]] });
  await turn(one, 1);
  expect(one.clock.slept).toEqual([]);
});

test("turns come in the order of asking, and the others say how many are ahead", async () => {
  const one = busyLab();
  const order: string[] = [];
  const ask = async (name: string): Promise<void> => {
    const progress = new LineLog();
    await takeTurn({ vmId, kind: "primary", most: 2 }, { ...one.context, progress }, async () => {
      order.push(`${name} after ${progress.lines.filter((line) => line.includes("queued behind")).join(", ")}`);
    });
  };
  await Promise.all([ask("a"), ask("b"), ask("c")]);
  expect(order).toEqual([
    "a after ",
    "b after status: queued behind 1 on HV01",
    "c after status: queued behind 2 on HV01, status: queued behind 1 on HV01",
  ]);
});

test("a stop ends the queue for everybody", async () => {
  const one = busyLab();
  const both = [turn(one, 1), turn(one, 1)];
  one.clock.sleep = async (_delayMs, signal) => {
    one.stop();
    signal.throwIfAborted();
  };
  const ends = await Promise.allSettled(both);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("a host that cannot be read for some minutes does not end the queue", async () => {
  const one = lab(vmId, {
    timeline: [
      [0, { state: 10, jobs: [{}] }],
      [10, { error: new ReplicaResyncError("UNREACHABLE", "the host is away") }],
      [400, { error: null, service: false }],
      [500, { service: true, jobs: [] }],
    ],
  });
  const progress = new LineLog();
  await expect(turn(one, 1, progress)).resolves.toBeGreaterThanOrEqual(Date.parse(atSecond(500)));
  expect(progress.text).toContain("queued: cannot read HV01, trying again: the host is away");
});

test("a host that cannot be read for ten minutes ends the queue", async () => {
  const one = lab(vmId, { timeline: [[0, { error: new ReplicaResyncError("UNREACHABLE", "the host is away") }]] });
  await expect(turn(one, 1)).rejects.toThrow("the host is away");
  expect(one.clock.now()).toBeLessThan(Date.parse(atSecond(630)));
});

test("the ten minutes are over in their last second", async () => {
  const one = lab(vmId, { timeline: [[0, { error: new ReplicaResyncError("UNREACHABLE", "the host is away") }]] });
  one.host.onCall = (_call, nth) => {
    if (nth === 2) one.clock.pass(599);
  };
  await expect(turn(one, 1)).rejects.toThrow("the host is away");
  expect(one.clock.slept).toEqual([1_000]);
});

test("a host that can be read in between has another ten minutes", async () => {
  const error = new ReplicaResyncError("UNREACHABLE", "the host is away");
  const one = lab(vmId, {
    timeline: [
      [0, { error }],
      [400, { error: null, state: 10, jobs: [{}] }],
      [500, { error }],
      [900, { error: null, state: 3, jobs: [] }],
    ],
  });
  await expect(turn(one, 1)).resolves.toBeGreaterThanOrEqual(Date.parse(atSecond(900)));
});

test("a stop in the middle of a reading is not shown as a host that cannot be read", async () => {
  const one = lab(vmId);
  const controller = new AbortController();
  one.host.onCall = () => {
    controller.abort(new ReplicaResyncError("CANCELLED", "the run was stopped"));
  };
  const progress = new LineLog();
  const context = { ...one.context, signal: controller.signal, progress };
  const asked = takeTurn({ vmId, kind: "primary", most: 1 }, context, async () => "started");
  await expect(asked).rejects.toThrow("the run was stopped");
  expect(progress.lines).toEqual([]);
});

test("missing rights end the queue at once", async () => {
  const one = lab(vmId, { timeline: [[0, { error: new ReplicaResyncError("ACCESS_DENIED", "no rights") }]] });
  await expect(turn(one, 1)).rejects.toThrow("no rights");
  expect(one.clock.slept).toEqual([]);
});

test("an error of what was queued for is not repeated", async () => {
  const one = lab(vmId);
  let used = 0;
  const use = async (): Promise<never> => {
    used += 1;
    throw new ReplicaResyncError("UNREACHABLE", "broken");
  };
  await expect(takeTurn({ vmId, kind: "primary", most: 1 }, one.context, use)).rejects.toThrow("broken");
  expect(used).toBe(1);
});

test("a resync that this process waits for counts, also where the host shows no job of it", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 10, jobs: [] }]] });
  one.session.waitedFor.add(relationshipKey(vmId, "primary"));
  const queued = turn(one, 1);
  await one.clock.sleep(30_000, one.context.signal);
  one.session.waitedFor.clear();
  expect(await queued).toBeGreaterThanOrEqual(Date.parse(atSecond(30)));
});

test("a resync with a job that this process waits for counts once", async () => {
  const one = busyLab();
  one.session.waitedFor.add(relationshipKey(vmId, "primary")).add(relationshipKey(otherVmId, "extended"));
  await turn(one, 3);
  expect(one.clock.slept).toEqual([]);
});

test("one who is first in the queue for an hour is told once what may hold it up", async () => {
  const one = lab(vmId, {
    timeline: [
      [0, { state: 11, jobs: [{ jobState: 5 }] }],
      [10_000, { state: 3, jobs: [] }],
    ],
  });
  const progress = new LineLog();
  await turn(one, 1, progress);
  expect(progress.lines.filter((line) => line.startsWith("warn:"))).toEqual([
    "warn: queued for 1 h: check whether a resynchronization on HV01 is paused or stuck",
  ]);
});

test("with room on the host only the own VM is read, and handed on as it was read", async () => {
  const one = busyLab();
  one.host.add("other", { timeline: [[0, { state: 3, jobs: [] }]] });
  const {
    service: read,
    vm,
    link,
    jobs,
  } = await takeTurn({ vmId: otherVmId, kind: "primary", most: 3 }, one.context, async (look) => look);
  expect(read.hostTime).toBe(atSecond(0));
  expect(vm.vmId).toBe(otherVmId);
  expect(link?.replicationState).toBe(10);
  expect(jobs.map(({ jobId }) => jobId)).toEqual(["job-2"]);
  expect(one.log.calls.map(({ operation }) => operation)).toEqual(["readResyncJobs", "readVm", "readService"]);
});

test("the relationship that is handed on is the one of the kind", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 7, link: { kind: "extended" } }]] });
  expect((await lookOf(one)).link).toBeUndefined();
  expect((await lookOf(one, { kind: "extended" })).link).toMatchObject({ kind: "extended", replicationState: 7 });
});

test("what is handed on after a wait was read as soon as there was room", async () => {
  const one = busyLab();
  const look = await lookOf(one);
  expect(look.service.hostTime).toBe(new Date(one.clock.now()).toISOString());
  expect(look.link?.replicationState).toBe(3);
  const operations = one.log.calls.map(({ operation }) => operation);
  expect(operations.slice(-3)).toEqual(["readResyncJobs", "readVm", "readService"]);
  expect(operations.slice(-6, -3)).toEqual(["readResyncJobs", "readVms", "readService"]);
  expect(one.log.count("readVm")).toBe(2);
});

test("one who waits shares the readings of those who wait for their resyncs", async () => {
  const one = busyLab();
  await Promise.all([turn(one, 2), one.session.reader.next(one.context.signal)]);
  expect(one.clock.slept.slice(0, 3)).toEqual([1_000, 1_000, 1_500]);
  expect(one.log.count("readVms")).toBe(one.clock.slept.length);
});

test("one who begins to wait makes the next pause the shortest again, and only then", async () => {
  const one = busyLab();
  for (let tick = 0; tick < 4; tick++) await one.session.reader.next(one.context.signal);
  await turn(one, 2);
  expect(one.clock.slept.slice(4, 7)).toEqual([1_000, 1_500, 2_250]);
});

test("room that is taken by another in the last moment is waited for again", async () => {
  const one = busyLab();
  const third = "11111111-0000-4000-8000-000000000000";
  one.host.add(third, { timeline: [[0, { state: 3, jobs: [] }]] });
  let isTaken = false;
  one.host.onCall = ({ operation }) => {
    if (operation !== "readService" || isTaken || one.clock.now() < Date.parse(atSecond(30))) return;
    isTaken = true;
    one.host.machine(third).play([
      [0, { state: 10, jobs: [{ jobId: "job-3" }] }],
      [60, { state: 3, jobs: [] }],
    ]);
  };
  const progress = new LineLog();
  expect(await turn(one, 2, progress)).toBeGreaterThanOrEqual(Date.parse(atSecond(90)));
  expect(one.log.count("readVm")).toBeGreaterThanOrEqual(3);
});

test("a VM that is not there is not queued for", async () => {
  const one = lab(vmId, { timeline: [[0, { vm: null }]] });
  one.host.add(otherVmId);
  await expect(turn(one, 1)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining(`${vmId} on HV01: no such VM among the 1 that the account sees`) as string,
  });
  expect(one.clock.slept).toEqual([]);
});

test("a service that does not run is told of while it is waited for", async () => {
  const one = lab(vmId, {
    timeline: [
      [0, { service: false }],
      [20, { service: true }],
    ],
  });
  const progress = new LineLog();
  await expect(turn(one, 1, progress)).resolves.toBeGreaterThanOrEqual(Date.parse(atSecond(20)));
  expect(progress.lines[0]).toMatch(
    /^status: queued: cannot read HV01, trying again: on HV01: the host's replication service is not available\. /,
  );
});

test("one who is stopped in the queue before his turn is not read for", async () => {
  const one = lab(vmId);
  one.stop();
  await expect(turn(one, 1)).rejects.toThrow("the run was cancelled");
  expect(one.log.calls).toEqual([]);
});

test.each([
  [3_599, 1],
  [3_598.999, 0],
])("the hour at the head of the queue is over after a tick and %d s: %d warnings", async (seconds, count) => {
  const one = lab(vmId, { timeline: [[0, { state: 10, jobs: [{}] }]] });
  one.host.onCall = (_call, nth) => {
    if (nth === 4) one.clock.pass(seconds);
    if (nth === 6) one.host.machine(vmId).play([[0.001, { state: 3, jobs: [] }]]);
  };
  const progress = new LineLog();
  await turn(one, 1, progress);
  expect(one.clock.slept).toEqual([1_000, 1_500]);
  expect(progress.lines.filter((line) => line.startsWith("warn:"))).toHaveLength(count);
});

test.each([
  ["when there is room at once", 3],
  ["after a wait, in which the whole host is read", 2],
])("what one is given was read of the VM right before, %s", async (_when, most) => {
  const one = busyLab();
  const before = await takeTurn({ vmId, kind: "primary", most }, one.context, async () => one.log.calls.slice(-3));
  expect(before.map(({ operation }) => operation)).toEqual(["readResyncJobs", "readVm", "readService"]);
});

test("a place that comes free while the host is being read is not taken by what was read before", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 9 }]] });
  const { waitedFor } = one.session;
  waitedFor.add(relationshipKey(otherVmId, "primary"));
  let reads = 0;
  one.host.onCall = ({ operation }) => {
    // The one who is waited for ends by the same reading that the queue is given.
    if (operation === "readVms" && ++reads === 1)
      setImmediate(() => {
        waitedFor.clear();
      });
  };
  const before = await takeTurn({ vmId, kind: "primary", most: 1 }, one.context, async () => one.log.calls.slice(-3));
  expect(before.map(({ operation }) => operation)).toEqual(["readResyncJobs", "readVm", "readService"]);
});
