import { setImmediate as turn } from "node:timers/promises";
import { SimulatorAdministration } from "../../../../provider/simulator";
import { SimulatedHost, SimulatorError } from "../../../../provider/simulator/forDoors";
import { FakeShell, type FakeShellOptions } from "../../../emulators/powershell/fakeShell";
import { faultSchema, FaultPlan, MemoryHistory, type FaultInput } from "../../../emulators/powershell/faults";
import { StandInError } from "../../../emulators/powershell/standInError";
import { removeScenarioFiles, scenarioFile } from "../../simulator/lab";
import { connectLine, id, loadBase64, loadLine, replyIn, requestLine, scripts } from "./lines";

afterAll(removeScenarioFiles);

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const startLine = requestLine("Start-HvReplicaResync", { vmId });
const defects: unknown[] = [];
beforeEach(() => defects.splice(0));

interface Opened {
  readonly shell: FakeShell;
  readonly starts: () => Promise<number>;
  readonly again: () => FakeShell;
}

function open(faults: readonly FaultInput[] = [], more: Partial<FakeShellOptions> = {}): Opened {
  const machines = [{ name: "web01", id: vmId, state: "resynchronizationRequired" }];
  const path = scenarioFile({ name: "HV01", clock: { speed: 0 }, machines });
  const plan = new FaultPlan(
    faults.map((fault) => faultSchema.parse(fault)),
    new MemoryHistory(),
  );
  const onDefect = (error: unknown) => void defects.push(error);
  const again = () => new FakeShell({ host: SimulatedHost.open(path), plan, onDefect, ...more });
  const administration = SimulatorAdministration.open(path);
  const starts = async () =>
    (await administration.readJournal()).filter(({ operation }) => operation === "Resynchronize").length;
  return { shell: again(), again, starts };
}

async function connect(shell: FakeShell): Promise<void> {
  expect(await shell.invoke(loadLine())).toEqual({ stdout: "", stderr: "" });
  expect(replyIn((await shell.invoke(connectLine)).stdout)).toMatchObject({ ok: true });
}

async function connected(...given: Parameters<typeof open>): Promise<Opened> {
  const opened = open(...given);
  await connect(opened.shell);
  return opened;
}

/** What is there by now of something that may never come: everything else has had its turn. */
async function byNow(promise: Promise<unknown>): Promise<unknown> {
  let seen: unknown = "nothing";
  promise.then(
    (value) => (seen = value),
    (error: unknown) => (seen = error),
  );
  for (let n = 0; n < 50; n++) await turn();
  return seen;
}

test("answers a command in one frame and nothing else", async () => {
  const { shell, starts } = await connected();
  const { stdout, stderr } = await shell.invoke(startLine);
  expect([stdout, stderr]).toEqual([expect.stringMatching(/^<hvr:[0-9a-f]{16}:[A-Za-z0-9+/=]+:[0-9a-f]{16}>$/), ""]);
  expect(replyIn(stdout)).toMatchObject({ ok: true, value: { returnValue: 4096 } });
  expect(await starts()).toBe(1);
  expect(shell.connections).toEqual([{ way: "local" }]);
  expect(shell.scripts).toBe(scripts);
});

test("has no command before the scripts that define it are loaded", async () => {
  const { shell } = open();
  await shell.invoke(loadLine("function Get-Something { }"));
  const { stdout, stderr } = await shell.invoke(connectLine);
  expect([stdout, stderr]).toEqual(["", expect.stringContaining("is not recognized as a name of a cmdlet")]);
});

test("says on stderr that scripts are no base64", async () => {
  const { stderr } = await open().shell.invoke(loadBase64("ab!"));
  expect(stderr).toContain('Exception calling "FromBase64String"');
});

test("answers a request that cannot be read under the id of none", async () => {
  const { shell } = await connected();
  for (const argument of ["", "a''b", "e30=", "ab!"]) {
    const { stdout } = await shell.invoke(`Invoke-HvReplica '${argument}'`);
    expect(replyIn(stdout, "0000000000000000")).toMatchObject({ ok: false, error: { errorId: "HvReplicaBadRequest" } });
  }
});

