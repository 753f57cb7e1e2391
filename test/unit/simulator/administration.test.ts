import { rmSync } from "node:fs";
import { SimulatorAdministration } from "../../../provider/simulator/administration";
import { SimulatorError } from "../../../provider/simulator/simulatorError";
import type { ScenarioInput } from "../../../provider/simulator/scenario/scenarioInput";
import { filesOf } from "../../../provider/simulator/files/scenarioFile";
import { SimulatedHost } from "../../../provider/simulator/simulatedHost";
import {
  fakeRealClock,
  hostOf,
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
const resynchronize = resynchronizeCall(hostOf(scenarioOf([web01])), "web01");

function open(machines: ScenarioInput["machines"] = [web01], more: Partial<ScenarioInput> = {}) {
  const path = scenarioFile(scenarioOf(machines, more));
  const options = { realClock: fakeRealClock() };
  return { path, options, host: SimulatedHost.open(path, options), lab: SimulatorAdministration.open(path, options) };
}

async function stateOf(lab: SimulatorAdministration, machine = "web01"): Promise<number[]> {
  return (await lab.readMachine(machine)).links.map(({ replicationState }) => replicationState);
}

test("lets a VM get out of sync", async () => {
  const { lab } = open([{ name: "web01" }]);
  await lab.breakMachine("WEB01");
  expect((await lab.readMachine("web01")).links).toMatchObject([{ replicationState: 9, replicationHealth: 3 }]);
});

test("fails the resync that runs when a VM gets out of sync", async () => {
  const { host, lab } = open();
  await host.call(resynchronize, caller);
  await lab.advanceClock(60);
  await lab.breakMachine("web01");
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [{ JobState: 10, PercentComplete: 50 }] });
  await lab.advanceClock(3600);
  expect(await stateOf(lab)).toEqual([9]);
});

test("puts a VM into any state, with the job that belongs to it", async () => {
  const { host, lab } = open();
  await lab.setState("web01", "resynchronizing");
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [{ JobState: 4 }] });
  await lab.setState("web01", 77);
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [] });
  expect(await stateOf(lab)).toEqual([77]);
});

test("ends an initial replication whose VM enters another state", async () => {
  const { host, lab } = open([{ name: "web01", state: "waitingToCompleteInitialReplication" }]);
  await lab.setState("web01", "replicating");
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [{ JobType: 117, JobState: 7 }] });
});

test("changes what the next resyncs do", async () => {
  const { host, lab } = open();
  await lab.setResync("web01", [{ returnCode: 32774 }, { seconds: 5 }]);
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 32774 });
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 4096 });
});

test("loses the jobs when the service stops, and what ran requires a resync again", async () => {
  const { host, lab } = open();
  await host.call(resynchronize, caller);
  await lab.stopService();
  expect(await host.call({ kind: "enumerate", className: "Msvm_ReplicationService" }, caller)).toMatchObject({
    rows: [],
  });
  await lab.startService();
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [] });
  expect(await stateOf(lab)).toEqual([9]);
});

test("lets a resync continue without its job over a stop of the service when the switch says so", async () => {
  const { host, lab } = open([web01], { switches: { interruptedResync: "continues" } });
  await host.call(resynchronize, caller);
  await lab.advanceClock(60);
  await lab.stopService();
  await lab.startService();
  expect(await stateOf(lab)).toEqual([10]);
  await lab.advanceClock(60);
  expect(await stateOf(lab)).toEqual([3]);
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [] });
});

test("begins nothing while the service is stopped", async () => {
  const autoResync = { windowStart: "00:00", windowEnd: "23:59" };
  const { lab } = open([{ ...web01, autoResync }], { service: "stopped" });
  await lab.advanceClock(3600);
  expect(await stateOf(lab)).toEqual([9]);
  await lab.startService();
  await lab.advanceClock(200);
  expect(await stateOf(lab)).toEqual([3]);
});

test("takes a VM away", async () => {
  const { path, options, host, lab } = open();
  await lab.removeMachine("web01");
  await expect(lab.readMachine("web01")).rejects.toThrow(SimulatorError);
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 32773 });
  await expect(SimulatorAdministration.open(path, options).readMachine("web01")).rejects.toThrow("it has none");
});

test("moves a VM to another host and back, with its state", async () => {
  const id = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
  const one = open([{ ...web01, id }]);
  const two = open([], { name: "HV02", clock: { start: new Date(startMs - 3_600_000).toISOString() } });
  const before = (await one.lab.readMachine("web01")).links[0]?.lastReplicationTime ?? "";
  await one.lab.moveMachine("web01", two.path, two.options);
  await expect(one.lab.readMachine(id)).rejects.toThrow(SimulatorError);
  const moved = await two.lab.readMachine(id);
  expect(moved.links).toMatchObject([
    { replicationState: 9, lastReplicationTime: new Date(Date.parse(before) - 3_600_000).toISOString() },
  ]);
  const settings = await two.host.call({ kind: "enumerate", className: "Msvm_ReplicationSettingData" }, caller);
  expect(settings).toMatchObject({ rows: [{ PrimaryHostSystem: "HV02" }] });
  await two.lab.moveMachine("web01", one.path, one.options);
  expect(await stateOf(SimulatorAdministration.open(one.path, one.options))).toEqual([9]);
});

test("does not move a VM to a host that has it", async () => {
  const id = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
  const [one, two] = [open([{ ...web01, id }]), open([{ ...web01, id }])];
  await expect(one.lab.moveMachine("web01", two.path, two.options)).rejects.toThrow(/already has the VM /);
  expect(await stateOf(one.lab)).toEqual([9]);
});

