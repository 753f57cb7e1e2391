import { ReplicaResyncError } from "../../../provider/core/errors";
import { CheckpointError } from "../../../provider/lifecycle/border";
import type { LifecycleContext } from "../../../provider/lifecycle/context";
import { type Kept, runRequest } from "../../../provider/lifecycle/runRequest";
import { otherVmId, record, vmId } from "../../support/builders";
import { badRun, lab, longRun, type Scene, type Script } from "../../support/fakeHost";
import { inputs, plugin, type Plugin } from "../../support/fakeStack";
import { throwValue } from "../../support/throwValue";

function setUp(script: Script = {}): Plugin & { host: ReturnType<typeof lab>["host"] } {
  const { host } = lab(vmId, script);
  return { ...plugin(host), host };
}

function unopenable(): never {
  throw new Error("no such scenario");
}

async function thrownBy(run: Promise<Kept>): Promise<unknown> {
  return run.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error,
  );
}

test("the outputs echo every input and hold the record; the id is the VM's GUID", async () => {
  const { context, lines } = setUp();
  const { id, outs } = await runRequest(inputs({ triggers: [1] }), context);
  expect(id).toBe(vmId);
  expect(outs).toMatchObject({
    ...inputs({ triggers: [1] }),
    outcome: "completed",
    vmId,
    vmName: "web01",
    internal: { schemaVersion: 1 },
  });
  expect(lines.lines.at(-1)).toMatch(
    /^info: web01: resynchronized in \d+ s, Resynchronize returned 4096 \(JobStarted\)$/,
  );
});

test("the id of an extended relationship says so", async () => {
  const extended: Scene = { vm: { replicationMode: 2 }, link: { kind: "extended" }, state: 3 };
  const { context } = setUp({ timeline: [[0, extended]] });
  const { id } = await runRequest(inputs({ relationship: "extended" }), context);
  expect(id).toBe(`${vmId}/extended`);
});

test.each<[string, Record<string, unknown>, Script, RegExp]>([
  ["skipped", {}, { timeline: [[0, { state: 3 }]] }, /^info: web01: skipped: it replicates normally/],
  [
    "started",
    { wait: "started" },
    {},
    /^info: web01: started: the host resynchronizes it \(job job-1\), Resynchronize returned 4096 \(JobStarted\)$/,
  ],
  [
    "adopted",
    {},
    {
      timeline: [
        [0, { state: 10 }],
        [60, { state: 3 }],
      ],
    },
    /^info: web01: resynchronized.* \(a resynchronization that was already running was waited for\)$/,
  ],
])("a request that is %s ends with a sentence", async (_what, more, script, sentence) => {
  const { context, lines } = setUp(script);
  await runRequest(inputs(more), context);
  expect(lines.lines.at(-1)).toMatch(sentence);
});

test("a refusal leaves nothing behind", async () => {
  const { context } = setUp({ timeline: [[0, { state: 8 }]] });
  const error = await thrownBy(runRequest(inputs(), context));
  expect(error).toMatchObject({ code: "REFUSED" });
  expect(error).not.toBeInstanceOf(CheckpointError);
});

test.each<[string, Script, string]>([
  ["that ended badly", { starts: [{ then: badRun }] }, "failed"],
  ["whose reply was lost", { starts: [{ error: new ReplicaResyncError("SESSION_LOST", "broken") }] }, "unknown"],
  ["that is not finished in time", { starts: [{ then: longRun }] }, "started"],
])("a request %s is kept with its id and all outputs", async (_what, script, outcome) => {
  const { context } = setUp(script);
  const news = inputs({ timeoutSeconds: 600 });
  const error = await thrownBy(runRequest(news, context));
  expect(error).toBeInstanceOf(CheckpointError);
  expect((error as CheckpointError).checkpoint).toMatchObject({
    id: vmId,
    properties: { ...news, outcome, vmId, internal: { schemaVersion: 1 } },
  });
});

test("a second attempt in the same run resumes the first: it does not call again", async () => {
  const { context, host } = setUp({ starts: [{ then: badRun }] });
  await thrownBy(runRequest(inputs(), context));
  const error = await thrownBy(runRequest(inputs(), context));
  expect((error as CheckpointError).checkpoint.properties).toMatchObject({
    outcome: "failed",
    request: { attempts: 1 },
  });
  expect(host.log.starts).toBe(1);
});

