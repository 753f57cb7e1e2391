import { SimulatorAdministration } from "../../../../../provider/simulator/administration";
import type { MachineView } from "../../../../../provider/simulator/machineView";
import { localFiles, type FileAccess } from "../../../../../provider/simulator/files/fileAccess";
import type { SimulatorOptions } from "../../../../../provider/simulator/simulatorOptions";
import { hostStateSchema } from "../../../../../provider/simulator/model/hostState";
import { bringIn, leave, takeOut } from "../../../../../provider/simulator/model/interventions/moves";
import { advance } from "../../../../../provider/simulator/model/advance";
import type { ScenarioInput } from "../../../../../provider/simulator/scenario/scenarioInput";
import { filesOf } from "../../../../../provider/simulator/files/scenarioFile";
import { Crash, crashingFiles } from "../../files/crashingFiles";
import {
  callOn,
  fakeRealClock,
  hostOf,
  linkOf,
  machineOf,
  removeScenarioFiles,
  resynchronizeCall,
  returned,
  scenarioFile,
  scenarioOf,
  startMs,
  web01,
} from "../../lab";

// Many steps, each with the files of two hosts.
afterAll(removeScenarioFiles);

const id = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const doomed = { pid: 4_000_000, isAlive: () => true };
const survivor = { pid: process.pid, isAlive: (pid: number) => pid !== doomed.pid };

/** Two hosts in files, the VM on the first of them. */
function twoHosts() {
  const alive = { realClock: fakeRealClock(), processes: survivor };
  const switches = { movedResync: "continues" } as const;
  const from = scenarioFile(scenarioOf([{ ...web01, id, state: "resynchronizing" }], { switches }));
  const to = scenarioFile(scenarioOf([], { name: "HV02", switches }));
  return { alive, from, to };
}

/** How many VMs a host has, and how many are on their way from it. */
function countsOf(path: string): { here: number; leaving: number } {
  const state = hostStateSchema.parse(JSON.parse(localFiles.read(filesOf(path).state) ?? ""));
  return { here: state.machines.length, leaving: state.leaving.length };
}

async function viewOf(path: string, options: SimulatorOptions): Promise<MachineView> {
  return SimulatorAdministration.open(path, options).readMachine(id);
}

test.each([false, true])(
  "a death at any step of a move leaves the VM on one host or on its way, and a repeated move brings it there (torn write: %s)",
  async (torn) => {
    let remembered = 0;
    for (let step = 1, died = true; died; step++) {
      const { alive, from, to } = twoHosts();
      const before = await viewOf(from, alive);
      await SimulatorAdministration.open(to, alive).readClock();
      died = false;
      try {
        const dying = { ...alive, processes: doomed, files: crashingFiles({ step, torn }) };
        await SimulatorAdministration.open(from, dying).moveMachine(id, to, dying);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        died = true;
      }
      const [source, target] = [countsOf(from), countsOf(to)];
      remembered += source.leaving;
      expect({ step, here: source.here + target.here }).toEqual({ step, here: source.leaving > target.here ? 0 : 1 });
      if (source.here + source.leaving > 0) await SimulatorAdministration.open(from, alive).moveMachine(id, to, alive);
      expect([countsOf(from), countsOf(to)]).toEqual([
        { here: 0, leaving: 0 },
        { here: 1, leaving: 0 },
      ]);
      expect(await viewOf(to, alive)).toEqual(before);
    }
    // Dying between the VM's leaving and the end: fewer would mean that the test looked away.
    expect(remembered).toBeGreaterThan(10);
  },
);

