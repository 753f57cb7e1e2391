import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { SimulatorAdministration } from "../../../../provider/simulator/administration";
import { SimulatorError } from "../../../../provider/simulator/simulatorError";
import type { HostCall } from "../../../../provider/simulator/model/call";
import { machineRef } from "../../../../provider/simulator/model/rows/cimValue";
import { localFiles, type FileAccess } from "../../../../provider/simulator/files/fileAccess";
import type { SimulatorOptions } from "../../../../provider/simulator/simulatorOptions";
import { hostStateSchema } from "../../../../provider/simulator/model/hostState";
import { filesOf } from "../../../../provider/simulator/files/scenarioFile";
import { SimulatedHost } from "../../../../provider/simulator/simulatedHost";
import { Crash, crashingFiles, type CrashPoint } from "./crashingFiles";
import { fakeRealClock, removeScenarioFiles, scenarioFile, scenarioOf, web01 } from "../lab";

afterAll(removeScenarioFiles);

const id = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const caller = { door: "test", user: "operator" };
const call: HostCall = {
  kind: "invoke",
  className: "Msvm_ReplicationService",
  method: "Resynchronize",
  input: { ComputerSystem: machineRef(id) },
};
/** The process that dies; nobody else has its number afterwards. */
const doomed = { pid: 4_000_000, isAlive: () => true };
const survivor = { pid: process.pid, isAlive: (pid: number) => pid !== doomed.pid };

/** Calls counted by the state, and by the journal, as the files have them after the next opening. */
async function counts(path: string, options: SimulatorOptions): Promise<{ state: number; journal: number }> {
  const journal = await SimulatorAdministration.open(path, options).readJournal();
  const text = localFiles.read(filesOf(path).state);
  const calls = text === undefined ? 0 : (hostStateSchema.parse(JSON.parse(text)).machines[0]?.calls ?? -1);
  return { state: calls, journal: journal.filter(({ operation }) => operation === "Resynchronize").length };
}

async function dieAt(
  point: CrashPoint,
): Promise<{ before: number; after: { state: number; journal: number }; died: boolean }> {
  const path = scenarioFile(scenarioOf([{ ...web01, name: 'Größe "1"', id }]));
  const realClock = fakeRealClock();
  const alive = { realClock, processes: survivor };
  for (let n = 0; n < 2; n++) await SimulatedHost.open(path, alive).call(call, caller);
  let died = false;
  try {
    await SimulatedHost.open(path, { realClock, processes: doomed, files: crashingFiles(point) }).call(call, caller);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    died = true;
  }
  return { before: 2, after: await counts(path, alive), died };
}

test.each([false, true])(
  "a death at any step of a call leaves state and journal that agree (torn write: %s)",
  async (torn) => {
    let deaths = 0;
    for (let step = 1, died = true; died; step++) {
      const result = await dieAt({ step, torn });
      died = result.died;
      deaths += died ? 1 : 0;
      expect([2, 3]).toContain(result.after.state);
      expect({ step, journal: result.after.journal }).toEqual({ step, journal: result.after.state });
      if (!died) expect(result.after.state).toBe(3);
    }
    // Look, lock, read, write, rename, append, unlock: fewer steps would mean that the test looked away.
    expect(deaths).toBeGreaterThan(12);
  },
);

test.each([false, true])(
  "a death at any step of the very first call leaves a host that can be opened (torn write: %s)",
  async (torn) => {
    for (let step = 1, died = true; died; step++) {
      const path = scenarioFile(scenarioOf([{ ...web01, id }]));
      const realClock = fakeRealClock();
      died = false;
      try {
        await SimulatedHost.open(path, { realClock, processes: doomed, files: crashingFiles({ step, torn }) }).call(
          call,
          caller,
        );
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        died = true;
      }
      const { state, journal } = await counts(path, { realClock, processes: survivor });
      expect({ step, journal }).toEqual({ step, journal: state });
    }
  },
);

test.each([false, true])(
  "a death at any step of a reset leaves the old host or the new one (torn write: %s)",
  async (torn) => {
    for (let step = 1, died = true; died; step++) {
      const path = scenarioFile(scenarioOf([{ ...web01, id }]));
      const realClock = fakeRealClock();
      const alive = { realClock, processes: survivor };
      await SimulatedHost.open(path, alive).call(call, caller);
      died = false;
      try {
        await SimulatorAdministration.open(path, {
          realClock,
          processes: doomed,
          files: crashingFiles({ step, torn }),
        }).reset();
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        died = true;
      }
      const { state, journal } = await counts(path, alive);
      expect([0, 1]).toContain(state);
      expect({ step, journal }).toEqual({ step, journal: state });
    }
  },
);

test("removes what a killed process left half written, once it is old", async () => {
  const path = scenarioFile(scenarioOf([{ ...web01, id }]));
  const { state, lock } = filesOf(path);
  const mark = "0b0e7a52-6f0e-4b52-9d5c-0d6a1f7f8f11";
  for (const left of [`${state}.${mark}`, `${lock}.${mark}`, `${state}.backup`]) localFiles.write(left, "{");
  await SimulatedHost.open(path).call(call, caller);
  expect(readdirSync(dirname(path))).toHaveLength(6);
  const old = { ...localFiles, age: () => 61_000 };
  await SimulatedHost.open(path, { files: old }).call(call, caller);
  expect(readdirSync(dirname(path)).sort()).toEqual([
    "lab.journal.jsonl",
    "lab.json",
    "lab.state.json",
    "lab.state.json.backup",
  ]);
});

test("a process that stood still and lost its lock changes nothing", async () => {
  const path = scenarioFile(scenarioOf([{ ...web01, id }]));
  const options = { realClock: fakeRealClock() };
  await SimulatedHost.open(path, options).call(call, caller);
  const { state, lock } = filesOf(path);
  const files: FileAccess = {
    ...localFiles,
    write(name, text) {
      // While it writes, another process took the lock for dead.
      if (name.startsWith(state)) localFiles.write(lock, "another");
      localFiles.write(name, text);
    },
  };
  await expect(SimulatedHost.open(path, { ...options, files }).call(call, caller)).rejects.toThrow(SimulatorError);
  localFiles.remove(lock);
  expect(await counts(path, options)).toEqual({ state: 1, journal: 1 });
});
