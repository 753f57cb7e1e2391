import { CheckpointError } from "../../../provider/lifecycle/border";
import type { LifecycleContext, Properties } from "../../../provider/lifecycle/context";
import { update } from "../../../provider/lifecycle/update";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { toOutputs } from "../../../provider/state/outputs";
import { failedRecord, otherVmId, record, vmId } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";
import { badRun, lab, longRun, type Script } from "../../support/fakeHost";
import { inputs, plugin } from "../../support/fakeStack";
import { ofNewerVersion, recordIn } from "../state/stored";

const done: Partial<ResyncRecord> = {
  outcome: "completed",
  replicationState: 3,
  jobId: "job-0",
  completionTime: atSecond(-60),
};

interface Given {
  readonly before?: Properties;
  readonly now?: Properties;
  readonly kept?: Partial<ResyncRecord>;
  readonly script?: Script;
  readonly context?: Partial<LifecycleContext>;
}

async function run({ before = {}, now = {}, kept = done, script = {}, context: more = {} }: Given): Promise<{
  outs: Properties;
  error: (Error & Partial<CheckpointError>) | undefined;
  log: ReturnType<typeof lab>["log"];
  lines: ReturnType<typeof plugin>["lines"];
  opened: number;
}> {
  const { host, log } = lab(vmId, script);
  const one = plugin(host, more);
  const olds = toOutputs(inputs(before), record(kept));
  let outs: Properties = {};
  let error: Error | undefined;
  try {
    outs = (await update(vmId, olds, inputs(now), one.context)).outs;
  } catch (thrown) {
    error = thrown as Error;
  }
  return { outs, error, log, lines: one.lines, opened: one.opened() };
}

test("new triggers make one call, of a new request, with the full outputs", async () => {
  const { outs, log } = await run({
    now: { triggers: [1] },
    kept: { ...done, requestId: "old", attempts: 5, failuresInRow: 3 },
  });
  expect(outs).toMatchObject({
    ...inputs({ triggers: [1] }),
    outcome: "completed",
    request: { attempts: 1 },
    failures: { inRow: 0 },
    internal: { schemaVersion: 1 },
  });
  expect(recordIn(outs).requestId).not.toBe("old");
  expect(log.starts).toBe(1);
});

test("the VM of new triggers is looked for by its GUID: another one may have its name now", async () => {
  const { outs, error } = await run({
    before: { vm: "old-name" },
    now: { vm: "old-name", triggers: [1] },
    kept: { ...done, vmName: "old-name" },
  });
  expect(error).toBeUndefined();
  expect(outs).toMatchObject({ vmId, vmName: "web01" });
});

test("new triggers call at once although the last request must not be retried yet", async () => {
  const { outs, log } = await run({ now: { triggers: [1] }, kept: failedRecord({ nextAttemptAt: atSecond(86_400) }) });
  expect(outs).toMatchObject({ outcome: "completed", failures: { inRow: 0 } });
  expect(recordIn(outs)).not.toHaveProperty("nextAttemptAt");
  expect(log.starts).toBe(1);
});

test("new triggers while a resync runs adopt it", async () => {
  const script: Script = {
    timeline: [
      [0, { state: 10, jobs: [{}] }],
      [60, { state: 3, jobs: [{ jobState: 7 }] }],
    ],
  };
  const { outs, log } = await run({ now: { triggers: [1] }, kept: { outcome: "started", jobId: "job-1" }, script });
  expect(outs).toMatchObject({ outcome: "completed", request: { adopted: true }, triggers: [1] });
  expect(log.starts).toBe(0);
});

test("new triggers for a VM that was resynchronized for the old ones just now are skipped, not recorded as completed", async () => {
  const script: Script = { timeline: [[0, { state: 3, jobs: [{ jobId: "job-0", jobState: 7 }] }]] };
  const { outs } = await run({ now: { triggers: [1] }, script });
  expect(outs).toMatchObject({ outcome: "skipped", request: { adopted: false } });
});

test("new triggers that are refused keep the state as it was", async () => {
  const { error, log } = await run({ now: { triggers: [1] }, script: { timeline: [[0, { state: 8 }]] } });
  expect(error).toMatchObject({ code: "REFUSED" });
  expect(error).not.toBeInstanceOf(CheckpointError);
  expect(log.starts).toBe(0);
});

test("new triggers whose resync fails are kept, with the new triggers", async () => {
  const { error } = await run({ now: { triggers: [1] }, script: { starts: [{ then: badRun }] } });
  expect(error?.checkpoint).toMatchObject({
    id: vmId,
    properties: { triggers: [1], outcome: "failed", __provider: inputs().__provider },
  });
});