test("a VM that is on its way goes nowhere else, and says so", async () => {
  const { alive, from, to } = twoHosts();
  const full = { ...alive, files: fullAtSecondWrite() };
  await expect(SimulatorAdministration.open(from, alive).moveMachine("web01", to, full)).rejects.toThrow("disk full");
  const other = scenarioFile(scenarioOf([], { name: "HV03" }));
  const source = SimulatorAdministration.open(from, alive);
  await expect(source.moveMachine("WEB01", other, alive)).rejects.toThrow(
    /"web01" is on its way to .*lab\.json: repeat/,
  );
  await expect(source.readMachine("web01")).rejects.toThrow(/it has web01 on its way to .*lab\.json, where a repeated/);
  await source.moveMachine("WEB01", to, alive);
  expect([countsOf(from).here, countsOf(to).here]).toEqual([0, 1]);
});

/** Files that take what a host says of itself, and not the VM that comes to it. */
function fullAtSecondWrite(): FileAccess {
  let writes = 0;
  const rename: FileAccess["rename"] = (from, to) => {
    writes += 1;
    if (writes === 2) throw new Error("disk full");
    localFiles.rename(from, to);
  };
  return { ...localFiles, rename };
}

test("a VM that comes back is no longer on its way", () => {
  const [one, two] = [hostOf(scenarioOf([{ ...web01, id }])), hostOf(scenarioOf([], { name: "HV02" }))];
  const { machine } = leave(one, "web01", "two");
  bringIn(two, one, machine);
  takeOut(two, machineOf(two, "web01"));
  bringIn(one, two, machine);
  expect([one.leaving, one.removedIds, one.machines.length]).toEqual([[], [], 1]);
});

test("moves all times of a VM over to the clock of its new host", () => {
  const switches = { movedResync: "continues", alreadyRunning: "queued" } as const;
  const before = hostOf(scenarioOf([{ ...web01, id, lastReplicationTime: "never" }], { switches }));
  const running = returned(callOn(before, resynchronizeCall(before, "web01"))).host;
  const later = new Date(startMs + 1000_000).toISOString();
  const one = returned(callOn(running, resynchronizeCall(running, "web01", later), 60)).host;
  const clock = { start: new Date(startMs + 86_400_000).toISOString() };
  const two = hostOf(scenarioOf([], { name: "HV02", clock, switches: { replicating: "accepted" } }));
  const { machine, leftAtMs } = leave(one, id, "two");
  bringIn(two, { name: one.name, nowMs: leftAtMs }, machine);
  expect(machineOf(two, "web01").recoveryPointsFromMs).toBe(startMs + 86_400_000 - 60_000);
  const seen = [0, 59, 60, 939, 942].map((second) => {
    advance(two, startMs + 86_400_000 + second * 1000);
    return linkOf(two, "web01").state;
  });
  expect(seen).toEqual([10, 10, 3, 3, 10]);
});

test.each([
  ["required", [9, 9]],
  ["continues", [9, 10]],
  ["paused", [9, 10]],
] as const)("forgets a resync that is scheduled, or takes it along: %s", (movedResync, expected) => {
  const switches = { movedResync };
  const before = hostOf(scenarioOf([web01], { switches }));
  const startTime = new Date(startMs + 3_600_000).toISOString();
  const one = returned(callOn(before, resynchronizeCall(before, "web01", startTime))).host;
  const two = hostOf(scenarioOf([], { name: "HV02" }));
  bringIn(two, one, leave(one, "web01", "two").machine);
  const seen = [0, 3601].map((second) => {
    advance(two, startMs + second * 1000);
    return linkOf(two, "web01").state;
  });
  expect(seen).toEqual(expected);
});

test("a resync that was paused already stays as it is when its VM moves, and continues from there", () => {
  const machines: ScenarioInput["machines"] = [{ ...web01, state: "resynchronizationSuspended" }];
  const one = hostOf(scenarioOf(machines, { switches: { movedResync: "paused" } }));
  const enteredAtMs = linkOf(one, "web01").enteredAtMs;
  advance(one, startMs + 60_000);
  expect(leave(one, "web01", "two").machine.links[0]).toMatchObject({ state: 11, enteredAtMs, run: { jobId: null } });
});
