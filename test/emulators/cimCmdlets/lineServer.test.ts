import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { SimulatorAdministration, type ScenarioInput } from "../../../provider/simulator";
import { programFile } from "../../support/programs/programs";
import { removeScenarioFiles, scenarioFile } from "../../unit/simulator/lab";

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const instanceId = `Microsoft:${vmId.toUpperCase()}\\HVR\\0`;
const text = `<INSTANCE CLASSNAME="Msvm_ReplicationRelationship"><PROPERTY NAME="InstanceID" TYPE="string"><VALUE>${instanceId}</VALUE></PROPERTY></INSTANCE>`;
const machine = {
  className: "Msvm_ComputerSystem",
  keys: { CreationClassName: "Msvm_ComputerSystem", Name: vmId.toUpperCase() },
};
const service = { className: "Msvm_ReplicationService", keys: { Name: "replicasvc" } };
const embedded = { name: "ReplicationRelationship", type: "String", value: text };

const web01 = {
  name: "web '01' <ü>",
  id: vmId,
  state: "resynchronizationRequired",
  resync: { seconds: 100 },
} as const;
const scenario: ScenarioInput = {
  name: "HV01",
  clock: { speed: 0, start: "2030-01-07T12:00:00.000Z" },
  machines: [web01],
};

const running: ChildProcessWithoutNullStreams[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.stdin.end();
    if (server.exitCode === null) await once(server, "exit");
  }
  removeScenarioFiles();
});

function start(path: string) {
  const server = spawn(process.execPath, [programFile("cimLineServer"), path]);
  running.push(server);
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const ask = async (request: object): Promise<Record<string, unknown>> => {
    server.stdin.write(`${JSON.stringify(request)}\n`);
    const { value } = (await lines.next()) as { value: string };
    expect(value).toMatch(/^[\x20-\x7e]+$/);
    return JSON.parse(value) as Record<string, unknown>;
  };
  return { server, ask };
}

function propertiesOf(answer: Record<string, unknown>, row = 0): Record<string, unknown> {
  const rows = answer["rows"] as { properties: { name: string; type: string; value: unknown }[] }[];
  return Object.fromEntries(rows[row]?.properties.map(({ name, type, value }) => [name, [type, value]]) ?? []);
}

test("answers line by line in the words of the CIM client", async () => {
  const { ask } = start(scenarioFile(scenario));
  expect(await ask({ operation: "logOn" })).toEqual({ ok: true, user: "=operator" });
  expect(await ask({ operation: "logOn", user: "OPERATOR", password: "simulated" })).toMatchObject({
    user: "=operator",
  });
  expect(await ask({ operation: "logOn", user: "operator", password: "wrong" })).toMatchObject({
    ok: false,
    error: { code: 0x8007052e, category: "PermissionDenied" },
  });
  expect(await ask({ operation: "time" })).toEqual({ ok: true, at: "20300107120000.000000+000" });

  const machines = await ask({ operation: "enumerate", user: "operator", className: "Msvm_ComputerSystem" });
  expect(propertiesOf(machines, 1)).toMatchObject({
    Name: ["string", `=${vmId.toUpperCase()}`],
    ElementName: ["string", "=web '01' <ü>"],
    EnabledState: ["uint16", 2],
  });
  const settings = await ask({ operation: "enumerate", user: "operator", className: "Msvm_ReplicationSettingData" });
  expect(propertiesOf(settings)).toMatchObject({
    InstanceID: ["string", `=${instanceId}`],
    AutoResynchronizeEnabled: ["boolean", false],
    AutoResynchronizeIntervalStart: ["interval", 66_600_000],
  });
});

