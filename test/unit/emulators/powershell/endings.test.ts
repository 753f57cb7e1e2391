import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { connectLine, loadLine, replyIn } from "./lines";
import { executable, isAlive, Stand, startLine, until } from "./stand";

const stands: Stand[] = [];
const running = new Set<ChildProcessWithoutNullStreams>();
afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
  for (const stand of stands.splice(0)) await stand.dispose();
});

function stand(...given: ConstructorParameters<typeof Stand>): Stand {
  const made = new Stand(...given);
  stands.push(made);
  return made;
}

const arguments_ = ["-NoLogo", "-NoExit", "-Command", "-"];

function start(
  one: Stand,
  { command = executable, args = arguments_, env = {} }: { command?: string; args?: string[]; env?: object } = {},
): { child: ChildProcessWithoutNullStreams; ended: Promise<unknown[]>; written: () => string } {
  const child = spawn(command, args, { env: { ...one.environment(), TERM: "dumb", NO_COLOR: "1", ...env } });
  running.add(child);
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
  return { child, ended: once(child, "close"), written: () => output };
}

const lines = (...all: string[]) => all.map((line) => `${line}\n`).join("");

test("the end of stdin ends an idle process with 0", async () => {
  const { child, ended, written } = start(stand());
  child.stdin.end(lines(loadLine()));
  expect([await ended, written()]).toEqual([[0, null], ""]);
});

test("the end of stdin does not end what was sent before it", async () => {
  const one = stand({ faults: [{ kind: "slow", command: "Start-HvReplicaResync", delayMs: 200 }] });
  const { child, ended, written } = start(one);
  child.stdin.end(lines(loadLine(), connectLine, startLine, '[Console]::Out.WriteLine("after")'));
  expect(await ended).toEqual([0, null]);
  expect(written()).toMatch(/<hvr:.*>\nafter\n$/s);
  expect(await one.starts()).toBe(1);
});

test("lines end with CRLF as well, the last one with nothing, and come in any pieces", async () => {
  const one = stand();
  const { child, ended, written } = start(one);
  const text = [loadLine(), connectLine, startLine].join("\r\n");
  for (const piece of text.match(/.{1,50}/gs) ?? []) child.stdin.write(piece);
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
  expect(replyIn(written().split("\n")[1] ?? "")).toMatchObject({ ok: true, value: { returnValue: 4096 } });
});

test("a line whose writer was killed in its middle runs nothing, and is nobody's mistake", async () => {
  for (const part of [startLine.slice(0, 60), "[Console]::Out.Wri"]) {
    const one = stand();
    const { child, ended } = start(one);
    child.stdin.end(lines(loadLine(), connectLine) + part);
    expect(await ended).toEqual([0, null]);
    expect([await one.starts(), one.failures(), one.record().at(-1)]).toEqual([0, "", part]);
  }
});

test("a command is run although nobody reads what stands before it any more", async () => {
  const one = stand();
  const { child, ended } = start(one);
  child.stdout.destroy();
  child.stderr.destroy();
  const markers = ['[Console]::Error.WriteLine("x")', '[Console]::Out.WriteLine("x")'];
  child.stdin.end(lines(...markers, loadLine(), connectLine, ...markers, startLine));
  expect(await ended).toEqual([0, null]);
  expect(await one.starts()).toBe(1);
});

/** A process that starts the stand-in, gives it lines and waits. */
const parentProgram = `
  const child = require("node:child_process").spawn(process.env.EXECUTABLE, ${JSON.stringify(arguments_)});
  child.stdin.write(process.env.LINES);
`;

/** Starts such a process, and kills it with \`kill -9\` at a moment. @returns the number of the stand-in's process. */
async function killParent(one: Stand, moment: () => boolean): Promise<number> {
  const parent = start(one, {
    command: process.execPath,
    args: ["-e", parentProgram],
    env: { EXECUTABLE: executable, LINES: lines(loadLine(), connectLine, startLine) },
  });
  await until(() => one.record().length > 1 && moment());
  const { pid } = JSON.parse(one.record()[0] ?? "") as { pid: number };
  expect(isAlive(pid)).toBe(true);
  parent.child.kill("SIGKILL");
  await parent.ended;
  return pid;
}

test("kill -9 of the parent while it is idle ends it", async () => {
  const one = stand();
  let starts = 0;
  void until(async () => (starts = await one.starts()) === 1);
  const pid = await killParent(one, () => starts === 1);
  await until(() => !isAlive(pid));
  expect([await one.starts(), one.failures()]).toEqual([1, ""]);
});

test("kill -9 of the parent while a command runs lets that command end first", async () => {
  const one = stand({ faults: [{ kind: "slow", command: "Start-HvReplicaResync", delayMs: 1_500 }] });
  const pid = await killParent(one, () => one.record().includes(startLine));
  expect([isAlive(pid), await one.starts()]).toEqual([true, 0]);
  await until(() => !isAlive(pid));
  expect([await one.starts(), one.failures()]).toEqual([1, ""]);
});

test.each([
  ["no control file is named", { HVR_STAND_IN: "" }, arguments_, "names no control file"],
  ["it is not started to read lines", {}, ["-NoLogo", "-Command", "1"], "expected … -NoExit -Command -"],
])("fails loudly when %s", async (_, env, args, why) => {
  const { ended, written } = start(stand(), { args, env });
  expect(await ended).toEqual([97, null]);
  expect(written()).toContain(why);
});

test("fails loudly at a byte that is not ASCII", async () => {
  const one = stand();
  const { child, ended } = start(one);
  child.stdin.end("Größe\n");
  expect(await ended).toEqual([97, null]);
  expect(one.failures()).toContain("not ASCII");
});

test("dies at its start, and ends with any code", async () => {
  const one = stand({
    faults: [
      { kind: "dieBefore", command: "start" },
      { kind: "exit", command: "start", after: 1, code: 64 },
    ],
  });
  expect(await start(one).ended).toEqual([null, "SIGKILL"]);
  expect(await start(one).ended).toEqual([64, null]);
  const third = start(one);
  third.child.stdin.end();
  expect(await third.ended).toEqual([0, null]);
});

test("writes 40 MB of noise, to a reader that takes its time too", async () => {
  const one = stand({ faults: [{ kind: "noise", command: "Start-HvReplicaResync" }] });
  const child = spawn(executable, arguments_, { env: { ...one.environment(), TERM: "dumb", NO_COLOR: "1" } });
  running.add(child);
  child.stdin.end(lines(loadLine(), connectLine, startLine));
  await until(async () => (await one.starts()) === 1);
  let bytes = 0;
  let last = "";
  for await (const chunk of child.stdout) {
    bytes += (chunk as Buffer).length;
    last = (last + String(chunk)).slice(-1_000);
  }
  expect(bytes).toBeGreaterThan(40_000_000);
  expect(replyIn(last)).toMatchObject({ ok: true });
  expect(one.failures()).toBe("");
});
