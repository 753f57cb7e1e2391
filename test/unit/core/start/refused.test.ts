import { ReplicaResyncError } from "../../../../provider/core/errors";
import type { EarlierRun } from "../../../../provider/core/decide/decision";
import { asRead } from "../../../../provider/core/record/reading";
import type { ResyncRecord } from "../../../../provider/core/record/record";
import { refused } from "../../../../provider/core/start/refused";
import { resync } from "../../../../provider/core/resync";
import { failedRecord, observation, record, request, vmId } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";
import { badRun, type Lab, lab, longRun, runOn, type Script } from "../../../support/fakeHost";

/** A request that ended well, of a VM that a refresh has found in state 9 again. */
const healthyOnce: ResyncRecord = record({ outcome: "completed", returnCode: 4096, attempts: 1, requestId: "before" });

const refusing: Script = { starts: [{ reply: { returnCode: 32774 } }] };
const why = "it requires a resynchronization again, and that failed: Resynchronize returned 32774 (SystemInUse)";

async function heal(one: Lab, before = healthyOnce): ReturnType<typeof resync> {
  return resync(request({ selector: { vmId } }), one.context, { kind: "heal", record: before });
}

test("a VM that requires a resync again is resynchronized as a request of its own", async () => {
  const one = lab(vmId);
  await expect(heal(one)).resolves.toMatchObject({
    ok: true,
    record: { outcome: "completed", requestId: "request-1", attempts: 1, failuresInRow: 0 },
  });
  expect(one.log.starts).toBe(1);
});

test("a refused call keeps the request that ended well, and counts the failure", async () => {
  const result = await heal(lab(vmId, refusing));
  expect(result).toMatchObject({
    ok: false,
    error: { code: "REJECTED" },
    record: {
      outcome: "completed",
      requestId: "before",
      returnCode: 4096,
      attempts: 1,
      reason: expect.stringContaining(why) as string,
      failuresInRow: 1,
      failingSince: atSecond(0),
      nextAttemptAt: atSecond(300),
    },
  });
});

test("before its time no call is made, and the error says why and until when", async () => {
  const one = lab(vmId, refusing);
  const { record: kept } = await heal(one);
  one.clock.pass(299);
  const again = runOn(one.host);
  const result = await heal(again, kept);
  expect(result).toMatchObject({ ok: false, error: { code: "JOB_FAILED", effect: "started" } });
  expect(result.record).toBeUndefined();
  expect(result.ok ? "" : result.error.message).toContain(
    `(1 in a row since ${atSecond(0)}); no new call before ${atSecond(300)}. Change \`triggers\``,
  );
  expect(one.log.starts).toBe(1);
});

test("each refusal in a row waits longer", async () => {
  const one = lab(vmId, refusing);
  let kept: ResyncRecord | undefined = healthyOnce;
  const pauses: number[] = [];
  for (let nth = 0; nth < 4; nth++) {
    const result = await heal(runOn(one.host), kept);
    kept = result.record;
    const untilMs = Date.parse(kept?.nextAttemptAt ?? "") - one.clock.now();
    pauses.push(Math.round(untilMs / 60_000));
    one.clock.pass(untilMs / 1_000);
  }
  expect(pauses).toEqual([5, 10, 20, 40]);
  expect(one.log.starts).toBe(4);
  expect(kept).toMatchObject({ failuresInRow: 4, failingSince: atSecond(0) });
});

test("a resync that fails goes on counting from the refusals before it", async () => {
  const one = lab(vmId, { starts: [{ then: badRun }] });
  const before = { ...healthyOnce, failuresInRow: 2, failingSince: atSecond(-900), nextAttemptAt: atSecond(0) };
  await expect(heal(one, before)).resolves.toMatchObject({
    ok: false,
    record: { outcome: "failed", failuresInRow: 3, failingSince: atSecond(-900) },
  });
});

test("a resync that ends well forgives the refusals before it", async () => {
  const { record: healed } = await heal(lab(vmId), { ...healthyOnce, failuresInRow: 2, nextAttemptAt: atSecond(0) });
  expect(healed).toMatchObject({ outcome: "completed", failuresInRow: 0 });
  expect(healed).not.toHaveProperty("nextAttemptAt");
});

