import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { ScenarioInput } from "pulumi-hyperv-replica/simulator";
import type { ControlInput } from "../emulators/powershell/controlFile";
import { standIn } from "../emulators/powershell/standIn";
import { onEveryEngine } from "../support/onEveryEngine";
import type { Sandbox } from "../support/sandbox";

const password = `it's "quoted" $(x) パスワード`;

function host(seconds: number, speed: number): ScenarioInput {
  const machines = ["web01", "app01"].map((name) => ({
    name,
    state: "resynchronizationRequired",
    resync: { seconds },
  }));
  return { name: "HV01", clock: { speed }, accounts: [{ user: "operator", password }], machines };
}

/** The processes of a sandbox's stand-ins, and the connection that makes its resources use them. */
class PowerShells {
  readonly #record: string;
  readonly settings: { readonly env: Readonly<Record<string, string>> };

  constructor(sandbox: Sandbox, faults: ControlInput["faults"] = [], names: readonly string[] = ["web01"]) {
    this.#record = sandbox.scenario.replace(/\.json$/, ".record.txt");
    const { executable, controlPath } = standIn({ scenario: sandbox.scenario, record: this.#record, faults });
    this.settings = { env: { HVR_STAND_IN: controlPath } };
    const connection = { transport: "powershell", host: "HV01", executable, username: "operator", password };
    sandbox.register(...names.map((name) => ({ name, args: { vm: name, connection } })));
  }

  /** Process ids of all that were started so far. */
  get pids(): readonly number[] {
    const lines = existsSync(this.#record) ? readFileSync(this.#record, "utf8").split("\n") : [];
    return lines.filter((line) => line.startsWith("{")).map((line) => (JSON.parse(line) as { pid: number }).pid);
  }

  /** Resolves when none of them runs. */
  async gone(): Promise<void> {
    while (this.pids.some(isAlive)) await delay(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

onEveryEngine(
  "two VMs of one host are resynchronized through one process, which is gone afterwards, and the password appears nowhere",
  host(120, 120),
  async (sandbox) => {
    const shells = new PowerShells(sandbox, [], ["web01", "app01"]);
    const { output } = await sandbox.succeed("up", shells.settings);
    expect(output).toMatch(/web01: resynchronized in \d+ s, Resynchronize returned 4096 \(JobStarted\)/);
    await shells.gone();
    expect(shells.pids).toHaveLength(1);
    expect((await sandbox.calls()).map(({ door, machine }) => `${door} ${machine ?? ""}`).toSorted()).toEqual([
      "powershell app01",
      "powershell web01",
    ]);
    const state = JSON.stringify(await sandbox.driver.exportState());
    const secret = JSON.stringify(password).slice(1, -1);
    expect(output + state).not.toContain(password);
    expect(state).not.toContain(secret);

    const again = await sandbox.succeed("up", { ...shells.settings, refresh: true });
    expect(again.output).not.toContain(password);
    expect(await sandbox.calls()).toHaveLength(2);
    expect(await sandbox.outputs("web01")).toMatchObject({
      outcome: "completed",
      request: { attempts: 1 },
      hostName: "HV01",
    });
    await shells.gone();
  },
);

onEveryEngine(
  "a process that dies before the reply to a start costs only a look: one call, waited for",
  host(120, 120),
  async (sandbox) => {
    const shells = new PowerShells(sandbox, [{ kind: "dieAfter", command: "Start-HvReplicaResync" }]);
    const { output } = await sandbox.succeed("up", shells.settings);
    expect(output).toMatch(/the reply of the call was lost, and a resynchronization was found running/);
    expect(await sandbox.calls()).toHaveLength(1);
    expect(await sandbox.outputs("web01")).toMatchObject({
      outcome: "completed",
      request: { adopted: true, attempts: 1 },
    });
    await shells.gone();
    expect(shells.pids).toHaveLength(2);
  },
);

onEveryEngine(
  "a plugin that is killed leaves no process behind, and the next up resumes its one call",
  host(600, 1),
  async (sandbox) => {
    const shells = new PowerShells(sandbox);
    const run = sandbox.start("up", shells.settings);
    await run.waitForLine(/resynchronizing \d+ %|waiting for the resynchronization to begin/);
    process.kill(await run.pluginPid(), "SIGKILL");
    expect((await run.result).exitCode).not.toBe(0);
    await shells.gone();
    await sandbox.driver.cancel();
    const next = sandbox.start("up", shells.settings);
    await next.waitForLine(/resynchronizing \d+ %|waiting for the resynchronization to begin/);
    await sandbox.host.advanceClock(600);
    expect((await next.result).exitCode).toBe(0);
    expect(await sandbox.calls()).toHaveLength(1);
    expect(await sandbox.outputs("web01")).toMatchObject({ outcome: "completed", request: { adopted: true } });
    await shells.gone();
  },
);

onEveryEngine("an interrupted up ends its process, and says how to continue", host(86_000, 1), async (sandbox) => {
  const shells = new PowerShells(sandbox);
  const run = sandbox.start("up", shells.settings);
  await run.waitForLine(/resynchronizing \d+ %|waiting for the resynchronization to begin/);
  run.interrupt();
  const { exitCode, output } = await run.result;
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/stopped waiting .*; job \S+ keeps running on the host.*Run up again to keep waiting/s);
  await shells.gone();
  expect(await sandbox.calls()).toHaveLength(1);
});

onEveryEngine(
  "a PowerShell that is not there is named, with what to do, and a refresh keeps the state",
  host(120, 120),
  async (sandbox) => {
    const shells = new PowerShells(sandbox);
    await sandbox.succeed("up", shells.settings);
    await shells.gone();
    const connection = { transport: "powershell", host: "HV01", executable: "no-such-powershell" };
    sandbox.register({ name: "web01", args: { vm: "web01", connection, triggers: [1] } });
    const { exitCode, output } = await sandbox.run("up");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /PowerShell could not be started: "no-such-powershell" \(connection\.executable\): .*ENOENT.*NODE_POWERSHELL/,
    );
    expect(await sandbox.outputs("web01")).toMatchObject({ outcome: "completed" });
    expect(await sandbox.calls()).toHaveLength(1);
  },
);