test("a VM found to require a resync again is resynchronized by one call", async () => {
  const { outs, log } = await run({
    kept: { ...done, replicationState: 9, requestId: "old" },
  });
  expect(outs).toMatchObject({ outcome: "completed", request: { attempts: 1 } });
  expect(recordIn(outs).requestId).not.toBe("old");
  expect(log.starts).toBe(1);
});

test("a refused call for a VM found to require a resync keeps the earlier request, counts, and makes no call before its time", async () => {
  const inNeed = { ...done, replicationState: 9, requestId: "old" };
  const { error, log } = await run({ kept: inNeed, script: { starts: [{ reply: { returnCode: 32774 } }] } });
  const kept = error?.checkpoint?.properties ?? {};
  expect(kept).toMatchObject({
    outcome: "completed",
    failures: { inRow: 1, nextAttemptAt: atSecond(300) },
    internal: { requestId: "old" },
  });
  expect(log.starts).toBe(1);
  const again = await run({ kept: recordIn(kept) });
  expect(again.error?.message).toMatch(/32774 \(SystemInUse\).*\(1 in a row since .*no new call before/);
  expect(again.log.starts).toBe(0);
});

test("new triggers after such a refusal make the call at once", async () => {
  const inNeed = { ...done, replicationState: 9, failuresInRow: 3 };
  const { outs, log } = await run({ kept: { ...inNeed, nextAttemptAt: atSecond(300) }, now: { triggers: [1] } });
  expect(outs).toMatchObject({ outcome: "completed", failures: { inRow: 0 } });
  expect(log.starts).toBe(1);
});

test("a third request does not take the job of the first for its own when the second was skipped", async () => {
  const script: Script = { timeline: [[0, { state: 3, jobs: [{ jobId: "job-0", jobState: 7 }] }]] };
  const second = await run({ now: { triggers: [2] }, script });
  expect(second.outs).toMatchObject({ outcome: "skipped", job: { id: "job-0" } });
  const third = await run({ kept: recordIn(second.outs), now: { triggers: [3] }, script });
  expect(third.outs).toMatchObject({ outcome: "skipped", request: { adopted: false } });
});

test.each<[string, Properties]>([
  ["the provider's text", { __provider: "new" }],
  ["policy", { policy: "always" }],
  ["startTime", { startTime: "2030-02-01T00:00:00Z" }],
  ["wait", { wait: "started" }],
  ["timeoutSeconds", { timeoutSeconds: 5 }],
  ["stalledAfterSeconds", { stalledAfterSeconds: 5 }],
  ["onTimeout", { onTimeout: "cancel" }],
  ["removed triggers", { triggers: undefined }],
  ["a password", { connection: { scenario: "lab.json", username: "a", password: "b" } }],
])("a change of %s contacts no host, and keeps the record", async (_what, now) => {
  const { outs, log, opened } = await run({ before: { triggers: [1] }, now: { triggers: [1], ...now } });
  expect(outs).toEqual(toOutputs(inputs({ triggers: [1], ...now }), record(done)));
  expect(log.calls).toEqual([]);
  expect(opened).toBe(0);
});

test("another host is read, and the VM must be there by its GUID", async () => {
  const { outs, log } = await run({
    now: { connection: { scenario: "other.json" } },
    script: { timeline: [[0, { state: 3 }]] },
  });
  expect(outs).toMatchObject({
    outcome: "completed",
    hostName: "HV01",
    replication: { observedAt: atSecond(0) },
    connection: { scenario: "other.json" },
  });
  expect(log.starts).toBe(0);
  expect(log.count("readVm")).toBe(1);
});

test("another host without the VM is an error, and the state stays", async () => {
  const { error, log } = await run({
    now: { connection: { scenario: "other.json" } },
    kept: { ...done, vmId: otherVmId },
  });
  expect(error).toMatchObject({ code: "NOT_FOUND" });
  expect(error).not.toBeInstanceOf(CheckpointError);
  expect(log.starts).toBe(0);
});

test("another host that only the environment names is another host", async () => {
  const sources = {
    config: () => undefined,
    environment: { HYPERV_REPLICA_SCENARIO: "other.json" },
    platform: "linux",
  };
  const { log } = await run({ now: { connection: undefined }, context: { sources } });
  expect(log.count("readVm")).toBe(1);
});

test("an earlier connection that no longer fits the environment is another host, and does not prevent the use of the new one", async () => {
  const sources = {
    config: () => undefined,
    environment: {
      HYPERV_REPLICA_HOST: "hv01",
      HYPERV_REPLICA_PORT: "5986",
      HYPERV_REPLICA_USERNAME: "operator",
      HYPERV_REPLICA_PASSWORD: "simulated",
    },
    platform: "linux",
  };
  const { outs, log } = await run({ now: { connection: undefined }, context: { sources } });
  expect(outs).toMatchObject({ outcome: "completed", hostName: "HV01" });
  expect(log.count("readVm")).toBe(1);
  expect(log.starts).toBe(0);
});

test("a request that has not ended is resumed, without a call", async () => {
  const script: Script = {
    timeline: [
      [0, { state: 10, jobs: [{}] }],
      [60, { state: 3, jobs: [{ jobState: 7 }] }],
    ],
  };
  const { outs, log } = await run({ kept: { outcome: "started", jobId: "job-1", requestId: "old" }, script });
  expect(outs).toMatchObject({ outcome: "completed", internal: { requestId: "old" } });
  expect(log.starts).toBe(0);
});

test("a request that still has not ended is kept again", async () => {
  const { error } = await run({
    now: { timeoutSeconds: 60 },
    kept: { outcome: "started", jobId: "job-1" },
    script: { timeline: longRun },
  });
  expect(error?.checkpoint).toMatchObject({ properties: { outcome: "started", timeoutSeconds: 60 } });
});

test("a host that does not answer leaves the state of a request that has not ended as it was", async () => {
  const { error } = await run({
    kept: { outcome: "started" },
    script: { timeline: [[0, { error: new Error("away") }]] },
  });
  expect(error).toMatchObject({ message: "web01: away" });
  expect(error).not.toBeInstanceOf(CheckpointError);
});

test.each<[string, Properties, Partial<ResyncRecord>]>([
  ["left", { wait: "started" }, {}],
  ["resumed", {}, {}],
])("a changed start time of a scheduled request that is %s warns that it keeps its time", async (_what, more) => {
  const scheduledStartTime = atSecond(600);
  const kept: Partial<ResyncRecord> = { outcome: "scheduled", jobId: "job-1", scheduledStartTime };
  const script: Script = {
    timeline: [
      [0, { jobs: [{ jobState: 2, scheduledStartTime }] }],
      [600, { state: 10, jobs: [{ scheduledStartTime }] }],
      [700, { state: 3, jobs: [{ jobState: 7 }] }],
    ],
  };
  const { outs, log } = await run({
    before: { ...more, startTime: scheduledStartTime },
    now: { ...more, startTime: atSecond(900) },
    kept,
    script,
  });
  expect(outs.warnings).toEqual([expect.stringContaining(`keeps its time, ${scheduledStartTime}`)]);
  expect(log.starts).toBe(0);
});

test("a removed start time warns as well, also when the time itself is not known", async () => {
  const { outs } = await run({
    before: { wait: "started", startTime: atSecond(600) },
    now: { wait: "started" },
    kept: { outcome: "scheduled" },
  });
  expect(outs.warnings).toEqual([expect.stringContaining("keeps its time")]);
});

test("nothing to do contacts no host: the engine asks again after an error that a refresh has settled", async () => {
  const { outs, log } = await run({ now: { __provider: "new" } });
  expect(outs).toEqual(toOutputs(inputs({ __provider: "new" }), record(done)));
  expect(log.calls).toEqual([]);
});

test("what only a replacement can do is refused", async () => {
  const { error } = await run({ now: { vm: "web02" } });
  expect(error).toMatchObject({
    code: "REFUSED",
    message: expect.stringContaining("vm cannot be changed by an update") as string,
  });
});

test("state of a newer version is refused, and no host is contacted", async () => {
  const { host, log } = lab(vmId);
  const olds = ofNewerVersion(toOutputs(inputs(), record()));
  await expect(update(vmId, olds, inputs({ triggers: [1] }), plugin(host).context)).rejects.toThrow("newer version");
  expect(log.calls).toEqual([]);
});

test("another host is opened by the new connection", async () => {
  const { host } = lab(vmId);
  const { context } = plugin(host);
  const openSession = jest.fn(context.openSession);
  const olds = toOutputs(inputs(), record(done));
  await update(vmId, olds, inputs({ connection: { scenario: "other.json" } }), { ...context, openSession });
  expect(openSession).toHaveBeenCalledWith({ transport: "simulator", scenario: "other.json" });
});

test("what is read on another host is its name, not state 9 that no refresh has recorded", async () => {
  const { outs } = await run({
    now: { connection: { scenario: "other.json" } },
    script: { timeline: [[0, { state: 9 }]] },
  });
  expect(outs).toMatchObject({ outcome: "completed", replication: { state: "replicating" }, hostName: "HV01" });
  expect(recordIn(outs).replicationState).toBe(3);
});
