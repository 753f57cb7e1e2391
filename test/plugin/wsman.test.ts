import type { JournalLine, ScenarioInput, SimulatorAdministration } from "pulumi-hyperv-replica/simulator";
import { WsmanDoor } from "../../provider/simulator/server/wsmanDoor";
import { SimulatedHost } from "../../provider/simulator/forDoors";
import type { JobOutput, RequestOutput } from "../../provider/state/outputTypes";
import { onEveryEngine } from "../support/onEveryEngine";
import type { ResourceUnderTest, Sandbox } from "../support/sandbox";

/** More than any test takes, so that nothing ends before the test lets it. */
const resyncSeconds = 3_600;
const password = `it's "quoted" <![CDATA[&]]> $(x) \\ パスワード`;
/** How many requests the client sends to a host at once. */
const mostConnections = 8;
const waiting = /resynchronizing \d+ %|waiting for the resynchronization to begin/;

function hostOf(machineCount: number, more: Partial<ScenarioInput> = {}): ScenarioInput {
  const machines = Array.from({ length: machineCount }, (_, index) => ({
    name: `vm${index}`,
    state: "resynchronizationRequired",
    resync: { seconds: resyncSeconds },
  }));
  const accounts = [{ user: "operator", password }];
  return { name: "HV01", accounts, maximumActiveTransfers: 50, machines, ...more };
}

/** Opens a WS-Management door to a simulated host for as long as `use` takes. */
async function throughDoor(scenario: string, use: (door: WsmanDoor) => Promise<void>): Promise<void> {
  const door = await WsmanDoor.open(SimulatedHost.open(scenario));
  try {
    await use(door);
  } finally {
    await door.close();
  }
}

function connectionTo({ port }: WsmanDoor, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { transport: "wsman", host: "127.0.0.1", port, tls: false, username: "operator", password, ...more };
}

/** Resources for the VMs `vm0`, `vm1`, … of a host, all of which may be resynchronized at once. */
function resourcesFor(machineCount: number, door: WsmanDoor, prefix = ""): ResourceUnderTest[] {
  const connection = connectionTo(door, { maxConcurrentResyncs: machineCount });
  return Array.from({ length: machineCount }, (_, index) => ({
    name: `${prefix}vm${index}`,
    args: { vm: `vm${index}`, connection },
  }));
}

