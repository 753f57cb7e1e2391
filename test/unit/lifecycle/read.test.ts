import { ReplicaResyncError } from "../../../provider/core/errors";
import type { LifecycleContext, Properties } from "../../../provider/lifecycle/context";
import { read } from "../../../provider/lifecycle/read";
import type { ResyncRecord } from "../../../provider/core/record/record";
import { toOutputs } from "../../../provider/state/outputs";
import { record, vmId } from "../../support/builders";
import { lab, type Scene } from "../../support/fakeHost";
import { inputs, plugin } from "../../support/fakeStack";
import { ofNewerVersion } from "../state/stored";

const done: Partial<ResyncRecord> = {
  outcome: "completed",
  replicationState: 3,
  observedAt: "2029-01-01T00:00:00.000Z",
};

async function refresh(
  scene: Scene,
  props: Properties = toOutputs(inputs(), record(done)),
  more: Partial<LifecycleContext> = {},
): Promise<{ id: string; props: Properties; lines: readonly string[]; log: ReturnType<typeof lab>["log"] }> {
  const { host, log } = lab(vmId, { timeline: [[0, scene]] });
  const one = plugin(host, more);
  return { ...(await read("the id", props, one.context)), lines: one.lines.lines, log };
}

test("the outputs come back whole, with the echoed inputs and what was read", async () => {
  const { id, props, log } = await refresh({ state: 9 });
  expect(id).toBe("the id");
  expect(props).toMatchObject({
    ...inputs(),
    outcome: "completed",
    replication: { state: "resynchronizationRequired" },
    internal: { schemaVersion: 1, replicationState: 9 },
  });
  expect(log.starts).toBe(0);
  expect(log.requestedStates).toEqual([]);
});

test.each<[string, Scene]>([
  ["does not answer", { error: new ReplicaResyncError("UNREACHABLE", "the host does not answer") }],
  ["does not know the VM", { vm: null }],
  ["is not ready", { service: false }],
  ["answers nonsense", { error: new TypeError("a bug") }],
])("a host that %s neither drops the resource nor ends the refresh", async (_what, scene) => {
  const before = toOutputs(inputs(), record(done));
  const { id, props, lines } = await refresh(scene);
  expect(id).toBe("the id");
  expect(props).toEqual({
    ...before,
    warnings: [expect.stringContaining("at the last refresh")],
    internal: { ...(before.internal as object), warningCodes: ["refresh"] },
  });
  expect(lines).toEqual([expect.stringMatching(/^warn: web01: at the last refresh/)]);
});

test.each<[string, Partial<LifecycleContext>]>([
  [
    "a host that cannot be opened",
    {
      openSession: () => {
        throw new Error("no such scenario");
      },
    },
  ],
  [
    "a host that cannot be opened for no stated reason",
    {
      openSession: () => {
        throw "text" as unknown as Error;
      },
    },
  ],
  [
    "a variable that cannot be read",
    { sources: { config: () => undefined, environment: { HYPERV_REPLICA_PORT: "x" }, platform: "linux" } },
  ],
])("%s neither drops the resource nor ends the refresh", async (_what, more) => {
  const { id, props } = await refresh({}, undefined, more);
  expect(id).toBe("the id");
  expect(props).toMatchObject({
    outcome: "completed",
    warnings: [expect.stringContaining("at the last refresh")] as string[],
  });
});

test("inputs that this version does not know do not end the refresh", async () => {
  const { props } = await refresh({}, { ...toOutputs(inputs(), record(done)), wait: "forever" });
  expect(props).toMatchObject({
    wait: "forever",
    warnings: [expect.stringContaining("at the last refresh")] as string[],
  });
});

test("a stop in the middle neither drops the resource nor ends the refresh", async () => {
  const { props } = await refresh({}, undefined, { stopSignal: AbortSignal.abort(new Error("stopped")) });
  expect(props).toMatchObject({ outcome: "completed", warnings: [expect.stringContaining("stopped")] as string[] });
});

test("a warning that was there already is not shown again", async () => {
  const props = toOutputs(inputs(), record({ ...done, warnings: [{ code: "clockSkew", text: "an old one" }] }));
  expect((await refresh({ state: 3 }, props)).lines).toEqual([]);
});

test("a host that still does not answer is reported again", async () => {
  const first = await refresh({ error: new ReplicaResyncError("UNREACHABLE", "the host does not answer") });
  const second = await refresh(
    { error: new ReplicaResyncError("UNREACHABLE", "the host does not answer") },
    first.props,
  );
  expect(second.lines).toHaveLength(1);
});

test("a new warning of the resync is shown", async () => {
  const props = toOutputs(inputs(), record({ jobId: "job-1" }));
  const { lines } = await refresh({ state: 11, jobs: [{}] }, props);
  expect(lines).toEqual([expect.stringContaining("paused by an operator")]);
});

test.each<[string, Properties, string]>([
  ["state of a newer version", { ...ofNewerVersion(toOutputs(inputs(), record())), outcome: "novel" }, "newer version"],
  ["state that cannot be read", { ...inputs(), outcome: 5 }, "cannot be read"],
])("%s comes back unchanged, with a warning", async (_what, props, text) => {
  const result = await refresh({}, props);
  expect(result.props).toBe(props);
  expect(result.id).toBe("the id");
  expect(result.lines).toEqual([expect.stringContaining(text)]);
  expect(result.log.calls).toEqual([]);
});

test("the host is opened by the echoed connection with what the environment adds", async () => {
  const { host } = lab(vmId);
  const { context } = plugin(host);
  const openSession = jest.fn(context.openSession);
  const sources = { ...context.sources, environment: { HYPERV_REPLICA_USERNAME: "operator" } };
  await read("the id", toOutputs(inputs(), record(done)), { ...context, sources, openSession });
  expect(openSession).toHaveBeenCalledWith({ transport: "simulator", scenario: "lab.json", username: "operator" });
});

test("a refresh that finds a failed resync says so", async () => {
  const begun = record({
    jobId: "job-1",
    jobState: 4,
    replicationState: 10,
    evidence: { sawResync: true, sawJob: true, suspendedByUs: false },
  });
  const { props, lines } = await refresh({ state: 9 }, toOutputs(inputs(), begun));
  expect(props["outcome"]).toBe("failed");
  expect(lines).toEqual([expect.stringMatching(/^warn: web01: the resynchronization has failed: /)]);
});
