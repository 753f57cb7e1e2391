import { generateKeyPairSync } from "node:crypto";
import {
  type ShellOutput,
  type ShellProcess,
  ExecutableError,
} from "../../../../provider/transports/powershell/shellProcess";
import {
  type Command,
  PowerShellSession,
  type SessionParts,
} from "../../../../provider/transports/powershell/powershellSession";
import { FakeClock } from "../../../support/fakeClock";

type Answer = (request: { command: string; argument: unknown }) => object | Promise<object>;

const opened = { ok: true, value: { protocol: 1 } };

function decode(text: string): unknown {
  return JSON.parse(Buffer.from(text, "base64").toString());
}

/** A process that answers every command, and whose end and errors are at hand. */
class FakeProcess implements ShellProcess {
  readonly commands: string[] = [];
  readonly ends: string[] = [];
  isEnded = false;
  loaded = 0;

  constructor(private readonly answer: Answer) {}

  async invoke(line: string): Promise<ShellOutput> {
    const [, text] = /^Invoke-HvReplica '(.+)'$/.exec(line) ?? [];
    if (text === undefined) {
      this.loaded += 1;
      return this.#raw(await this.answer({ command: "load", argument: line }));
    }
    const { id, command, argument } = decode(text) as { id: string; command: string; argument: string };
    this.commands.push(command);
    const reply = await this.answer({ command, argument: decode(argument) });
    if ("stdout" in reply || "stderr" in reply) return this.#raw(reply);
    const framed = Buffer.from(JSON.stringify(reply)).toString("base64");
    return { stdout: `<hvr:${id}:${framed}:${id}>`, stderr: "" };
  }

  end(): Promise<void> {
    this.ends.push("end");
    this.isEnded = true;
    return Promise.resolve();
  }

  kill(): Promise<void> {
    this.ends.push("kill");
    this.isEnded = true;
    return Promise.resolve();
  }

  #raw(reply: object): ShellOutput {
    return { stdout: "", stderr: "", ...reply };
  }
}

interface Bench {
  readonly session: PowerShellSession;
  readonly processes: FakeProcess[];
  readonly clock: FakeClock;
  readonly call: (more?: Partial<Command>, signal?: AbortSignal) => Promise<unknown>;
}

/** A session whose processes answer like this; what is not answered for is answered well. */
function bench(answers: Readonly<Record<string, Answer>> = {}, more: Partial<SessionParts> = {}): Bench {
  const processes: FakeProcess[] = [];
  const clock = new FakeClock();
  let ids = 0;
  const session = new PowerShellSession({
    address: "hv01",
    executable: { path: "pwsh", source: "the default of this platform" },
    start: () => {
      const process = new FakeProcess((request) => (answers[request.command] ?? (() => opened))(request));
      processes.push(process);
      return process;
    },
    scripts: "function f {}",
    connect: { way: "local" },
    deadlineMs: 60_000,
    clock,
    newId: () => String((ids += 1)).padStart(16, "0"),
    ...more,
  });
  const call: Bench["call"] = (more, signal = new AbortController().signal) =>
    session.call({ name: "Get-HvReplicaService", argument: {}, step: "read the service", ...more }, signal);
  return { session, processes, clock, call };
}

const start = { name: "Start-HvReplicaResync", step: "call Resynchronize", isChange: true } as const;

test("one process is started at the first call, loads the scripts once, connects once, and serves every call", async () => {
  const { call, processes } = bench({ "Get-HvReplicaService": () => ({ ok: true, value: { rows: [1] } }) });
  expect(processes).toHaveLength(0);
  expect(await call()).toEqual({ rows: [1] });
  await call();
  expect(processes).toHaveLength(1);
  expect(processes[0]).toMatchObject({
    loaded: 1,
    commands: ["Connect-HvReplicaHost", "Get-HvReplicaService", "Get-HvReplicaService"],
  });
});

test("one command runs at a time, in the order of the calls", async () => {
  const gate = Promise.withResolvers<object>();
  const { call, processes } = bench({ "Get-HvReplicaService": () => gate.promise });
  const calls = [call(), call({ ...start, argument: { n: 1 } }), call({ name: "Get-HvReplicaRows" })];
  await new Promise(setImmediate);
  expect(processes[0]?.commands).toEqual(["Connect-HvReplicaHost", "Get-HvReplicaService"]);
  gate.resolve(opened);
  await Promise.all(calls);
  expect(processes[0]?.commands.slice(1)).toEqual([
    "Get-HvReplicaService",
    "Start-HvReplicaResync",
    "Get-HvReplicaRows",
  ]);
});

