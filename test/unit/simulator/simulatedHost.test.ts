import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { SimulatorAdministration } from "../../../provider/simulator/administration";
import { HostUnreachable, LogonRefused, ReplyLost } from "../../../provider/simulator/model/hostFaults";
import { SimulatorError } from "../../../provider/simulator/simulatorError";
import type { ScenarioInput } from "../../../provider/simulator/scenario/scenarioInput";
import { filesOf } from "../../../provider/simulator/files/scenarioFile";
import { SimulatedHost } from "../../../provider/simulator/simulatedHost";
import {
  fakeRealClock,
  hostOf,
  machineOf,
  removeScenarioFiles,
  resynchronizeCall,
  scenarioFile,
  scenarioOf,
  startMs,
  web01,
} from "./lab";

afterAll(removeScenarioFiles);

const caller = { door: "test", user: "operator" };
const jobs = { kind: "enumerate", className: "Msvm_ConcreteJob" } as const;
const known = hostOf(scenarioOf([web01]));
const resynchronize = resynchronizeCall(known, "web01");
const webId = machineOf(known, "web01").id;
const start = new Date(startMs).toISOString();

function open(more: Partial<ScenarioInput> = {}) {
  const path = scenarioFile(scenarioOf([web01], more));
  const realClock = fakeRealClock();
  return {
    path,
    realClock,
    host: SimulatedHost.open(path, { realClock }),
    administration: SimulatorAdministration.open(path, { realClock }),
  };
}

async function operations(administration: SimulatorAdministration): Promise<string[]> {
  return (await administration.readJournal()).map(({ operation }) => operation);
}

test("writes one line for each call, in order, as it is documented", async () => {
  const { path, realClock, host } = open();
  await host.call(jobs, caller);
  realClock.nowMs += 1_500;
  const answer = await host.call(resynchronize, caller);
  const lines = readFileSync(filesOf(path).journal, "utf8").trimEnd().split("\n");
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    {
      at: start,
      door: "test",
      machine: null,
      machineId: null,
      operation: "Enumerate Msvm_ConcreteJob",
      input: {},
      returnValue: null,
      jobId: null,
    },
    {
      at: new Date(startMs + 1_500).toISOString(),
      door: "test",
      machine: "web01",
      machineId: webId,
      operation: "Resynchronize",
      input: { ComputerSystem: webId.toUpperCase() },
      returnValue: 4096,
      jobId: answer.kind === "returned" ? answer.jobId : undefined,
    },
  ]);
});

test("remembers between openings, and its time continues in between", async () => {
  const { path, realClock, host } = open();
  await host.call(resynchronize, caller);
  realClock.nowMs += 60_000;
  const answer = await SimulatedHost.open(path, { realClock }).call(jobs, caller);
  expect(answer).toMatchObject({
    at: new Date(startMs + 60_000).toISOString(),
    rows: [{ JobState: 4, PercentComplete: 50 }],
  });
});

test("shows two openings at once the same host", async () => {
  const { path, realClock, host } = open();
  const other = SimulatedHost.open(path, { realClock });
  await host.call(jobs, caller);
  await other.call(resynchronize, caller);
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 32775 });
});

test("takes in a VM that was added to the scenario file at the next opening", async () => {
  const { path, realClock, host } = open();
  await host.call(resynchronize, caller);
  writeFileSync(path, JSON.stringify(scenarioOf([web01, { name: "db01" }])));
  const answer = await SimulatedHost.open(path, { realClock }).call(
    { kind: "enumerate", className: "Msvm_ComputerSystem" },
    caller,
  );
  expect(answer).toMatchObject({ rows: [{}, { ElementName: "web01" }, { ElementName: "db01" }] });
});

test("does not answer, and writes nothing, while it is unreachable", async () => {
  const { host, administration } = open({ reachable: false });
  await expect(host.call(resynchronize, caller)).rejects.toThrow(HostUnreachable);
  expect(await operations(administration)).toEqual([]);
  await administration.setReachable(true);
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 4096 });
});

test("loses a call before it has an effect", async () => {
  const { host, administration } = open({ faults: [{ operation: "Resynchronize", kind: "lostReplyBefore" }] });
  await host.call(jobs, caller);
  await expect(host.call(resynchronize, caller)).rejects.toThrow(ReplyLost);
  expect(await operations(administration)).toEqual(["Enumerate Msvm_ConcreteJob"]);
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 4096 });
});

test("loses the reply of a call that had its effect", async () => {
  const { host, administration } = open({ faults: [{ operation: "*", kind: "lostReplyAfter", times: 2 }] });
  await expect(host.call(resynchronize, caller)).rejects.toThrow(ReplyLost);
  await expect(host.call(jobs, caller)).rejects.toThrow(ReplyLost);
  expect(await operations(administration)).toEqual(["Resynchronize", "Enumerate Msvm_ConcreteJob"]);
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [{ JobType: 107 }] });
});

