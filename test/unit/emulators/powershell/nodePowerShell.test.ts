import { PowerShell } from "node-powershell";
import { connectLine, loadBase64, loadLine, replyIn, requestLine, scripts } from "./lines";
import { processOf, Stand, startLine, until } from "./stand";

const stands: Stand[] = [];
afterEach(async () => {
  for (const stand of stands.splice(0)) await stand.dispose();
});

function stand(...given: ConstructorParameters<typeof Stand>): Stand {
  const made = new Stand(...given);
  stands.push(made);
  return made;
}

const text = ({ stdout, stderr }: { stdout?: Buffer; stderr?: Buffer }) => ({
  stdout: stdout?.toString(),
  stderr: stderr?.toString(),
});

test("one line, one frame, nothing on stderr: the protocol works through node-powershell", async () => {
  const one = stand();
  const shell = one.start();
  expect(text(await shell.invoke(loadLine()))).toEqual({ stdout: "", stderr: "" });
  const { stdout, stderr } = text(await shell.invoke(connectLine));
  expect([stdout, stderr]).toEqual([expect.stringMatching(/^<hvr:[0-9a-f]{16}:[A-Za-z0-9+/=]+:[0-9a-f]{16}>$/), ""]);
  expect(replyIn(String(stdout))).toMatchObject({ ok: true, value: { psVersion: "7.6.5", computerName: "HV01" } });
  expect(replyIn((await shell.invoke(startLine)).raw)).toMatchObject({ ok: true, value: { returnValue: 4096 } });
  expect(await one.starts()).toBe(1);
  expect(one.failures()).toBe("");
});

test("names with quotes, $(), backticks, line ends, NUL and Japanese text come back unchanged", async () => {
  const name = `it's "quoted" $(throw 1) \`n \r\n\u0000 東京 ${"x".repeat(150)}`;
  const shell = await stand({}, name).connect();
  const { raw } = await shell.invoke(requestLine("Get-HvReplicaRows", { classes: ["Msvm_ComputerSystem"] }));
  expect(replyIn(raw)).toMatchObject({ ok: true, value: { Msvm_ComputerSystem: [{}, { ElementName: name }] } });
});

test.each([
  ["a command over several lines", "if ($true) {\n  1\n} else {\n  2\n}"],
  ["an unfinished statement", "$x = "],
  ["an unclosed quote", "Invoke-HvReplica 'abc"],
])("after %s neither it nor the next command is answered, until the process ends with its input", async (_, line) => {
  const one = stand();
  const shell = await one.connect();
  const asked = shell.invoke(line);
  // The library would wait for the first answer for ever before it sent the next command.
  shell.streams.stdin.end(`${startLine}\n`);
  const { raw } = await asked;
  expect(raw).toBe("");
  expect(one.record()).toContain(startLine);
  expect([await one.starts(), one.failures()]).toEqual([0, ""]);
});