test("carries methods out with typed parameters, and refers to the job", async () => {
  const path = scenarioFile(scenario);
  const { ask } = start(path);
  const started = await ask({
    operation: "invoke",
    user: "operator",
    method: "Resynchronize",
    target: service,
    parameters: [
      { name: "ComputerSystem", type: "Reference", value: machine },
      { name: "StartTime", type: "DateTime", value: "20300107130000.500000+000" },
    ],
  });
  expect(started).toMatchObject({ ok: true, returnValue: 4096 });
  const [job] = started["output"] as { name: string; type: string; value: unknown }[];
  expect(job).toMatchObject({
    name: "Job",
    type: "reference",
    value: { className: "Msvm_ConcreteJob", properties: [{ name: "InstanceID", type: "string", isKey: true }] },
  });

  const affected = await ask({ operation: "enumerate", user: "operator", className: "Msvm_AffectedJobElement" });
  expect(propertiesOf(affected)["AffectedElement"]).toEqual([
    "reference",
    expect.objectContaining({ className: "Msvm_ComputerSystem" }),
  ]);
  const request = { operation: "invoke", user: "operator", method: "RequestReplicationStateChangeEx", target: machine };
  const change = await ask({
    ...request,
    parameters: [embedded, { name: "RequestedState", type: "UInt16", value: 9 }],
  });
  expect(change).toMatchObject({ ok: true, returnValue: expect.any(Number) as number });

  const [first, ...others] = (await SimulatorAdministration.open(path).readJournal()).filter(
    ({ returnValue }) => returnValue !== null,
  );
  expect(first).toMatchObject({
    door: "cim-cmdlets",
    operation: "Resynchronize",
    machineId: vmId,
    input: { StartTime: "2030-01-07T13:00:00.500Z" },
  });
  expect(others).toMatchObject([{ input: { ReplicationRelationship: instanceId, RequestedState: 9 } }]);
});

test("embeds health issues as CIM-XML", async () => {
  const healthReasons = ["2 < 3 & 'so' \"on\"\nnext"];
  const { ask } = start(scenarioFile({ ...scenario, machines: [{ ...web01, healthReasons }] }));
  const answer = await ask({
    operation: "invoke",
    user: "operator",
    method: "GetReplicationStatisticsEx",
    target: service,
    parameters: [{ name: "ComputerSystem", type: "Reference", value: machine }, embedded],
  });
  const [issues] = answer["output"] as { value: string[] }[];
  expect(issues?.value).toEqual([
    '=<INSTANCE CLASSNAME="Msvm_Error"><PROPERTY NAME="ErrorSource" TYPE="string"><VALUE>VMMS</VALUE></PROPERTY>' +
      '<PROPERTY NAME="Message" TYPE="string"><VALUE>2 &#60; 3 &#38; &#39;so&#39; &#34;on&#34;&#10;next</VALUE></PROPERTY></INSTANCE>',
  ]);
});

test("answers with the error codes of the CIM client", async () => {
  const faults = [{ operation: "Resynchronize", kind: "lostReplyAfter" as const }];
  const { ask } = start(scenarioFile({ ...scenario, faults }));
  const parameters = [{ name: "ComputerSystem", type: "Reference", value: machine }];
  const call = { operation: "invoke", user: "operator", method: "Resynchronize", target: service, parameters };
  expect(await ask(call)).toMatchObject({ ok: false, error: { code: 0x80338126, category: "ConnectionError" } });
  const down = start(scenarioFile({ ...scenario, reachable: false }));
  expect(await down.ask(call)).toMatchObject({ ok: false, error: { code: 0x80338012, category: "ConnectionError" } });
  const stopped = start(scenarioFile({ ...scenario, service: "stopped" }));
  expect(await stopped.ask(call)).toMatchObject({ error: { code: 0x80041002, category: "ObjectNotFound" } });
});

test.each([
  ["a class that the model does not have", { operation: "enumerate", user: "operator", className: "Msvm_Other" }],
  ["a request that no client makes", { operation: "reboot" }],
])("dies loudly of %s", async (_what, request) => {
  const { server } = start(scenarioFile(scenario));
  let complaint = "";
  server.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  server.stdin.write(`${JSON.stringify(request)}\n`);
  const [code] = (await once(server, "close")) as [number | null];
  expect({ code, complaint }).toEqual({ code: 70, complaint: expect.stringContaining("line server: ") as string });
});
