import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import {
  ExecutableError,
  type ShellProcess,
  startShell,
} from "../../../../provider/transports/powershell/shellProcess";
import { childEnvironment } from "../../../../provider/transports/powershell/executable";
import { loadLine } from "../../../../provider/transports/powershell/wire";
import type { ControlInput } from "../../../emulators/powershell/controlFile";
import { standIn } from "../../../emulators/powershell/standIn";
import { removeScenarioFiles, scenarioFile, scenarioOf } from "../../simulator/lab";

const started: ShellProcess[] = [];

afterEach(async () => {
  for (const process of started.splice(0)) await process.kill();
});
afterAll(removeScenarioFiles);

const hello = '[Console]::Out.WriteLine("hello")';

function start(
  environment: Readonly<Record<string, string | undefined>> = {},
  faults: ControlInput["faults"] = [],
): { process: ShellProcess; record: string } {
  const scenario = scenarioFile(scenarioOf([]));
  const record = scenario.replace(/\.json$/, ".record.txt");
  const one = standIn({ scenario, record, faults });
  const process = startShell(one.executable, childEnvironment({ ...one.environment, ...environment }, one.executable));
  started.push(process);
  return { process, record };
}

/** How the stand-in was started: the first line that it has written down. */
function beginning(record: string): { pid: number; argv: string[]; names: string[]; ours: Record<string, string> } {
  return JSON.parse(readFileSync(record, "utf8").split("\n")[0] ?? "") as ReturnType<typeof beginning>;
}

function isAlive(pid: number): boolean {
  try {
    globalThis.process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a process reads no profile, asks nobody, writes no terminal codes, and sees nothing of this package", async () => {
  const { process, record } = start({ TERM: "xterm-256color", HYPERV_REPLICA_PASSWORD: "x", PULUMI_ACCESS_TOKEN: "x" });
  expect(await process.invoke(hello)).toEqual({ stdout: "hello", stderr: "" });
  const { argv, names, ours } = beginning(record);
  expect(argv.slice(-6)).toEqual(["-NoLogo", "-NoProfile", "-NonInteractive", "-NoExit", "-Command", "-"]);
  expect(names.filter((name) => /^(HYPERV_REPLICA|PULUMI)_/i.test(name))).toEqual([]);
  expect(ours).toMatchObject({ TERM: "dumb", NO_COLOR: "1" });
});

test("nothing is printed by the library, whatever DEBUG says", () => {
  const scenario = scenarioFile(scenarioOf([]));
  const { executable, environment } = standIn({ scenario });
  const program = `
    const { startShell } = require(${JSON.stringify(require.resolve("../../../../provider/transports/powershell/shellProcess"))});
    const shell = startShell(${JSON.stringify(executable)}, process.env);
    shell.invoke('[Console]::Out.WriteLine("c2VjcmV0")').then(({ stdout }) => { console.log("got " + stdout.length); return shell.kill(); });`;
  const run = execFileSync(process.execPath, ["-r", "tsx/cjs", "-e", program], {
    env: { ...environment, DEBUG: "*" },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(run).toContain("got 8");
  expect(run).not.toContain("c2VjcmV0");
});

test("an executable that is not there is an error that names it", async () => {
  const process = startShell("no-such-powershell", {});
  await expect(process.invoke(hello)).rejects.toThrow(ExecutableError);
  await expect(process.invoke(hello)).rejects.toThrow(/no-such-powershell could not be started: .*ENOENT/);
  expect(process.isEnded).toBe(true);
  await process.kill();
  await process.end(1_000);
});

test("a process that ends over a line says how, and is known to have ended", async () => {
  const { process } = start();
  await expect(process.invoke("exit 3")).rejects.toThrow("the PowerShell process ended with code 3");
  expect(process.isEnded).toBe(true);
});

test("a process that ends well in the middle of a line has answered nothing", async () => {
  const { process } = start();
  await expect(process.invoke("exit 0")).rejects.toThrow("the PowerShell process ended with code 0");
});

test("a process that dies while nothing is asked of it is known to have ended, and disturbs nobody", async () => {
  const { process, record } = start();
  await process.invoke(hello);
  globalThis.process.kill(beginning(record).pid, "SIGKILL");
  while (!process.isEnded) await delay(5);
  await expect(process.invoke(hello)).rejects.toThrow(/ended by SIGKILL/);
});

test("an idle process ends by itself when it is told to", async () => {
  const { process, record } = start();
  await process.invoke(hello);
  await process.end(20_000);
  await process.end(20_000);
  expect(process.isEnded).toBe(true);
  expect(isAlive(beginning(record).pid)).toBe(false);
});

test("a process that hangs is killed when its time to end is over", async () => {
  const { process, record } = start({}, [{ kind: "slow", command: "load", delayMs: 100_000 }]);
  await process.invoke(hello);
  const hanging = process.invoke(loadLine("function f {}")).catch((error: unknown) => error);
  await process.end(100);
  expect(await hanging).toMatchObject({ message: "the PowerShell process ended by SIGKILL" });
  expect(isAlive(beginning(record).pid)).toBe(false);
});

test("a reply of many megabytes comes whole", async () => {
  const { process } = start();
  const text = "x".repeat(4_000_000);
  expect((await process.invoke(`[Console]::Out.WriteLine("${text}")`)).stdout).toHaveLength(text.length);
});

test.each([["SIGKILL"], ["SIGTERM"], ["SIGINT"]] as const)(
  "a process does not outlive its parent, which ends by %s",
  async (signal) => {
    const scenario = scenarioFile(scenarioOf([]));
    const record = scenario.replace(/\.json$/, ".record.txt");
    const { executable, environment } = standIn({ scenario, record });
    const program = `
      const { startShell } = require(${JSON.stringify(require.resolve("../../../../provider/transports/powershell/shellProcess"))});
      startShell(${JSON.stringify(executable)}, process.env).invoke('[Console]::Out.WriteLine("hello")').then(() => console.log("up"));
      setInterval(() => undefined, 1_000);`;
    const parent = spawn(process.execPath, ["-r", "tsx/cjs", "-e", program], { env: { ...environment } });
    await new Promise((resolve) => parent.stdout.once("data", resolve));
    const { pid } = beginning(record);
    expect(isAlive(pid)).toBe(true);
    parent.kill(signal);
    while (isAlive(pid)) await delay(10);
  },
);