const died: Answer = () => Promise.reject(new Error("the PowerShell process ended by SIGKILL"));

test.each<[string, Partial<Command>, "none" | "unknown"]>([
  ["reading", {}, "none"],
  ["start", start, "unknown"],
])("a process that dies over a %s is lost, and another one serves the next call", async (_, command, effect) => {
  let answer: Answer = died;
  const { call, processes } = bench({ [command.name ?? "Get-HvReplicaService"]: (request) => answer(request) });
  await expect(call(command)).rejects.toMatchObject({
    code: "SESSION_LOST",
    effect,
    message: expect.stringContaining("ended by SIGKILL") as string,
  });
  answer = () => opened;
  await call(command);
  expect(processes).toHaveLength(2);
});

test("a process that died between two calls is noticed before anything is sent", async () => {
  const { call, processes } = bench();
  await call();
  if (processes[0] !== undefined) processes[0].isEnded = true;
  await expect(call(start)).resolves.toEqual(opened.value);
  expect(processes.map(({ commands }) => commands.includes("Start-HvReplicaResync"))).toEqual([false, true]);
});

test.each<[string, string, Answer, string, RegExp]>([
  ["dies over the scripts", "load", died, "UNREACHABLE", /connect to the host: "the PowerShell process ended/],
  ["cannot load the scripts", "load", () => ({ stderr: "LanguageMode" }), "UNREACHABLE", /LanguageMode[^]*AppLocker/],
  ["dies over the connection", "Connect-HvReplicaHost", died, "UNREACHABLE", /connect to the host/],
  [
    "cannot log on",
    "Connect-HvReplicaHost",
    () => ({ ok: false, error: remote("2147943726") }),
    "AUTH_FAILED",
    /0x8007052E/,
  ],
])("a start through a process that %s is not sent", async (_, command, answer, code, says) => {
  const { call, processes } = bench({ [command]: answer });
  for (let tries = 1; tries <= 2; tries += 1) {
    const thrown: unknown = await call(start).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code, effect: "none", message: expect.stringMatching(says) as string });
    expect(processes).toHaveLength(tries);
  }
  expect(processes.flatMap(({ commands }) => commands)).not.toContain("Start-HvReplicaResync");
  expect(processes.map(({ ends }) => new Set(ends))).toEqual([new Set(["kill"]), new Set(["kill"])]);
});

function remote(hresult: string) {
  return { message: "m", type: "t", hresult, category: "c", errorId: "e", isSent: true };
}

test("an executable that cannot be started is named, with where it comes from and what to do", async () => {
  const missing = new ExecutableError("pwsh", new Error("spawn pwsh ENOENT"));
  const { call } = bench({ load: () => Promise.reject(missing) });
  await expect(call()).rejects.toMatchObject({
    code: "UNREACHABLE",
    effect: "none",
    message:
      'on hv01: PowerShell could not be started: "pwsh" (the default of this platform): spawn pwsh ENOENT. Set connection.executable or NODE_POWERSHELL to a PowerShell, or install PowerShell',
  });
});

test.each<[string, Answer, RegExp]>([
  ["nothing", () => ({ stdout: "" }), /no reply among 0 characters/],
  ["a cut reply", () => ({ stdout: "<hvr:0000000000000002:abc" }), /no reply among/],
  ["an error text beside a reply", () => ({ stderr: "Write-Error: x" }), /PowerShell wrote an error: "Write-Error: x"/],
])("%s is not a reply: nobody knows what came of a start, and the process is replaced", async (_, answer, says) => {
  const { call, processes } = bench({ "Start-HvReplicaResync": answer, "Get-HvReplicaService": answer });
  const message = expect.stringMatching(says) as string;
  await expect(call(start)).rejects.toMatchObject({ code: "BAD_REPLY", effect: "unknown", message });
  await expect(call()).rejects.toMatchObject({ code: "BAD_REPLY", effect: "none", message });
  expect(processes.map(({ ends }) => new Set(ends))).toEqual([new Set(["kill"]), new Set(["kill"])]);
});