test.each(["$x = ", "if ($true) {", "Invoke-HvReplica 'abc"])("hangs for ever after %j", async (line) => {
  const { shell, starts } = await connected();
  const hanging = shell.invoke(line);
  const next = shell.invoke(startLine);
  expect([await byNow(hanging), await byNow(next), await starts()]).toEqual(["nothing", "nothing", 0]);
  await shell.kill();
  await expect(hanging).rejects.toThrow("the process ended");
  await expect(next).rejects.toThrow("the process ended");
  await shell.kill();
});

test.each(["dieBefore", "dieAfter", "dieInReply", "exit"] as const)("ends with %s, once", async (kind) => {
  const { shell, again, starts } = await connected([{ kind, command: "Start-HvReplicaResync" }]);
  await expect(shell.invoke(startLine)).rejects.toThrow(kind === "exit" ? "ended with 3" : "ended with SIGKILL");
  await expect(shell.invoke(startLine)).rejects.toThrow("the process ended");
  expect(await starts()).toBe(kind === "dieBefore" ? 0 : 1);
  const other = again();
  await connect(other);
  expect(replyIn((await other.invoke(startLine)).stdout)).toMatchObject({ ok: true });
  expect(defects).toEqual([]);
});

test("dies at its start", async () => {
  const { shell } = open([{ kind: "dieBefore", command: "start" }]);
  await expect(shell.invoke(loadLine())).rejects.toThrow("the process ended");
});

test.each(["lateReply", "slow"] as const)("%s stays away until the process is killed", async (kind) => {
  const { shell, starts } = await connected([{ kind, command: "Start-HvReplicaResync", delayMs: 5_000 }]);
  const late = shell.invoke(startLine);
  expect([await byNow(late), await starts()]).toEqual(["nothing", kind === "slow" ? 0 : 1]);
  await shell.kill();
  await expect(late).rejects.toThrow("the process ended");
});

test("a late reply comes when the clock says so", async () => {
  let wake: () => void = () => undefined;
  const slept: number[] = [];
  const sleep = async (delayMs: number) => {
    slept.push(delayMs);
    await new Promise<void>((resolve) => (wake = resolve));
  };
  const { shell } = await connected([{ kind: "lateReply", command: "Start-HvReplicaResync", delayMs: 90_000 }], {
    sleep,
  });
  const late = shell.invoke(startLine);
  expect([await byNow(late), slept]).toEqual(["nothing", [90_000]]);
  wake();
  expect(replyIn((await late).stdout)).toMatchObject({ ok: true });
});

