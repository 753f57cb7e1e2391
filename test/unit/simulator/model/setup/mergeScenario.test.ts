import { initialState, mergeScenario } from "../../../../../provider/simulator/model/setup/mergeScenario";
import { breakLink } from "../../../../../provider/simulator/model/interventions/interventions";
import { bringIn, takeOut } from "../../../../../provider/simulator/model/interventions/moves";
import { hostStateSchema, type HostState } from "../../../../../provider/simulator/model/hostState";
import { scenarioSchema } from "../../../../../provider/simulator/scenario/scenarioSchema";
import type { ScenarioInput } from "../../../../../provider/simulator/scenario/scenarioInput";
import { hostOf, linkOf, machineOf, scenarioOf, startMs, web01 } from "../../lab";

function merged(host: HostState, scenario: ScenarioInput, digest = "second", realMs = startMs): HostState {
  return mergeScenario(host, { scenario: scenarioSchema.parse(scenario), digest }, realMs);
}

test("adds VMs that the scenario has now, and keeps the state of those it had", () => {
  const host = hostOf(scenarioOf([{ name: "web01" }]));
  breakLink(host, machineOf(host, "web01"));
  const after = merged(host, scenarioOf([{ name: "web01" }, { name: "db01" }]));
  expect(after.machines.map(({ name, links }) => [name, links[0]?.state])).toEqual([
    ["web01", 9],
    ["db01", 3],
  ]);
});

test("takes over new scripts and settings of a VM and a host it knows", () => {
  const after = merged(
    hostOf(scenarioOf([web01])),
    scenarioOf([{ ...web01, resync: { seconds: 7 } }], {
      maximumActiveTransfers: 9,
      switches: { replicating: "accepted" },
    }),
  );
  expect(machineOf(after, "web01").scripts[0]?.seconds).toBe(7);
  expect([after.maximumActiveTransfers, after.switches.replicating]).toEqual([9, "accepted"]);
});

test("drops VMs that the scenario no longer names, with their jobs", () => {
  const host = hostOf(scenarioOf([{ name: "web01", state: "resynchronizing" }, { name: "db01" }]));
  const after = merged(host, scenarioOf([{ name: "db01" }]));
  expect([after.machines.map(({ name }) => name), after.jobs]).toEqual([["db01"], []]);
});

test("does not bring back a VM that was taken away", () => {
  const host = hostOf(scenarioOf([web01]));
  takeOut(host, machineOf(host, "web01"));
  expect(merged(host, scenarioOf([web01, { name: "db01" }])).machines.map(({ name }) => name)).toEqual(["db01"]);
});

test("keeps what was changed from outside as long as the scenario does not change it", () => {
  const host = hostOf(scenarioOf([]));
  host.reachable = false;
  host.service = "stopped";
  for (const account of host.accounts) account.rights = "none";
  const kept = merged(host, scenarioOf([web01]));
  expect([kept.reachable, kept.service, kept.accounts[0]?.rights]).toEqual([false, "stopped", "none"]);
  const accounts = [{ user: "operator", password: "x", rights: "read" as const }];
  expect(merged(kept, scenarioOf([web01], { accounts }), "third").accounts[0]?.rights).toBe("read");
});

test("ends what runs when the scenario stops the service", () => {
  const host = hostOf(scenarioOf([{ name: "web01", state: "resynchronizing" }]));
  const after = merged(host, scenarioOf([{ name: "web01" }], { service: "stopped" }));
  expect([after.service, after.jobs, linkOf(after, "web01").state]).toEqual(["stopped", [], 9]);
});

test("changes the clock's speed without a jump", () => {
  const start = new Date(startMs).toISOString();
  const after = merged(
    hostOf(scenarioOf([], { clock: { start } })),
    scenarioOf([], { clock: { start, speed: 60 } }),
    "second",
    startMs + 10_000,
  );
  expect([after.nowMs, after.clock]).toEqual([
    startMs + 10_000,
    { simulatedAtMs: startMs + 10_000, realAtMs: startMs + 10_000, speed: 60 },
  ]);
});

test("looks at an unchanged scenario no further than its mark", () => {
  const host = hostOf(scenarioOf([web01]));
  expect(merged(host, scenarioOf([]), "first").machines).toHaveLength(1);
});

test("keeps no password", () => {
  const accounts = [{ user: "admin", password: "hush-hush" }];
  expect(JSON.stringify(hostOf(scenarioOf([web01], { accounts })))).not.toContain("hush-hush");
});

test("gives namesakes GUIDs of their own, the same every time", () => {
  const ids = () => hostOf(scenarioOf([web01, web01])).machines.map(({ id }) => id);
  expect(new Set(ids()).size).toBe(2);
  expect(ids()).toEqual(ids());
});

test("makes a state that the state file can hold, for every mode", () => {
  const host = hostOf(
    scenarioOf([
      { ...web01, autoResync: { windowStart: "18:30", windowEnd: "06:00" }, health: "ok", healthReasons: ["x"] },
      { name: "b", mode: "replica", extended: true, primaryState: "critical", enabledState: "saved" },
      { name: "c", mode: "extendedReplica", lastReplicationTime: "never" },
      { name: "d", mode: "testReplica" },
      { name: "e", mode: "none", planned: true },
    ]),
  );
  expect(hostStateSchema.parse(JSON.parse(JSON.stringify(host)))).toEqual(host);
  expect(host.machines.map(({ mode, enabledState }) => [mode, enabledState])).toEqual([
    [1, 2],
    [2, 6],
    [4, 3],
    [3, 3],
    [0, 2],
  ]);
  expect(linkOf(host, "web01")).toMatchObject({ health: 1, healthReasons: ["x"] });
});

test("begins at the real time when the scenario names none", () => {
  const scenario = scenarioSchema.parse({ name: "HV01" });
  expect(initialState({ scenario, digest: "" }, 123_456).nowMs).toBe(123_456);
});

test("gives a VM with a GUID of its own a new name", () => {
  const id = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
  const host = hostOf(scenarioOf([{ ...web01, id }]));
  expect(merged(host, scenarioOf([{ ...web01, id, name: "web02" }])).machines.map(({ name }) => name)).toEqual([
    "web02",
  ]);
});

test("keeps a VM that was moved here, and knows again one that came back", () => {
  const host = hostOf(scenarioOf([web01]));
  const machine = machineOf(host, "web01");
  takeOut(host, machine);
  const other = hostOf(scenarioOf([], { name: "HV02" }));
  bringIn(other, host, machine);
  expect(merged(other, scenarioOf([{ name: "db01" }], { name: "HV02" })).machines).toHaveLength(2);
  bringIn(host, other, machineOf(other, "web01"));
  const after = merged(host, scenarioOf([{ ...web01, resync: { seconds: 7 } }]));
  expect(machineOf(after, "web01").scripts[0]?.seconds).toBe(7);
});