test("an error that the host answers with keeps the process", async () => {
  const { call, processes } = bench({
    "Get-HvReplicaService": () => ({ ok: false, error: remote("2147749891") }),
  });
  await expect(call()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  await expect(call()).rejects.toMatchObject({ code: "ACCESS_DENIED" });
  expect(processes).toHaveLength(1);
  expect(processes[0]?.ends).toEqual([]);
});

const unnumbered = { ok: false, error: { ...remote("0"), hresult: null, errorId: "InvalidRunspaceState" } };

test.each([
  ["a number that says that the way is gone", { ok: false, error: remote("2147944122") }, false, 2],
  ["a number that says that the way broke", { ok: false, error: remote("2150859046") }, true, 2],
  ["no number, from a session on the other side", unnumbered, true, 2],
  ["no number, from this machine", unnumbered, false, 1],
])("after an error with %s the way is opened again where that can help", async (_, reply, isRemote, processesNow) => {
  let isGone = true;
  const answer: Answer = () => (isGone ? reply : opened);
  const { call, processes } = bench({ "Get-HvReplicaService": answer }, { isRemote });
  await expect(call()).rejects.toMatchObject({ effect: "none" });
  isGone = false;
  await expect(call()).resolves.toEqual(opened.value);
  expect(processes).toHaveLength(processesNow);
});

test("an authentication that is refused is not tried again for the calls that waited for it, but for later ones", async () => {
  const { call, processes } = bench({
    "Connect-HvReplicaHost": () => ({ ok: false, error: remote("2147943726") }),
  });
  const ends = await Promise.allSettled([call(), call(start), call()]);
  expect(ends.map((end) => (end.status === "rejected" ? (end.reason as { code: string }).code : ""))).toEqual(
    Array(3).fill("AUTH_FAILED"),
  );
  expect(processes).toHaveLength(1);
  await expect(call()).rejects.toMatchObject({ code: "AUTH_FAILED" });
  expect(processes).toHaveLength(2);
});

test("a start that did not come to the host says so: nothing was asked of it", async () => {
  const { call } = bench({ "Connect-HvReplicaHost": () => ({ ok: false, error: remote("2147749891") }) });
  await expect(call(start)).rejects.toMatchObject({ code: "ACCESS_DENIED", effect: "none", isBeforeCall: true });
});

test("a process that the system refuses at once is an executable that could not be started", async () => {
  const { call } = bench(
    {},
    {
      start: () => {
        throw new Error("spawn ENOTDIR");
      },
    },
  );
  await expect(call(start)).rejects.toMatchObject({
    code: "UNREACHABLE",
    effect: "none",
    message: expect.stringContaining('PowerShell could not be started: "pwsh"') as string,
  });
});

test("a process that could not be connected is not used by the next call", async () => {
  const { call, processes } = bench(
    { "Get-HvReplicaKey": () => ({ ok: true, value: { modulus: "AQAB", exponent: "AQAB" } }) },
    { password: "x" },
  );
  await expect(call()).rejects.toMatchObject({ code: "BAD_REPLY", effect: "none" });
  await expect(call()).rejects.toMatchObject({ code: "BAD_REPLY", effect: "none" });
  expect(processes.map(({ commands }) => commands)).toEqual([["Get-HvReplicaKey"], ["Get-HvReplicaKey"]]);
  expect(processes.map(({ isEnded }) => isEnded)).toEqual([true, true]);
});

test("a call that is under way when the session is closed was stopped", async () => {
  const ended = Promise.withResolvers<object>();
  const clock = {
    now: () => 0,
    sleep: async (_: number, signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("over"));
        });
      }),
  };
  const { call, session } = bench({ "Start-HvReplicaResync": () => ended.promise }, { clock });
  const pending = call(start).catch((error: unknown) => error);
  await new Promise(setImmediate);
  await session.close();
  ended.reject(new Error("the PowerShell process ended"));
  expect(await pending).toMatchObject({ code: "CANCELLED", effect: "unknown" });
});

test("a command that does not answer within its time is killed", async () => {
  const { call, processes, clock } = bench({ "Start-HvReplicaResync": () => new Promise(() => undefined) });
  const began = clock.now();
  await expect(call(start)).rejects.toMatchObject({
    code: "SESSION_LOST",
    effect: "unknown",
    message: expect.stringContaining("no reply within 60 s") as string,
  });
  expect(clock.now() - began).toBe(60_000);
  expect(new Set(processes[0]?.ends)).toEqual(new Set(["kill"]));
});

