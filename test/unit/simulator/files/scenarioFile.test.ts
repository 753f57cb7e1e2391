import { join } from "node:path";
import { filesOf, readScenario } from "../../../../provider/simulator/files/scenarioFile";
import { SimulatorError } from "../../../../provider/simulator/simulatorError";
import { stateByName } from "../../../../provider/simulator/scenario/stateNames";
import { removeScenarioFiles, scenarioFile } from "../lab";

afterAll(removeScenarioFiles);

const documented = `{ "name": "HV01", "clock": { "speed": 60 },
  "machines": [
    { "name": "web01", "mode": "primary", "state": "resynchronizationRequired", "resync": { "seconds": 120 } },
    { "name": "db01",  "mode": "primary", "state": "replicating", "resync": { "seconds": 600, "end": "exception", "errorCode": 32768 } },
    { "name": "app01", "mode": "replica", "extended": true, "state": "resynchronizationRequired", "resync": { "returnCode": 32775 } } ] }`;

function problemsOf(text: string): string {
  try {
    readScenario(scenarioFile(text));
  } catch (error) {
    expect(error).toBeInstanceOf(SimulatorError);
    if (error instanceof Error) return error.message;
  }
  throw new Error("the scenario was accepted");
}

test("accepts the documented scenario", () => {
  const { scenario } = readScenario(scenarioFile(documented));
  expect(scenario.machines.map(({ state }) => state)).toEqual([9, 3, 9]);
  expect(scenario.accounts).toEqual([{ user: "operator", password: "simulated", rights: "administrator" }]);
});

test("accepts a host without VMs, and a byte order mark", () => {
  expect(readScenario(scenarioFile('\uFEFF{ "name": "HV01" }')).scenario.machines).toEqual([]);
});

test("knows all 22 states by name, and takes a number for others", () => {
  expect(new Set(stateByName.values()).size).toBe(22);
  for (const [name, value] of [...stateByName, [77, 77] as const]) {
    const text = JSON.stringify({ name: "HV01", machines: [{ name: "web01", state: name }] });
    expect(readScenario(scenarioFile(text)).scenario.machines[0]?.state).toBe(value);
  }
});

test("accepts one script, or one for each call", () => {
  const machines = [{ name: "web01", resync: [{ end: "exception" }, { seconds: 5 }] }, { name: "db01" }];
  const { scenario } = readScenario(scenarioFile(JSON.stringify({ name: "HV01", machines })));
  expect(scenario.machines.map(({ resync }) => resync.length)).toEqual([2, 1]);
});

test("names the nearest known key for an unknown one, with its path", () => {
  const message = problemsOf('{ "name": "HV01", "machines": [{ "name": "web01", "resync": { "second": 1 } }] }');
  expect(message).toContain('machines[0].resync: unknown key "second"; did you mean "seconds"?');
});

test("lists the known keys when none is near", () => {
  expect(problemsOf('{ "name": "HV01", "clock": { "zzz": 1 } }')).toContain(
    'clock: unknown key "zzz"; known are speed,',
  );
});

test("names what is accepted for a wrong word", () => {
  const message = problemsOf(
    '{ "name": "HV01", "machines": [{ "name": "web01", "state": "resynchronisationRequired" }] }',
  );
  expect(message).toContain("machines[0].state: expected one of disabled,");
  expect(message).toContain('did you mean "resynchronizationRequired"?');
});

test("points into the right script of a list", () => {
  const message = problemsOf('{ "name": "HV01", "machines": [{ "name": "a", "resync": [{}, { "end": "sucess" }] }] }');
  expect(message).toContain("machines[0].resync[1].end: expected one of success,");
});

test("refuses two VMs of one GUID", () => {
  const id = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
  const machines = [
    { name: "a", id },
    { name: "b", id: id.toUpperCase() },
  ];
  expect(problemsOf(JSON.stringify({ name: "HV01", machines }))).toContain("machines[1].id: machines[0] has the same");
});

test.each([
  [{ mode: "primary", extended: true }, 'machines[0].extended: only a VM of mode "replica" can have it'],
  [{ mode: "replica", primaryState: "critical" }, 'machines[0].primaryState: belongs together with "extended": true'],
  [
    { mode: "none", state: "replicating" },
    'machines[0].state: a VM of mode "none" has no replication relationship it could belong to',
  ],
])("refuses the combination %j", (machine, message) => {
  expect(problemsOf(JSON.stringify({ name: "HV01", machines: [{ name: "a", ...machine }] }))).toContain(message);
});

test.each([-31_536_000.5, 31_536_001, "1"])("refuses a clock that is %p seconds ahead", (skewSeconds) => {
  expect(problemsOf(JSON.stringify({ name: "HV01", clock: { skewSeconds } }))).toContain("clock.skewSeconds: ");
});

test("says where a file is not JSON, and which file", () => {
  expect(problemsOf('{ "name": ')).toMatch(/the scenario file .*lab\.json is not JSON: /);
});

test("says which file is missing", () => {
  expect(() => readScenario(join("nowhere", "lab.json"))).toThrow(/cannot read the scenario file nowhere.lab\.json/);
});

test("keeps state and journal beside the scenario", () => {
  const files = filesOf(join("some", "folder", "lab.json"));
  expect(files.state).toMatch(/folder.lab\.state\.json$/);
  expect(files.journal).toMatch(/folder.lab\.journal\.jsonl$/);
});

test("changes its mark with the text", () => {
  const marks = ['{ "name": "A" }', '{ "name": "A"  }'].map((text) => readScenario(scenarioFile(text)).digest);
  expect(new Set(marks).size).toBe(2);
});
