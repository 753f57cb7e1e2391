import { channel } from "node:diagnostics_channel";
import type * as Lifecycle from "../../../provider/lifecycle";
import type { OpenHost } from "../../../provider/connection/openHost";
import { record, vmId } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";
import { FakeHost, longRun, type Script } from "../../support/fakeHost";
import { inputs } from "../../support/fakeStack";
import { ofNewerVersion } from "../state/stored";
import { toOutputs } from "../../../provider/state/outputs";

interface Loaded {
  readonly lifecycle: typeof Lifecycle;
  readonly host: FakeHost;
  /** Signals that the plugin listens to. */
  readonly signals: string[];
}

/** A plugin process that has just loaded the package; its one host plays the script. */
function load(script: Script = {}): Loaded {
  const clock = new FakeClock();
  const host = new FakeHost(clock).add(vmId, script);
  const signals: string[] = [];
  listening.mockImplementation((signal) => {
    signals.push(String(signal));
    return process;
  });
  jest.resetModules();
  jest.doMock("../../../provider/connection/openHost", () => ({
    findConnectionProblem: () => undefined,
    openHost: (): OpenHost => ({ host, clock }),
  }));
  return { lifecycle: jest.requireActual<typeof Lifecycle>("../../../provider/lifecycle"), host, signals };
}

let listening: jest.SpiedFunction<typeof process.on>;

beforeEach(() => {
  listening = jest.spyOn(process, "on").mockReturnValue(process);
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function thrownBy(run: Promise<unknown>): Promise<Record<string, unknown> & Error> {
  return run.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as Record<string, unknown> & Error,
  );
}

test("the handlers have the names that stored providers call", () => {
  const { lifecycle } = load();
  expect(Object.keys(lifecycle).sort()).toEqual(["check", "configure", "create", "delete", "diff", "read", "update"]);
});

test("loading the package and configuring it has no effect on the process", async () => {
  const { lifecycle, signals } = load();
  await lifecycle.configure({ config: { get: () => undefined } });
  expect(signals).toEqual([]);
});

test("the process is watched for signals once, from the first verb on", async () => {
  const { lifecycle, signals } = load();
  await lifecycle.check({}, inputs());
  await lifecycle.check({}, inputs());
  expect(signals).toEqual(["SIGINT", "SIGTERM"]);
});

test("the configuration is available at once, before configure has ended", async () => {
  const { lifecycle } = load();
  const get = (key: string): string | undefined => (key === "hyperv-replica:scenario" ? "lab.json" : undefined);
  const configured = lifecycle.configure({ config: { get } });
  const { failures } = await lifecycle.check({}, inputs({ connection: undefined }));
  await configured;
  expect(failures).toEqual([]);
});

test("configure reads nothing", async () => {
  const { lifecycle } = load();
  const get = jest.fn(() => undefined);
  await lifecycle.configure({ config: { get } });
  expect(get).not.toHaveBeenCalled();
});

test("check returns plain inputs and failures", async () => {
  const { lifecycle } = load();
  const answer = await lifecycle.check({}, { ...inputs(), vm: "", triggers: undefined });
  expect(answer).toStrictEqual({
    inputs: { ...inputs(), vm: "" },
    failures: [{ property: "vm", reason: expect.stringContaining("empty text") as string }],
  });
});

test("a resource goes through create, diff, update, read and delete", async () => {
  const { lifecycle, host } = load();
  const { id, outs } = await lifecycle.create(inputs());
  expect(id).toBe(vmId);
  expect(await lifecycle.diff(id, outs, inputs())).toEqual({
    changes: false,
    replaces: [],
    deleteBeforeReplace: false,
  });
  expect(await lifecycle.diff(id, outs, inputs({ vm: "web02" }))).toMatchObject({ changes: true, replaces: ["vm"] });
  const { outs: updated } = await lifecycle.update(id, outs, inputs({ wait: "started" }));
  expect(updated).toMatchObject({ wait: "started", outcome: "completed" });
  const { id: same, props } = await lifecycle.read(id, updated);
  expect(same).toBe(id);
  expect(props).toMatchObject({ outcome: "completed" });
  await expect(lifecycle.delete(id, props)).resolves.toBeUndefined();
  expect(host.log.starts).toBe(1);
});

test("an error leaves without stack and without id when nothing was begun", async () => {
  const { lifecycle } = load({ timeline: [[0, { state: 8 }]] });
  const error = await thrownBy(lifecycle.create(inputs()));
  expect(error).toMatchObject({ name: "ReplicaResyncError", stack: "" });
  expect(error.id).toBeUndefined();
});

test("update of a state that must not be touched leaves as an error without stack", async () => {
  const { lifecycle } = load();
  const olds = ofNewerVersion(toOutputs(inputs(), record()));
  await expect(lifecycle.update(vmId, olds, inputs())).rejects.toMatchObject({
    stack: "",
    message: expect.stringContaining("newer") as string,
  });
});

test("a Cancel in the middle of a wait ends it with the state saved, and closes the host", async () => {
  const { lifecycle, host } = load({ starts: [{ then: longRun }] });
  host.onReply = () => {
    channel("http2.server.stream.start").publish({ headers: { ":path": "/pulumirpc.ResourceProvider/Cancel" } });
  };
  const error = await thrownBy(lifecycle.create(inputs()));
  expect(error).toMatchObject({
    id: vmId,
    message: expect.stringContaining("job job-1 keeps running on the host") as string,
    properties: { ...inputs(), outcome: "started", job: { id: "job-1" } },
  });
  expect(error.reasons).toEqual([error.message]);
  expect(host.isClosed).toBe(true);
});

test("an attempt after a failed one in the same process resumes it", async () => {
  const { lifecycle, host } = load({ starts: [{ then: longRun }] });
  const news = inputs({ timeoutSeconds: 60 });
  await thrownBy(lifecycle.create(news));
  const error = await thrownBy(lifecycle.create(news));
  expect(error).toMatchObject({ id: vmId, properties: { outcome: "started", request: { attempts: 1 } } });
  expect(host.log.starts).toBe(1);
});

test("a Node that does not show Cancel is reported, once", async () => {
  const lines: string[] = [];
  jest.resetModules();
  jest.doMock("../../../provider/lifecycle/stop", () => ({
    ...jest.requireActual<object>("../../../provider/lifecycle/stop"),
    canSeeCancel: () => false,
  }));
  jest.doMock("../../../provider/progress/engineLog", () => ({
    ...jest.requireActual<object>("../../../provider/progress/engineLog"),
    createProgress: () => ({ warn: (line: string) => lines.push(line), status: () => undefined }),
  }));
  const lifecycle = jest.requireActual<typeof Lifecycle>("../../../provider/lifecycle");
  await lifecycle.check({}, inputs());
  await lifecycle.check({}, inputs());
  expect(lines).toEqual([expect.stringMatching(/does not show the engine's Cancel.*22\.17/)]);
});