test.each([{ TERM: undefined }, { TERM: "xterm-256color" }])(
  "with %j terminal codes stand around every reply, and errors are coloured",
  async (env) => {
    const shell = stand().start(env);
    expect((await shell.invoke(connectLine)).stderr?.toString()).toMatch(
      /^\u001b\[31;1mInvoke-HvReplica: The term .*\u001b\[0m$/s,
    );
    await shell.invoke(loadLine());
    expect((await shell.invoke(connectLine)).raw).toMatch(/^\u001b\[\?1h<hvr:\S*>\s+\u001b\[\?1l$/);
  },
);

test("with TERM=dumb and NO_COLOR an error is plain text", async () => {
  const { stdout, stderr } = text(await stand().start().invoke(connectLine));
  expect([stdout, stderr]).toEqual(["", expect.stringMatching(/^Invoke-HvReplica: The term 'Invoke-HvReplica'/)]);
});

test("any byte on stderr fails the call with that text, by default", async () => {
  const one = stand({ faults: [{ kind: "stderr", command: "Start-HvReplicaResync", text: "nobody asked" }] });
  const shell = await one.connect();
  Reflect.set(shell, "throwOnInvocationError", true);
  await expect(shell.invoke(startLine)).rejects.toThrow("nobody asked");
  expect(await one.starts()).toBe(1);
});

test("scripts that are no base64 are an error on stderr", async () => {
  const { stderr } = text(await stand().start().invoke(loadBase64("ab!")));
  expect(stderr).toMatch(/^MethodInvocationException: Exception calling "FromBase64String"/);
});

test("warnings and verbose lines land in stdout beside the reply", async () => {
  const shell = await stand({ faults: [{ kind: "warnings", command: "Start-HvReplicaResync" }] }).connect();
  const { raw } = await shell.invoke(startLine);
  expect(raw).toMatch(/^WARNING: .*VERBOSE: .*<hvr:\S*>\s+VERBOSE: .*WARNING: /s);
  expect(replyIn(raw)).toMatchObject({ ok: true });
});

test("a timeout rejects with an empty message, the command goes on, and the process answers again", async () => {
  const one = stand({ faults: [{ kind: "slow", command: "Start-HvReplicaResync", delayMs: 1_500 }] });
  const shell = await one.connect();
  Reflect.set(shell, "invocationTimeout", 50);
  Reflect.set(shell, "throwOnInvocationError", true);
  await expect(shell.invoke(startLine)).rejects.toMatchObject({ name: "InvocationError", message: "" });
  expect(await one.starts()).toBe(0);
  await until(async () => (await one.starts()) === 1);
  // Not before its late output is out: the library mistakes it for the beginning of the next, and may wait for ever.
  await until(() => shell.streams.stdout.listenerCount("data") === 0);
  Reflect.set(shell, "invocationTimeout", 0);
  expect(replyIn((await shell.invoke(connectLine)).raw)).toMatchObject({ ok: true });
});

test.each([
  ["exit", { name: "ProcessError", exitCode: 3 }],
  ["dieBefore", { name: "ProcessError", signalCode: "SIGKILL" }],
  ["dieAfter", { name: "ProcessError", signalCode: "SIGKILL" }],
  ["dieInReply", { name: "ProcessError", signalCode: "SIGKILL" }],
] as const)("%s: the call ends in a ProcessError, and every further one at once", async (kind, error) => {
  const one = stand({ faults: [{ kind, command: "Start-HvReplicaResync" }] });
  const shell = await one.connect();
  await expect(shell.invoke(startLine)).rejects.toMatchObject(error);
  await expect(shell.invoke(startLine)).rejects.toThrow("invoke called after process exited");
  expect(await one.starts()).toBe(kind === "dieBefore" ? 0 : 1);
  // The fault was due once: the process that takes its place is well.
  expect(replyIn((await (await one.connect()).invoke(startLine)).raw)).toMatchObject({ ok: true });
});

test("exit inside a line ends the process as well", async () => {
  const shell = stand().start();
  await expect(shell.invoke("exit 3")).rejects.toMatchObject({ name: "ProcessError", exitCode: 3 });
});

test.each([["exit 0"], ["SIGTERM"]])("an end by %s is no error: the call resolves without an output", async (how) => {
  const one = stand({ faults: [{ kind: "slow", command: "Start-HvReplicaResync", delayMs: 60_000 }] });
  const shell = await one.connect();
  const asked = shell.invoke(how === "SIGTERM" ? startLine : how);
  if (how === "SIGTERM") {
    await until(() => one.record().some((line) => line === startLine));
    await shell.dispose();
  }
  expect(await asked).toMatchObject({ raw: "", hadErrors: false });
  expect(await asked).not.toHaveProperty("stdout");
  expect(await one.starts()).toBe(0);
});

test("an executable that is missing is a ProcessError that says ENOENT", async () => {
  const shell = new PowerShell({ executable: "/nowhere/pwsh" });
  await expect(shell.invoke(connectLine)).rejects.toThrow(/spawn .*ENOENT/);
});

test("NODE_POWERSHELL in the environment names the executable, whatever the options say", async () => {
  const before = process.env["NODE_POWERSHELL"];
  process.env["NODE_POWERSHELL"] = "/nowhere/other";
  try {
    await expect(new PowerShell({ executable: "pwsh" }).invoke("")).rejects.toThrow("spawn /nowhere/other ENOENT");
  } finally {
    if (before === undefined) delete process.env["NODE_POWERSHELL"];
    else process.env["NODE_POWERSHELL"] = before;
  }
});

test("a process that is disposed of with SIGKILL rejects", async () => {
  const shell = stand().start();
  await expect(shell.dispose("SIGKILL")).rejects.toMatchObject({ name: "ProcessError", signalCode: "SIGKILL" });
});

test("a process that ignores SIGTERM is there until SIGKILL", async () => {
  const one = stand({ faults: [{ kind: "ignoreSigterm", command: "load" }] });
  const shell = await one.connect();
  processOf(shell).kill("SIGTERM");
  expect(replyIn((await shell.invoke(connectLine)).raw)).toMatchObject({ ok: true });
  await expect(shell.dispose("SIGKILL")).rejects.toMatchObject({ signalCode: "SIGKILL" });
});

test("the history keeps the output of every command until it is emptied", async () => {
  const shell = await stand().connect();
  await shell.invoke(connectLine);
  expect(shell.history.map(({ raw }) => raw.slice(0, 5))).toEqual(["<hvr:", "<hvr:", ""]);
  shell.history.length = 0;
  await shell.invoke(connectLine);
  expect(shell.history).toHaveLength(1);
});

test("noise before a reply reaches node-powershell, and the reply too", async () => {
  // The time it takes grows with the square: 40 MB would be ten seconds.
  const faults = [{ kind: "noise", command: "Start-HvReplicaResync", bytes: 2_000_000 }] as const;
  const shell = await stand({ faults: [...faults] }).connect();
  const { raw } = await shell.invoke(startLine);
  expect(raw.length).toBeGreaterThan(2_000_000);
  expect(replyIn(raw.slice(-2_000))).toMatchObject({ ok: true });
});

test.each([
  ["cutReply", /^<hvr:0123456789abcdef:[A-Za-z0-9+/]+$/],
  ["foreignId", /^<hvr:fedcba9876543210:[A-Za-z0-9+/=]+:fedcba9876543210>$/],
  ["notBase64", /^<hvr:0123456789abcdef:\*&!:0123456789abcdef>$/],
  ["garbage", /^<hvr:0123456789abcdef:\/\/4Aw\S*:0123456789abcdef>$/],
  ["wrongShape", /^<hvr:0123456789abcdef:eyJvayI6InllcyIsInZhbHVlIjpbMV19:0123456789abcdef>$/],
] as const)("%s: the markers come and the reply is no good", async (kind, shape) => {
  const one = stand({ faults: [{ kind, command: "Start-HvReplicaResync" }] });
  const shell = await one.connect();
  expect((await shell.invoke(startLine)).raw).toMatch(shape);
  expect(await one.starts()).toBe(1);
  expect(replyIn((await shell.invoke(connectLine)).raw)).toMatchObject({ ok: true });
});

test("a late reply has had its effect already", async () => {
  const one = stand({ faults: [{ kind: "lateReply", command: "Start-HvReplicaResync", delayMs: 60_000 }] });
  const shell = await one.connect();
  const asked = shell.invoke(startLine).catch(String);
  await until(async () => (await one.starts()) === 1);
  await expect(shell.dispose("SIGKILL")).rejects.toMatchObject({ signalCode: "SIGKILL" });
  expect(await asked).toContain("ProcessError");
});

test("two processes at once answer for one host", async () => {
  const one = stand();
  const shells = await Promise.all([one.connect(), one.connect()]);
  const replies = await Promise.all(shells.map(async (shell) => replyIn((await shell.invoke(startLine)).raw)));
  const codes = replies.map((reply) =>
    reply?.ok === true && "returnValue" in reply.value ? reply.value.returnValue : 0,
  );
  expect(codes.toSorted()).toEqual([32775, 4096]);
  expect(await one.starts()).toBe(2);
});

test("a line that no client sends ends the process with the stand-in's own code and is written down", async () => {
  const one = stand();
  const shell = await one.connect();
  await expect(shell.invoke("Get-Process")).rejects.toMatchObject({ name: "ProcessError", exitCode: 97 });
  expect(one.failures()).toContain("no stand-in knows this line, and no client sends it: Get-Process");
});

test("the record holds every line as it came, the arguments and the environment", async () => {
  const one = stand();
  const shell = await one.connect({ TERM: "dumb", NO_COLOR: "1", SECRET: "hidden" });
  await shell.invoke(startLine);
  const [first = "", ...lines] = one.record();
  expect(JSON.parse(first)).toMatchObject({
    pid: processOf(shell).pid,
    argv: ["-NoLogo", "-NoProfile", "-NonInteractive", "-NoExit", "-Command", "-"],
    names: expect.arrayContaining(["SECRET", "TERM", "PATH"]) as string[],
    ours: { TERM: "dumb", NO_COLOR: "1", HVR_STAND_IN: one.controlPath },
  });
  expect(first).not.toContain("hidden");
  const marker = /^\[Console\]::(Out|Error)\.WriteLine\("[0-9A-Za-z]{16}"\)$/;
  expect(lines.filter((line) => !marker.test(line))).toEqual([loadLine(scripts), connectLine, startLine]);
  expect(lines.filter((line) => marker.test(line)).length).toBeGreaterThanOrEqual(10);
});
