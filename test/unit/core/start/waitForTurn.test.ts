import { ReplicaResyncError } from "../../../../provider/core/errors";
import { linkKey } from "../../../../provider/core/host/hostSession";
import { waitForTurn } from "../../../../provider/core/start/waitForTurn";
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

async function turn({ session, context }: Lab, most: number, progress = new LineLog()): Promise<number> {
  return waitForTurn(session, most, { signal: context.signal, progress }, async () => session.clock.now());
}

test("with room on the host it is one's turn at once", async () => {
  const one = busyLab();
  await turn(one, 3);
  expect(one.clock.slept).toEqual([]);
});

test("what runs on the host counts, whoever started it, on either kind of link", async () => {
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
    await waitForTurn(one.session, 2, { signal: one.context.signal, progress }, async () => {
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

test("the ten minutes are over in their last moment", async () => {
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
  const asked = waitForTurn(one.session, 1, { signal: controller.signal, progress }, async () => "started");
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
  await expect(waitForTurn(one.session, 1, { ...one.context }, use)).rejects.toThrow("broken");
  expect(used).toBe(1);
});

test("a resync that this process waits for counts, also where the host shows no job of it", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 10, jobs: [] }]] });
  one.session.waitedFor.add(linkKey(vmId, "primary"));
  const queued = turn(one, 1);
  await one.clock.sleep(30_000, one.context.signal);
  one.session.waitedFor.clear();
  expect(await queued).toBeGreaterThanOrEqual(Date.parse(atSecond(30)));
});

test("a resync with a job that this process waits for counts once", async () => {
  const one = busyLab();
  one.session.waitedFor.add(linkKey(vmId, "primary")).add(linkKey(otherVmId, "extended"));
  await turn(one, 3);
  expect(one.clock.slept).toEqual([]);
});

test("whoever is first in the queue for an hour is told once what may hold it up", async () => {
  const one = lab(vmId, {
    timeline: [
      [0, { state: 11, jobs: [{ jobState: 5 }] }],
      [10_000, { state: 3, jobs: [] }],
    ],
  });
  const progress = new LineLog();
  await turn(one, 1, progress);
  expect(progress.lines.filter((line) => line.startsWith("warn:"))).toEqual([
    "warn: queued for 1 h: look whether a resynchronization on HV01 is paused or stuck",
  ]);
});