test("a call that is aborted under way is killed, and nobody knows what came of a start", async () => {
  const { call, processes } = bench({ "Start-HvReplicaResync": () => new Promise(() => undefined) });
  const stop = new AbortController();
  const pending = call(start, stop.signal);
  await new Promise(setImmediate);
  stop.abort();
  await expect(pending).rejects.toMatchObject({ code: "CANCELLED", effect: "unknown" });
  expect(new Set(processes[0]?.ends)).toEqual(new Set(["kill"]));
});

test("a call that is aborted while it waits for its turn ends at once, and was never sent", async () => {
  const gate = Promise.withResolvers<object>();
  const { call, processes } = bench({ "Get-HvReplicaService": () => gate.promise });
  const first = call();
  const stop = new AbortController();
  const second = call(start, stop.signal);
  await new Promise(setImmediate);
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: "CANCELLED", effect: "none" });
  gate.resolve(opened);
  await expect(first).resolves.toEqual(opened.value);
  await call();
  expect(processes).toHaveLength(1);
  expect(processes[0]?.commands).not.toContain("Start-HvReplicaResync");
});

test("a call that is aborted while the way to the host is opened was never sent", async () => {
  const { call, processes } = bench({ "Connect-HvReplicaHost": () => new Promise(() => undefined) });
  const stop = new AbortController();
  const pending = call(start, stop.signal);
  await new Promise(setImmediate);
  stop.abort();
  await expect(pending).rejects.toMatchObject({ code: "CANCELLED", effect: "none" });
  expect(new Set(processes[0]?.ends)).toEqual(new Set(["kill"]));
});

test("a call with a signal that is aborted already starts no process", async () => {
  const { call, processes } = bench();
  await expect(call(start, AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED", effect: "none" });
  expect(processes).toHaveLength(0);
});

test("a password is encrypted with a key of the process, and a process without a good key does not get it", async () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  let key: object = { modulus: Buffer.from(n, "base64url").toString("base64"), exponent: e };
  const connects: unknown[] = [];
  const { call, processes } = bench(
    {
      "Get-HvReplicaKey": () => ({ ok: true, value: key }),
      "Connect-HvReplicaHost": ({ argument }) => {
        connects.push(argument);
        return opened;
      },
    },
    { password: "correct horse" },
  );
  await call();
  expect(connects).toEqual([
    {
      way: "local",
      sealedPassword: {
        key: expect.any(String) as string,
        iv: expect.any(String) as string,
        data: expect.any(String) as string,
      },
    },
  ]);
  expect(JSON.stringify(connects)).not.toContain("correct horse");
  if (processes[0] !== undefined) processes[0].isEnded = true;
  key = { modulus: 7 };
  await expect(call(start)).rejects.toMatchObject({
    code: "BAD_REPLY",
    effect: "none",
    message: expect.stringContaining("an unexpected key") as string,
  });
  expect(connects).toHaveLength(1);
});

test("closing leaves the host properly and ends the process, once; then nothing can be called", async () => {
  const { session, call, processes } = bench();
  await call();
  await session.close();
  await session.close();
  expect(processes[0]?.commands.at(-1)).toBe("Disconnect-HvReplicaHost");
  expect(processes[0]?.ends).toEqual(["end"]);
  await expect(call(start)).rejects.toMatchObject({ code: "CANCELLED", effect: "none" });
  expect(processes).toHaveLength(1);
});

test("closing does not wait for a process that does not answer", async () => {
  const { session, call, processes } = bench({ "Disconnect-HvReplicaHost": () => new Promise(() => undefined) });
  await call();
  await session.close();
  expect(processes[0]?.ends).toEqual(["end"]);
});

test("closing without a process starts none", async () => {
  const { session, processes } = bench();
  await session.close();
  expect(processes).toHaveLength(0);
});

test("closing while the host is being connected to leaves no process behind, and nothing is asked of the host", async () => {
  const connected = Promise.withResolvers<object>();
  const { session, call, processes } = bench({ "Connect-HvReplicaHost": () => connected.promise });
  const pending = call(start).catch((error: unknown) => error);
  await new Promise(setImmediate);
  await session.close();
  connected.resolve(opened);
  expect(await pending).toMatchObject({ code: "CANCELLED", effect: "none" });
  expect(processes.map(({ commands, ends }) => ({ commands, ends }))).toEqual([
    { commands: ["Connect-HvReplicaHost"], ends: ["kill"] },
  ]);
});