test("a resync that runs already is waited for, also before its time", async () => {
  const one = lab(vmId, {
    timeline: [...longRun, [60, { state: 3, jobs: [{ jobState: 7 }] }]],
  });
  one.clock.pass(10);
  const result = await heal(one, { ...healthyOnce, failuresInRow: 1, nextAttemptAt: atSecond(900) });
  expect(result).toMatchObject({ ok: true, record: { outcome: "completed", adopted: true } });
  expect(one.log.starts).toBe(0);
});

test("a VM that is healthy by now is skipped", async () => {
  const one = lab(vmId, { timeline: [[0, { state: 3 }]] });
  await expect(heal(one)).resolves.toMatchObject({ ok: true, record: { outcome: "skipped", failuresInRow: 0 } });
  expect(one.log.starts).toBe(0);
});

test("a VM that is healthy once its turn comes is skipped", async () => {
  const one = lab(vmId, { timeline: [[20, { state: 3 }]] });
  one.host.add("b7c2e3d4-1111-4222-8333-94a5b6c7d8e9", {
    timeline: [
      [0, { state: 10, jobs: [{ jobId: "job-9" }] }],
      [60, { state: 3, jobs: [] }],
    ],
  });
  const result = await resync(request({ selector: { vmId }, maxConcurrentResyncs: 1 }), one.context, {
    kind: "heal",
    record: healthyOnce,
  });
  expect(result).toMatchObject({ ok: true, record: { outcome: "skipped" } });
  expect(one.log.starts).toBe(0);
});

test("a stop before the call keeps nothing and counts nothing", async () => {
  const one = lab(vmId);
  let reads = 0;
  one.host.onCall = ({ operation }) => {
    if (operation === "readResyncJobs" && ++reads === 2) one.stop();
  };
  const result = await heal(one);
  expect(result).toMatchObject({ ok: false, error: { code: "CANCELLED", effect: "none" } });
  expect(result.record).toBeUndefined();
  expect(one.log.starts).toBe(0);
});

describe("of a request for which nothing was begun", () => {
  const no = new ReplicaResyncError("REFUSED", "no");
  const stop = new ReplicaResyncError("CANCELLED", "stopped");
  const before = failedRecord();
  const resumed: EarlierRun = { kind: "resume", record: before, mayStart: true };
  const healthyBefore: EarlierRun = { kind: "heal", record: healthyOnce };
  const observed = observation({ replicationState: 8 });
  const counted = { failuresInRow: 2, failingSince: atSecond(-600), nextAttemptAt: atSecond(600) };

  function kept(error: ReplicaResyncError, counts: boolean, earlier?: EarlierRun): ReturnType<typeof refused> {
    return refused(error, counts, { observation: observed, request: request(), earlier, context: lab(vmId).context });
  }

  test("nothing is left when it is new, or a heal that does not count or was stopped", () => {
    expect(kept(no, true)).toStrictEqual({ ok: false, error: no });
    expect(kept(no, false, healthyBefore)).toStrictEqual({ ok: false, error: no });
    expect(kept(stop, true, healthyBefore)).toStrictEqual({ ok: false, error: stop });
  });

  test("a further try keeps its record as read now, and counts only what counts", () => {
    expect(kept(no, true, resumed).record).toStrictEqual({ ...asRead(before, observed), ...counted, reason: "no" });
    expect(kept(no, false, resumed).record).toStrictEqual(asRead(before, observed));
  });

  test("a further try that was stopped keeps its record as it was", () => {
    expect(kept(stop, true, resumed).record).toBe(before);
    expect(kept(stop, false, resumed).record).toBe(before);
  });

  test("a heal that counts keeps the request that ended well", () => {
    expect(kept(no, true, healthyBefore).record).toStrictEqual({
      ...asRead(healthyOnce, observed),
      failuresInRow: 1,
      failingSince: atSecond(0),
      nextAttemptAt: atSecond(300),
      reason: "it requires a resynchronization again, and that failed: no",
    });
  });
});

test("a host that cannot be reached for the call of a heal is no failure of the VM", async () => {
  const result = await heal(
    lab(vmId, { starts: [{ error: new ReplicaResyncError("UNREACHABLE", "the host is away") }] }),
  );
  expect(result).toMatchObject({ ok: false, error: { code: "UNREACHABLE" } });
  expect(result.record).toBeUndefined();
});