test.each<[string, Partial<LifecycleContext>, Record<string, unknown>]>([
  ["a host that can no longer be opened", { openSession: unopenable }, {}],
  ["a connection that is contradictory now", {}, { connection: { scenario: "lab.json", host: "HV01" } }],
])("a second attempt that fails plainly, by %s, does not lose the first", async (_what, broken, more) => {
  const { context, host } = setUp({ starts: [{ then: badRun }] });
  await thrownBy(runRequest(inputs(), context));
  const error = await thrownBy(runRequest(inputs(more), { ...context, ...broken }));
  expect(error).toBeInstanceOf(CheckpointError);
  expect((error as CheckpointError).checkpoint).toMatchObject({ id: vmId, properties: { outcome: "failed" } });
  expect(host.log.starts).toBe(1);
});

test("a second attempt in the same run after the host has refused fails the same way, without another call", async () => {
  const { context, host } = setUp({ starts: [{ reply: { returnCode: 32774 } }] });
  const first = await thrownBy(runRequest(inputs(), context));
  const calls = host.log.calls.length;
  expect(await thrownBy(runRequest(inputs(), context))).toBe(first);
  expect(host.log.calls).toHaveLength(calls);
  await thrownBy(runRequest(inputs({ triggers: ["other"] }), context));
  expect(host.log.starts).toBe(2);
});

test("a second attempt in the same run after the host could not tell looks at the host again", async () => {
  const { context, host } = setUp({ starts: [{ reply: { returnCode: 32771 } }] });
  await thrownBy(runRequest(inputs(), context));
  const calls = host.log.calls.length;
  await thrownBy(runRequest(inputs(), context));
  expect(host.log.calls.length).toBeGreaterThan(calls);
  expect(host.log.starts).toBe(1);
});

test("a thrown value that is not an error does not lose an earlier attempt either", async () => {
  const { context } = setUp();
  context.ledger.keep(inputs({ relationship: "extended" }), record());
  const openSession = (): never => {
    return throwValue("text");
  };
  const error = await thrownBy(runRequest(inputs({ relationship: "extended" }), { ...context, openSession }));
  expect(error).toMatchObject({ message: "text", checkpoint: { id: `${vmId}/extended` } });
});

test("a plain failure of a first attempt stays plain", async () => {
  const { context } = setUp();
  expect(await thrownBy(runRequest(inputs(), { ...context, openSession: unopenable }))).not.toBeInstanceOf(
    CheckpointError,
  );
});

test("a request that ended well is no longer in the ledger", async () => {
  const { context } = setUp();
  await runRequest(inputs(), context);
  expect(context.ledger.find(inputs())).toBeUndefined();
});

test("a password is in the outputs at its own path, and in no line, message or reason", async () => {
  const { context, lines } = setUp({ starts: [{ then: badRun }] });
  const news = inputs({ connection: { scenario: "lab.json", username: "operator", password: "hunter2" } });
  const error = (await thrownBy(runRequest(news, context))) as CheckpointError;
  const { connection, ...others } = error.checkpoint.properties;
  expect(connection).toEqual(news.connection);
  expect(`${error.message} ${lines.text} ${JSON.stringify(others)}`).not.toContain("hunter2");
});

test("the host is opened by the connection of the resource with what the environment adds", async () => {
  const { context } = setUp();
  const opened: unknown[] = [];
  const openSession: LifecycleContext["openSession"] = (connection) => {
    opened.push(connection);
    return context.openSession(connection);
  };
  const sources = { ...context.sources, environment: { HYPERV_REPLICA_USERNAME: "operator" } };
  await runRequest(inputs(), { ...context, sources, openSession });
  expect(opened).toEqual([{ transport: "simulator", scenario: "lab.json", username: "operator" }]);
});

test("the limit of the connection is the limit of the queue", async () => {
  const { context, host, lines } = setUp();
  host.add(otherVmId, {
    timeline: [
      [0, { state: 10, jobs: [{ jobId: "job-2" }] }],
      [60, { state: 3, jobs: [] }],
    ],
  });
  await runRequest(inputs({ vm: vmId, connection: { scenario: "lab.json", maxConcurrentResyncs: 1 } }), context);
  expect(lines.text).toContain("at most 1 at once");
});