test.each([
  ["warnings", /^WARNING: [^<]*VERBOSE: [^<]*<hvr:\S*>\s+VERBOSE: /],
  ["escapes", /^\u001b\[\?1h\u001b[^<]*<hvr:\S*>\u001b\[0m/],
  ["noise", /noise <?[^<]*<hvr:\S*>$/],
  ["ignoreSigterm", /^<hvr:\S*>$/],
] as const)("gives a good reply with %s", async (kind, shape) => {
  const { shell } = await connected([
    { kind, command: "Start-HvReplicaResync", ...(kind === "noise" && { bytes: 1_000 }) },
  ]);
  const { stdout, stderr } = await shell.invoke(startLine);
  expect(stdout).toMatch(shape);
  expect(replyIn(stdout)).toMatchObject({ ok: true });
  expect(stderr).toBe("");
});

test("gives a good reply with a text on stderr", async () => {
  const { shell } = await connected([{ kind: "stderr", command: "Start-HvReplicaResync", text: "Größe" }]);
  const { stdout, stderr } = await shell.invoke(startLine);
  expect([replyIn(stdout)?.ok, stderr]).toEqual([true, "Größe"]);
});

test.each([
  ["cutReply", /^<hvr:0123456789abcdef:[A-Za-z0-9+/]+$/],
  ["foreignId", /^<hvr:fedcba9876543210:[A-Za-z0-9+/=]+:fedcba9876543210>$/],
  ["notBase64", /^<hvr:0123456789abcdef:\*&!:0123456789abcdef>$/],
  ["garbage", /^<hvr:0123456789abcdef:\/\/4Aw\S*:0123456789abcdef>$/],
  ["wrongShape", /^<hvr:0123456789abcdef:eyJvayI6InllcyIsInZhbHVlIjpbMV19:0123456789abcdef>$/],
] as const)("carries the command out and gives no good reply with %s", async (kind, shape) => {
  const { shell, starts } = await connected([{ kind, command: "Start-HvReplicaResync" }]);
  const { stdout } = await shell.invoke(startLine);
  expect(stdout).toMatch(shape);
  expect(replyIn(stdout)).toBeUndefined();
  expect(await starts()).toBe(1);
});

test("gives any reply in the place of its own", async () => {
  const reply = { ok: true, value: { returnValue: "4096" } };
  const { shell } = await connected([{ kind: "wrongShape", command: "Start-HvReplicaResync", reply }]);
  expect(replyIn((await shell.invoke(startLine)).stdout)).toEqual(reply);
});

test("runs one line after the other, in the order in which they came", async () => {
  let wake: () => void = () => undefined;
  const sleep = async () => new Promise<void>((resolve) => (wake = resolve));
  const { shell } = open([{ kind: "slow", command: "load", delayMs: 1 }], { sleep });
  const [loaded, answered] = [shell.invoke(loadLine()), shell.invoke(connectLine)];
  expect(await byNow(answered)).toBe("nothing");
  wake();
  await loaded;
  expect(replyIn((await answered).stdout, id)).toMatchObject({ ok: true });
});

test.each(["Get-Process", connectLine.replace("'", "'\n"), requestLine("Get-HvReplicaRows", { classes: 1 })])(
  "takes %j for a mistake of its user, says so and ends",
  async (line) => {
    const { shell } = await connected();
    await expect(shell.invoke(line)).rejects.toThrow(StandInError);
    expect(defects).toEqual([expect.any(StandInError)]);
    await expect(shell.invoke(connectLine)).rejects.toThrow(StandInError);
  },
);

test("takes what the simulated host does not know for a mistake, not for an answer", async () => {
  const host = {
    name: "HV01",
    consoleUser: "operator",
    logOn: () => "operator",
    call: async () => Promise.reject(new SimulatorError("not modelled")),
  };
  const { shell } = await connected([], { host });
  await expect(shell.invoke(startLine)).rejects.toThrow(SimulatorError);
  expect(defects).toEqual([expect.any(SimulatorError)]);
});

test("a fault of a reply that a command without one is to run into is a mistake of the test", async () => {
  const { shell } = open([{ kind: "cutReply", command: "load" }]);
  await expect(shell.invoke(loadLine())).rejects.toThrow("needs a command with a reply");
  expect(defects).toHaveLength(1);
});

test("a killed process gives no reply to what it is doing, and takes nothing more", async () => {
  const { shell } = await connected();
  const asked = shell.invoke(startLine);
  await shell.kill();
  await expect(asked).rejects.toThrow("the process ended");
  await expect(shell.invoke(startLine)).rejects.toThrow("the process ended");
  expect(defects).toEqual([]);
});

test("a process that is killed before a slow command has its effect never has it", async () => {
  let wake: () => void = () => undefined;
  const sleep = async () => new Promise<void>((resolve) => (wake = resolve));
  const call = jest.fn(async () => Promise.reject(new SimulatorError("called")));
  const host = { name: "HV01", consoleUser: "operator", logOn: () => "operator", call };
  const { shell } = await connected([{ kind: "slow", command: "Start-HvReplicaResync", delayMs: 1 }], { sleep, host });
  const slow = shell.invoke(startLine);
  expect(await byNow(slow)).toBe("nothing");
  await shell.kill();
  wake();
  await expect(slow).rejects.toThrow("the process ended");
  await turn();
  expect([call.mock.calls, defects]).toEqual([[], []]);
});