test("lets so many calls of an operation go well before a fault", async () => {
  const { host } = open({
    faults: [
      { operation: "Enumerate Msvm_ConcreteJob", kind: "lostReplyAfter", after: 2 },
      { operation: "*", kind: "lostReplyAfter", after: 4 },
    ],
  });
  const ends: boolean[] = [];
  for (let nth = 0; nth < 6; nth++) {
    ends.push(
      await host.call(jobs, caller).then(
        () => true,
        () => false,
      ),
    );
  }
  expect(ends).toEqual([true, true, false, true, false, true]);
});

test("answers late, in its own time", async () => {
  const { host, realClock } = open({
    clock: { start, speed: 10 },
    faults: [{ operation: "Resynchronize", kind: "slowReply", seconds: 20 }],
  });
  await host.call(resynchronize, caller);
  expect(realClock.nowMs - startMs).toBeGreaterThanOrEqual(2_000);
  expect(host.now()).toBeGreaterThanOrEqual(startMs + 20_000);
});

test("takes its time for every call", async () => {
  const { host } = open({ latencyMs: 400 });
  expect(await host.call(jobs, caller)).toMatchObject({ at: new Date(startMs + 400).toISOString() });
});

test("carries out nothing for a caller that gave up before its turn", async () => {
  const { host, administration } = open();
  await expect(host.call(resynchronize, caller, AbortSignal.abort(new RangeError("stop")))).rejects.toThrow("stop");
  expect(await operations(administration)).toEqual([]);
});

test("sleeps in its own time, in real pieces of 10 to 200 ms", async () => {
  const { host, realClock } = open({ clock: { start, speed: 60 } });
  await host.sleep(30_000);
  expect(host.now()).toBe(startMs + 30_000);
  expect(realClock.slept).toEqual([200, 200, 100]);
  realClock.slept.length = 0;
  await host.sleep(0);
  await host.sleep(60);
  expect(realClock.slept).toEqual([10, 10]);
});

test("wakes up when the clock is put forward from outside", async () => {
  const { host, realClock, administration } = open({ clock: { start, speed: 0 } });
  const sleeping = host.sleep(3_600_000);
  await administration.advanceClock(3_600);
  await sleeping;
  expect(new Set(realClock.slept)).toEqual(new Set([10]));
  expect(host.now()).toBe(startMs + 3_600_000);
});

test("knows its clock before the first call", async () => {
  const { path, realClock, host } = open({ clock: { start, speed: 60 } });
  expect(host.now()).toBe(startMs);
  await host.call(jobs, caller);
  realClock.nowMs += 1_000;
  expect(SimulatedHost.open(path, { realClock }).now()).toBe(startMs + 60_000);
});

test("accepts its accounts only", () => {
  const { host } = open();
  expect(host.logOn("Operator", "simulated")).toBe("operator");
  expect(host.consoleUser).toBe("operator");
  expect(() => host.logOn("operator", "Simulated")).toThrow(LogonRefused);
  expect(() => host.logOn("operator", undefined)).toThrow(LogonRefused);
  expect(() => host.logOn("nobody", "simulated")).toThrow(LogonRefused);
});

test("shows a user that it does not know nothing", async () => {
  const answer = await open().host.call(
    { kind: "enumerate", className: "Msvm_ReplicationRelationship" },
    { ...caller, user: "nobody" },
  );
  expect(answer).toMatchObject({ rows: [] });
});

test.each(["{", '{ "version": 2 }'])("says which state file it cannot use: %s", (text) => {
  const path = scenarioFile(scenarioOf([web01]));
  writeFileSync(filesOf(path).state, text);
  expect(() => SimulatedHost.open(path)).toThrow(SimulatorError);
  expect(() => SimulatedHost.open(path)).toThrow(/lab\.state\.json of a simulated host: .*Delete it to start again/);
});

test("reads a state file of the first version, which knew less", async () => {
  const { path, realClock, host } = open();
  await host.call(resynchronize, caller);
  const { state } = filesOf(path);
  const text = readFileSync(state, "utf8");
  const less = new Set(["leaving", "later", "lateEnd", "mostRecoveryPoints", "recoveryPointsFromMs", "switches"]);
  const older = JSON.stringify(JSON.parse(text), (key: string, value: unknown) => {
    if (key === "switches") return { replicating: "accepted" };
    return less.has(key) ? undefined : value;
  });
  expect(older.length).toBeLessThan(text.length - 500);
  writeFileSync(state, older);
  realClock.nowMs += 120_000;
  expect(await SimulatedHost.open(path, { realClock }).call(jobs, caller)).toMatchObject({ rows: [{ JobState: 7 }] });
});

test("begins again, and keeps the journal, when the state file is gone", async () => {
  const { path, host, administration } = open();
  await host.call(resynchronize, caller);
  rmSync(filesOf(path).state);
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 4096 });
  expect(await operations(administration)).toEqual(["Resynchronize", "Resynchronize"]);
});

test("does not put an older scenario back over one that another opening took in", async () => {
  const { path, realClock, host } = open();
  await host.call(jobs, caller);
  writeFileSync(path, JSON.stringify(scenarioOf([web01, { name: "db01" }])));
  const machines = { kind: "enumerate", className: "Msvm_ComputerSystem" } as const;
  await SimulatedHost.open(path, { realClock }).call(machines, caller);
  expect(await host.call(machines, caller)).toMatchObject({ rows: [{}, {}, { ElementName: "db01" }] });
});
