import { SimulatorError } from "../../../../../provider/simulator/simulatorError";
import { rowsOf, knownClasses } from "../../../../../provider/simulator/model/rows/cimRows";
import { advance } from "../../../../../provider/simulator/model/advance";
import { machineRef } from "../../../../../provider/simulator/model/rows/cimValue";
import { callOn, hostOf, onlyJob, resynchronizeCall, returned, scenarioOf, startMs, web01 } from "../../lab";

const id = "5F0C2A9E-0D1B-4C77-9A52-3C1D6B7E8F90";

test("lists the host itself beside the VMs, without replication and with a name that is no GUID", () => {
  const rows = rowsOf(hostOf(scenarioOf([{ ...web01, id }])), "Msvm_ComputerSystem", true);
  expect(rows).toMatchObject([
    { Name: "HV01", ReplicationMode: null },
    { Name: id, ElementName: "web01", ReplicationMode: 1, ReplicationState: 9, EnabledState: 2 },
  ]);
});

test("does not list planned VMs", () => {
  expect(rowsOf(hostOf(scenarioOf([{ ...web01, planned: true }])), "Msvm_ComputerSystem", true)).toHaveLength(1);
});

test("names a relationship after its VM and its number", () => {
  const rows = rowsOf(
    hostOf(scenarioOf([{ ...web01, id, mode: "replica", extended: true }])),
    "Msvm_ReplicationRelationship",
    true,
  );
  expect(rows).toMatchObject([
    { InstanceID: `Microsoft:${id}\\HVR\\0`, ReplicationState: 3, ReplicationHealth: 1 },
    { InstanceID: `Microsoft:${id}\\HVR\\1`, ReplicationState: 9, ReplicationHealth: 3 },
  ]);
});

test("has no relationship for a VM that is not replicated, or a test replica", () => {
  const host = hostOf(
    scenarioOf([
      { name: "a", mode: "none" },
      { name: "b", mode: "testReplica" },
    ]),
  );
  expect(rowsOf(host, "Msvm_ReplicationRelationship", true)).toEqual([]);
});

test.each([
  ["extended", 1],
  ["primary", 0],
] as const)("numbers an extended replica's relationship as the switch says: %s", (extendedReplicaLink, link) => {
  const host = hostOf(scenarioOf([{ name: "a", id, mode: "extendedReplica" }], { switches: { extendedReplicaLink } }));
  expect(rowsOf(host, "Msvm_ReplicationRelationship", true)).toMatchObject([
    { InstanceID: `Microsoft:${id}\\HVR\\${link}` },
  ]);
});

test("shows never as the start of 1601", () => {
  const host = hostOf(scenarioOf([{ ...web01, lastReplicationTime: "never" }]));
  expect(rowsOf(host, "Msvm_ReplicationRelationship", true)).toMatchObject([
    { LastReplicationTime: { dateTime: "1601-01-01T00:00:00.000Z" } },
  ]);
});

test("shows the ends of a relationship, its provider and the window", () => {
  const autoResync = { windowStart: "22:15", windowEnd: "05:00" };
  const host = hostOf(scenarioOf([{ ...web01, recoveryHost: "hv02.example", autoResync }]));
  const [row] = rowsOf(host, "Msvm_ReplicationSettingData", true);
  expect(row).toMatchObject({
    PrimaryHostSystem: "HV01",
    RecoveryHostSystem: "hv02.example",
    AutoResynchronizeEnabled: true,
    AutoResynchronizeIntervalStart: { intervalMs: 80_100_000 },
  });
  expect(row?.["ReplicationProvider"]).toContain('Name="22391CDC-272C-4DDF-BA88-9BEFB1A0975C"');
});

const statistics = {
  kind: "invoke",
  className: "Msvm_ReplicationService",
  method: "GetReplicationStatisticsEx",
} as const;

test("gathers statistics in a job of its own, which is over a second later, when the switch says so", () => {
  const host = hostOf(scenarioOf([{ ...web01, id }], { switches: { statistics: "job" } }));
  const { answer, host: after } = callOn(host, { ...statistics, input: { ComputerSystem: machineRef(id) } });
  expect(answer).toMatchObject({ returnValue: 4096, jobId: onlyJob(after).id, output: {} });
  expect(onlyJob(after)).toMatchObject({ type: 111, state: 4, percent: 0 });
  advance(after, startMs + 1000);
  expect(onlyJob(after)).toMatchObject({ state: 7, percent: 100 });
});

test.each([
  ["invalidParameter", { kind: "returned", returnValue: 32773 }],
  ["notFound", { kind: "fault", fault: { code: 0x80041002 } }],
] as const)(
  "answers a question about the health of a VM that is not here as the switch says: %s",
  (machineNotHere, expected) => {
    const host = hostOf(scenarioOf([], { switches: { machineNotHere } }));
    expect(callOn(host, { ...statistics, input: { ComputerSystem: machineRef(id) } }).answer).toMatchObject(expected);
  },
);

test("ties a job to its VM", () => {
  const host = hostOf(scenarioOf([{ ...web01, id }]));
  const { host: after, jobId } = returned(callOn(host, resynchronizeCall(host, "web01")));
  expect(rowsOf(after, "Msvm_AffectedJobElement", true)).toEqual([
    {
      AffectedElement: {
        className: "Msvm_ComputerSystem",
        keys: { CreationClassName: "Msvm_ComputerSystem", Name: id },
      },
      AffectingElement: { className: "Msvm_ConcreteJob", keys: { InstanceID: jobId } },
    },
  ]);
});

test("answers every query with nothing while the service is stopped", () => {
  const host = hostOf(scenarioOf([web01], { service: "stopped" }));
  for (const name of knownClasses) expect(rowsOf(host, name, true)).toEqual([]);
});

test("shows an account without rights the service and the host, and nothing of any VM", () => {
  const accounts = [{ user: "operator", password: "x", rights: "none" as const }];
  const host = hostOf(scenarioOf([{ ...web01, state: "resynchronizing" }], { accounts }));
  const counts = knownClasses.map((className) => {
    const { answer } = callOn(host, { kind: "enumerate", className });
    return [className, answer.kind === "rows" ? answer.rows.length : answer.kind];
  });
  expect(Object.fromEntries(counts)).toEqual({
    Msvm_ReplicationService: 1,
    Msvm_ComputerSystem: 1,
    Msvm_ReplicationRelationship: 0,
    Msvm_ReplicationSettingData: 0,
    Msvm_ConcreteJob: 0,
    Msvm_AffectedJobElement: 0,
  });
});

test("says what it has when it is asked for a class, a method or a parameter that it does not have", () => {
  const host = hostOf(scenarioOf([web01]));
  expect(() => callOn(host, { kind: "enumerate", className: "Msvm_Nothing" })).toThrow(SimulatorError);
  const invoke = { kind: "invoke", className: "Msvm_ReplicationService", input: {} } as const;
  expect(() => callOn(host, { ...invoke, method: "toString" })).toThrow(
    /has no method Msvm_ReplicationService.toString; it has /,
  );
  expect(() => callOn(host, { ...invoke, method: "Resynchronize", input: { Machine: "x" } })).toThrow(
    /no parameter of Resynchronize Machine; it has ComputerSystem, StartTime/,
  );
});