/** Resolves to the journal as soon as it has what is asked for. */
async function journalWith(
  host: SimulatorAdministration,
  isThere: (journal: readonly JournalLine[]) => boolean,
): Promise<readonly JournalLine[]> {
  for (;;) {
    const journal = await host.readJournal();
    if (isThere(journal)) return journal;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * The looks at a host whose VMs are all waited for, each with what was asked in it: from one reading of the jobs to
 * the next. A look that was in progress when the last VM was called does not know of it, and is left out.
 */
function looksAtAll(journal: readonly JournalLine[], machineCount: number): readonly (readonly string[])[] {
  const operations = journal.map(({ operation }) => operation);
  if (operations.filter((operation) => operation === "Resynchronize").length < machineCount) return [];
  const looks: string[][] = [];
  for (const operation of operations.slice(operations.lastIndexOf("Resynchronize"))) {
    if (operation === "Enumerate Msvm_ConcreteJob") looks.push([]);
    looks.at(-1)?.push(operation);
  }
  return looks;
}

/** Lets the resyncs of a host end after the first look in which all of them ran. */
async function endOnceSeen(host: SimulatorAdministration, machineCount: number): Promise<void> {
  const lastOfLook = "Enumerate Msvm_ReplicationService";
  await journalWith(host, (now) => looksAtAll(now, machineCount)[0]?.includes(lastOfLook) === true);
  await host.advanceClock(resyncSeconds);
}

/** Neither the output nor the state contains a password, in any of its encodings. */
async function expectUntold(secret: string, sandbox: Sandbox, ...outputs: readonly string[]): Promise<void> {
  const texts = [...outputs, JSON.stringify(await sandbox.driver.exportState())].join("\n");
  const escaped = JSON.stringify(secret).slice(1, -1);
  const encoded = Buffer.from(`operator:${secret}`).toString("base64").replace(/=+$/, "");
  for (const form of [secret, escaped, JSON.stringify(escaped).slice(1, -1), encoded])
    expect(texts).not.toContain(form);
}

onEveryEngine(
  "fifty resyncs on one host cost one call each, one set of connections, and no more queries per look than a single one",
  hostOf(50),
  async (sandbox) => {
    const single = sandbox.addHost("single.json", hostOf(1, { name: "HV02" }));
    const singleScenario = sandbox.scenario.replace("host.json", "single.json");
    await throughDoor(singleScenario, async (singleDoor) => {
      await throughDoor(sandbox.scenario, async (door) => {
        sandbox.register(...resourcesFor(1, singleDoor, "single-"), ...resourcesFor(50, door));
        const run = sandbox.start("up", { parallel: 64 });
        const ends = Promise.all([endOnceSeen(single, 1), endOnceSeen(sandbox.host, 50)]);
        const { exitCode, output } = await run.result;
        if (exitCode !== 0) throw new Error(output);
        await ends;

        const [ofOne = []] = looksAtAll(await single.readJournal(), 1);
        expect(ofOne).toEqual([
          "Enumerate Msvm_ConcreteJob",
          "Enumerate Msvm_AffectedJobElement",
          "Enumerate Msvm_ComputerSystem",
          "Enumerate Msvm_ReplicationRelationship",
          "Enumerate Msvm_ReplicationSettingData",
          "Enumerate Msvm_ReplicationService",
        ]);
        const journal = await sandbox.host.readJournal();
        const ofFifty = looksAtAll(journal, 50);
        expect(ofFifty.length).toBeGreaterThanOrEqual(3);
        for (const look of ofFifty) expect(look).toEqual(ofOne);
        const calls = journal.filter(({ operation }) => operation === "Resynchronize");
        expect(new Set(calls.map(({ machine }) => machine)).size).toBe(50);
        expect(calls).toHaveLength(50);
        expect(door.connectionsMade).toBeLessThanOrEqual(mostConnections);
        const used = [...new Set(journal.map(({ connection = Infinity }) => connection))];
        expect(Math.max(...used)).toBeLessThanOrEqual(door.connectionsMade);
        const outcomes = [...(await sandbox.allOutputs()).values()].map(({ outcome, request }) => [
          outcome,
          (request as RequestOutput).attempts,
        ]);
        expect(outcomes).toEqual(Array.from({ length: 51 }, () => ["completed", 1]));
      });
    });
  },
);

onEveryEngine(
  "a lost reply to a start costs only a look, and the password appears nowhere",
  hostOf(1, { faults: [{ operation: "Resynchronize", kind: "lostReplyAfter" }] }),
  async (sandbox) => {
    await throughDoor(sandbox.scenario, async (door) => {
      sandbox.register(...resourcesFor(1, door));
      const run = sandbox.start("up");
      await run.waitForLine(waiting);
      await sandbox.host.advanceClock(resyncSeconds);
      const { exitCode, output } = await run.result;
      expect(output).toMatch(/the reply of the call was lost, and a resynchronization was found running/);
      expect(exitCode).toBe(0);
      expect(await sandbox.calls()).toHaveLength(1);
      expect(await sandbox.outputs("vm0")).toMatchObject({
        outcome: "completed",
        request: { adopted: true, attempts: 1 },
      });
      await expectUntold(password, sandbox, output);
    });
  },
);

onEveryEngine(
  "an interrupted up ends with its state saved, and the next one resumes the same job",
  hostOf(1),
  async (sandbox) => {
    await throughDoor(sandbox.scenario, async (door) => {
      sandbox.register(...resourcesFor(1, door));
      const run = sandbox.start("up");
      await run.waitForLine(waiting);
      run.interrupt();
      const { exitCode, output } = await run.result;
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/stopped waiting .*; job \S+ keeps running on the host.*Run up again to keep waiting/s);
      const { outcome, job } = await sandbox.outputs("vm0");
      const { id: jobId } = job as JobOutput;
      expect(outcome).toBe("started");
      await expectUntold(password, sandbox, output);

      const next = sandbox.start("up");
      await next.waitForLine(waiting);
      await sandbox.host.advanceClock(resyncSeconds);
      expect((await next.result).exitCode).toBe(0);
      expect((await sandbox.calls()).map((call) => call.jobId)).toEqual([jobId]);
      expect(await sandbox.outputs("vm0")).toMatchObject({ outcome: "completed", job: { id: jobId } });
    });
  },
);

onEveryEngine("a password that the host refuses appears nowhere either", hostOf(1), async (sandbox) => {
  await throughDoor(sandbox.scenario, async (door) => {
    const refused = `${password}!`;
    sandbox.register({ name: "vm0", args: { vm: "vm0", connection: connectionTo(door, { password: refused }) } });
    const { exitCode, output } = await sandbox.run("up");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/did not accept|credentials|password/i);
    await expectUntold(refused, sandbox, output);
    expect(await sandbox.calls()).toEqual([]);
  });
});