test("interrupts the resync of a VM that moves", async () => {
  const [one, two] = [open(), open([], { name: "HV02" })];
  await one.host.call(resynchronize, caller);
  await one.lab.advanceClock(60);
  await one.lab.moveMachine("web01", two.path, two.options);
  expect(await stateOf(two.lab)).toEqual([9]);
  expect(await one.host.call(jobs, caller)).toMatchObject({ rows: [] });
});

test("removes the replication of a VM, and the resync that runs fails", async () => {
  const { host, lab } = open();
  await host.call(resynchronize, caller);
  await lab.removeReplication("web01");
  expect(await lab.readMachine("web01")).toMatchObject({ replicationMode: 0, links: [] });
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [{ JobState: 10 }] });
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 32775 });
});

test("fails what was to come after a resync too when replication is given up", async () => {
  const { host, lab } = open([web01], { switches: { alreadyRunning: "queued" } });
  await host.call(resynchronize, caller);
  await host.call(resynchronize, caller);
  await lab.removeReplication("web01");
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [{ JobState: 10 }, { JobState: 10 }] });
});

test("lets primary and replica change places and back, and the resync that runs fails", async () => {
  const { host, lab } = open();
  await host.call(resynchronize, caller);
  await lab.reverseReplication("web01");
  expect(await lab.readMachine("web01")).toMatchObject({
    replicationMode: 2,
    enabledState: 3,
    links: [{ replicationState: 3 }],
  });
  const settings = { kind: "enumerate", className: "Msvm_ReplicationSettingData" } as const;
  expect(await host.call(settings, caller)).toMatchObject({
    rows: [{ PrimaryHostSystem: "HVREPLICA", RecoveryHostSystem: "HV01" }],
  });
  expect(await host.call(jobs, caller)).toMatchObject({ rows: [{ JobState: 10 }] });
  await lab.reverseReplication("web01");
  expect(await lab.readMachine("web01")).toMatchObject({ replicationMode: 1, enabledState: 2 });
  expect(await host.call(settings, caller)).toMatchObject({
    rows: [{ PrimaryHostSystem: "HV01", RecoveryHostSystem: "HVREPLICA" }],
  });
});

test.each([{ mode: "none" }, { mode: "replica", extended: true }, { mode: "extendedReplica" }] as const)(
  "has no other side to change places with: %j",
  async (machine) => {
    await expect(open([{ name: "web01", ...machine }]).lab.reverseReplication("web01")).rejects.toThrow(
      '"web01" has no other side that it could change places with',
    );
  },
);

test("sets an account's rights", async () => {
  const { host, lab } = open();
  await lab.setRights("Operator", "read");
  expect(await host.call(resynchronize, caller)).toMatchObject({ returnValue: 32769 });
  await expect(lab.setRights("nobody", "none")).rejects.toThrow('no account "nobody"');
});

test("lets the next calls run into a fault", async () => {
  const { host, lab } = open();
  await lab.injectFault({ operation: "Resynchronize", kind: "lostReplyAfter" });
  await expect(host.call(resynchronize, caller)).rejects.toThrow("the connection was lost during Resynchronize");
});

test("puts the clock forward, and everything happens that is due by then", async () => {
  const { host, lab } = open();
  await host.call(resynchronize, caller);
  await lab.advanceClock(120);
  expect(await lab.readClock()).toBe(new Date(startMs + 120_000).toISOString());
  expect(await lab.readMachine("web01")).toMatchObject({ recoveryPoints: 0, links: [{ replicationState: 3 }] });
  await expect(lab.advanceClock(-1)).rejects.toThrow(SimulatorError);
});

test("begins again on a reset", async () => {
  const { host, lab } = open();
  await host.call(resynchronize, caller);
  await lab.removeMachine("web01");
  await lab.reset();
  expect(await stateOf(lab)).toEqual([9]);
  expect(await lab.readJournal()).toEqual([]);
  await host.call(resynchronize, caller);
  expect(await lab.readJournal()).toHaveLength(1);
});

test("writes nothing into the journal", async () => {
  const { lab } = open();
  await lab.breakMachine("web01");
  await lab.advanceClock(1);
  expect(await lab.readJournal()).toEqual([]);
});

test("says what there is when a VM is not, or not only once", async () => {
  const { lab } = open([web01, web01, { name: "plain", mode: "none" }]);
  await expect(lab.breakMachine("web02")).rejects.toThrow('HV01 has no VM "web02"; it has web01, web01, plain');
  await expect(lab.breakMachine("web01")).rejects.toThrow(/several VMs "web01": [0-9a-f-]{36}, [0-9a-f-]{36}/);
  await expect(lab.breakMachine("plain")).rejects.toThrow("not replicated");
});

test("says what is accepted for a state, a fault and a resync it cannot use", async () => {
  const { lab } = open();
  await expect(lab.setState("web01", "broken")).rejects.toThrow(/cannot use this state: .*expected one of disabled/);
  await expect(lab.injectFault({ operation: "", kind: "slowReply" })).rejects.toThrow(
    /cannot use this fault: operation/,
  );
  await expect(lab.setResync("web01", { seconds: -1 })).rejects.toThrow(/cannot use this resync: .*seconds/);
});

test("begins as the scenario says when the state file is gone", async () => {
  const { path, lab } = open([{ name: "web01" }]);
  await lab.breakMachine("web01");
  rmSync(filesOf(path).state);
  expect(await stateOf(lab)).toEqual([3]);
});
