import type { CimClient, ReadClass } from "../../../../provider/transports/cim/cimClient";
import { CimHost } from "../../../../provider/transports/cim/cimHost";

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const options = { signal: new AbortController().signal };

const machine = { Name: vmId.toUpperCase(), ElementName: "web01", EnabledState: 2, ReplicationMode: 1 };
const link = {
  InstanceID: `Microsoft:${vmId.toUpperCase()}\\HVR\\0`,
  ReplicationState: 9,
  ReplicationHealth: 3,
  LastReplicationTime: { dateTime: "1601-01-01T00:00:00.000Z" },
};

type Answers = Partial<Record<ReadClass, readonly unknown[]>>;

/** A host that answers with these rows and output parameters, whatever is asked. */
function answering(answers: Answers, statistics?: unknown): CimHost {
  return new CimHost(clientAnswering(answers, () => statistics));
}

function clientAnswering(answers: Answers, statistics: () => unknown): CimClient {
  return {
    address: "hv01.example",
    readService: () => Promise.resolve({ rows: [{ SystemName: "HV01" }], at: "2030-01-07T12:00:00.000Z" }),
    readRows: () => Promise.resolve(new Map(Object.entries(answers) as [ReadClass, readonly unknown[]][])),
    readStatistics: () => Promise.resolve(statistics()),
    resynchronize: () => Promise.resolve({ returnCode: 4096, jobId: "job-1" }),
    requestStateChange: () => Promise.resolve({ returnCode: 0 }),
    close: () => Promise.resolve(),
  };
}

test.each<[string, unknown, RegExp]>([
  ["without a name", { Name: vmId }, /unexpected response for Msvm_ComputerSystem/],
  ["with a number for a name", { ...machine, ElementName: 7 }, /ElementName/],
  ["that is none", null, /expected object/],
])("a VM %s is an unexpected reply, and says where", async (_, row, says) => {
  const reading = answering({ Msvm_ComputerSystem: [row] }).readVms(options);
  await expect(reading).rejects.toMatchObject({
    code: "BAD_REPLY",
    effect: "none",
    message: expect.stringMatching(says) as string,
    context: { host: "hv01.example" },
  });
});

test("a class that is missing from a reply is no empty class", async () => {
  const reading = answering({ Msvm_ConcreteJob: [] }).readResyncJobs(options);
  await expect(reading).rejects.toMatchObject({
    code: "BAD_REPLY",
    message: expect.stringContaining("has no Msvm_AffectedJobElement") as string,
  });
});

test("a relationship without settings and without statistics is read with what is known", async () => {
  const host = answering({
    Msvm_ComputerSystem: [machine],
    Msvm_ReplicationRelationship: [link],
    Msvm_ReplicationSettingData: [],
  });
  expect((await host.readVms(options)).get(vmId)?.relationships).toEqual([
    { kind: "primary", replicationState: 9, replicationHealth: 3 },
  ]);
  expect(await host.readHealthReasons({ vmId, kind: "primary" }, options)).toEqual([]);
});

test("statistics that make no sense are an unexpected reply", async () => {
  const host = answering(
    { Msvm_ComputerSystem: [machine], Msvm_ReplicationRelationship: [link], Msvm_ReplicationSettingData: [] },
    { ReplicationHealthIssues: "all of them" },
  );
  await expect(host.readHealthReasons({ vmId, kind: "primary" }, options)).rejects.toMatchObject({
    code: "BAD_REPLY",
    message: expect.stringContaining("GetReplicationStatisticsEx") as string,
  });
});

test("a relationship whose id names no VM is an unexpected reply", async () => {
  const host = answering({
    Msvm_ComputerSystem: [machine],
    Msvm_ReplicationRelationship: [{ ...link, InstanceID: "Microsoft:web01\\HVR\\0" }],
    Msvm_ReplicationSettingData: [],
  });
  await expect(host.readVms(options)).rejects.toThrow(/expected Microsoft:<GUID>/);
});

test("jobs of disks and of the host itself are passed over, and those of VMs read", async () => {
  const job = {
    JobType: 107,
    JobState: 4,
    PercentComplete: 10,
    ErrorCode: 0,
    ErrorDescription: "",
    StartTime: null,
    ScheduledStartTime: null,
    TimeOfLastStateChange: null,
  };
  const affecting = (InstanceID: string) => ({ className: "Msvm_ConcreteJob", keys: { InstanceID } });
  const host = answering({
    Msvm_ConcreteJob: ["disk", "host", "vm"].map((InstanceID) => ({ ...job, InstanceID })),
    Msvm_AffectedJobElement: [
      {
        AffectedElement: { className: "Msvm_LogicalDisk", keys: { DeviceID: "C:" } },
        AffectingElement: affecting("disk"),
      },
      { AffectedElement: { className: "Msvm_LogicalDisk", keys: { Name: vmId } }, AffectingElement: affecting("disk") },
      {
        AffectedElement: { className: "Msvm_ComputerSystem", keys: { Name: "HV01" } },
        AffectingElement: affecting("host"),
      },
      {
        AffectedElement: { className: "Msvm_ComputerSystem", keys: { Name: vmId } },
        AffectingElement: affecting("vm"),
      },
    ],
  });
  expect((await host.readResyncJobs(options)).map(({ jobId }) => jobId)).toEqual(["vm"]);
});

test("why a relationship is not well is asked for in a call of its own", async () => {
  let asked = 0;
  const rows = {
    Msvm_ComputerSystem: [machine],
    Msvm_ReplicationRelationship: [link],
    Msvm_ReplicationSettingData: [],
  };
  const client = clientAnswering(rows, () => {
    asked += 1;
    return { ReplicationHealthIssues: ["a disk is missing"] };
  });
  const host = new CimHost(client);
  expect((await host.readVms(options)).get(vmId)?.relationships[0]).not.toHaveProperty("healthReasons");
  expect(await host.readVm(vmId, options)).toEqual((await host.readVms(options)).get(vmId));
  expect(asked).toBe(0);
  expect(await host.readHealthReasons({ vmId, kind: "primary" }, options)).toEqual(["a disk is missing"]);
  expect(asked).toBe(1);
});

test("one VM is asked for by its GUID, and all without one", async () => {
  const asked: unknown[] = [];
  const rows = { Msvm_ComputerSystem: [], Msvm_ReplicationRelationship: [], Msvm_ReplicationSettingData: [] };
  const client = clientAnswering(rows, () => undefined);
  const host = new CimHost({
    ...client,
    readRows: async (names, signal, id) => {
      asked.push([names, id]);
      return client.readRows(names, signal, id);
    },
  });
  const classes = ["Msvm_ComputerSystem", "Msvm_ReplicationRelationship", "Msvm_ReplicationSettingData"];
  expect(await host.readVm(vmId, options)).toBeUndefined();
  expect((await host.readVms(options)).size).toBe(0);
  expect(asked).toEqual([
    [classes, vmId],
    [classes, undefined],
  ]);
});
