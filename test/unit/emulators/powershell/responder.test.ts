import { SimulatedHost, SimulatorError } from "../../../../provider/simulator/forDoors";
import { SimulatorAdministration } from "../../../../provider/simulator";
import type { ScenarioInput } from "../../../../provider/simulator";
import { keyShape, sealPassword } from "../../../../provider/transports/powershell/sealedPassword";
import { Responder } from "../../../emulators/powershell/responder";
import { StandInError } from "../../../emulators/powershell/standInError";
import { writeJson, type Reply } from "../../../emulators/powershell/wire";
import { removeScenarioFiles, scenarioFile } from "../../simulator/lab";
import { id } from "./lines";

afterAll(removeScenarioFiles);

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const start = "2030-01-07T12:00:00.000Z";
const web01 = { name: "web01", id: vmId, state: "resynchronizationRequired", resync: { seconds: 100 } } as const;
const scenario = (more: Partial<ScenarioInput> = {}): ScenarioInput => ({
  name: "HV01",
  clock: { speed: 0, start },
  machines: [web01],
  ...more,
});

interface Opened {
  readonly responder: Responder;
  readonly administration: SimulatorAdministration;
  readonly ask: (command: string, argument?: unknown) => Promise<Reply>;
}

function open(more: Partial<ScenarioInput> = {}, ...rest: [handshake?: { protocol?: number }]): Opened {
  const path = scenarioFile(scenario(more));
  const responder = new Responder(SimulatedHost.open(path), ...rest);
  const ask = async (command: string, argument: unknown = {}): Promise<Reply> =>
    responder.respond({ id, command, argument: writeJson(argument) });
  return { responder, ask, administration: SimulatorAdministration.open(path) };
}

async function seal(ask: Opened["ask"], password: string): Promise<object> {
  const reply = await ask("Get-HvReplicaKey");
  return sealPassword(password, keyShape.parse(reply.ok ? reply.value : undefined));
}

async function connected(
  more: Partial<ScenarioInput> = {},
  { password, ...connect }: { readonly way: string; readonly password?: string } = { way: "local" },
): Promise<Opened> {
  const opened = open(more);
  const sealed = password === undefined ? {} : { sealedPassword: await seal(opened.ask, password) };
  expect(await opened.ask("Connect-HvReplicaHost", { ...connect, ...sealed })).toMatchObject({ ok: true });
  return opened;
}

const cim = { way: "cim", protocol: "wsman", computerName: "hv01.example", operationTimeoutSeconds: 30 } as const;
const endpoint = {
  way: "endpoint",
  computerName: "hv01",
  configurationName: "HvReplica",
  operationTimeoutSeconds: 30,
} as const;
const ssh = { way: "ssh", hostName: "hv01", userName: "operator", keyFilePath: "/keys/one", scripts: "# all" } as const;
const handshake = { protocol: 1, psVersion: "7.6.5", computerName: "HV01" };

test.each([
  { way: "local" },
  cim,
  { ...cim, protocol: "dcom", authentication: "kerberos" },
  { ...cim, port: 5986, useSsl: true, skipCertificateChecks: true },
  { ...cim, authentication: "certificate", certificateThumbprint: "AB12" },
  endpoint,
  ssh,
  { ...ssh, port: 22, subsystem: "hvreplica" },
])("connects with %j and answers with the handshake", async (connect) => {
  const { ask, responder, administration } = open();
  expect(await ask("Connect-HvReplicaHost", connect)).toEqual({ ok: true, value: handshake });
  expect(await ask("Get-HvReplicaVersion")).toEqual({ ok: true, value: handshake });
  expect(responder.connections).toEqual([connect]);
  expect(await administration.readJournal()).toEqual([]);
});

test("refuses a wrong password with ERROR_LOGON_FAILURE, and is not connected then", async () => {
  const { ask, responder } = await connected();
  const sealedPassword = await seal(ask, "wrong");
  const refused = await ask("Connect-HvReplicaHost", { ...cim, userName: "operator", sealedPassword });
  expect(refused).toMatchObject({
    ok: false,
    error: { hresult: "2147943726", category: "AuthenticationError", isSent: false },
  });
  expect(JSON.stringify([refused, responder.connections])).not.toContain("wrong");
  await expect(ask("Get-HvReplicaService")).rejects.toThrow(StandInError);
});

test("opens a password that was sealed for it, once", async () => {
  const { ask, responder } = open({ accounts: [{ user: "admin", password: `'"$(x)\u0000東京\r\n` }] });
  const sealedPassword = await seal(ask, `'"$(x)\u0000東京\r\n`);
  const connect = { ...cim, userName: "admin", sealedPassword };
  expect(await ask("Connect-HvReplicaHost", connect)).toEqual({ ok: true, value: handshake });
  expect(responder.connections).toEqual([{ ...cim, userName: "admin" }]);
  const refused = { ok: false, error: { errorId: "HvReplicaBadRequest" } };
  expect(await ask("Connect-HvReplicaHost", connect)).toMatchObject(refused);
  await ask("Get-HvReplicaKey");
  expect(await ask("Connect-HvReplicaHost", connect)).toMatchObject(refused);
  const wrong = { ...cim, userName: "admin", sealedPassword: await seal(ask, "wrong") };
  expect(await ask("Connect-HvReplicaHost", wrong)).toMatchObject({ ok: false, error: { hresult: "2147943726" } });
});

test("nothing is asked of a host that was disconnected", async () => {
  const { ask } = await connected();
  expect(await ask("Disconnect-HvReplicaHost")).toEqual({ ok: true, value: {} });
  await expect(ask("Get-HvReplicaService")).rejects.toThrow(StandInError);
});

test("refuses another side with another protocol, and does not ask this machine for it", async () => {
  const { ask } = open({}, { protocol: 2 });
  for (const connect of [endpoint, ssh])
    expect(await ask("Connect-HvReplicaHost", connect)).toMatchObject({
      ok: false,
      error: { errorId: "HvReplicaProtocolMismatch" },
    });
  expect(await ask("Connect-HvReplicaHost", cim)).toEqual({ ok: true, value: handshake });
});

test("reads the service with the host's clock, and none while it is stopped", async () => {
  const { ask, administration } = await connected();
  await administration.advanceClock(60);
  const at = "2030-01-07T12:01:00.000Z";
  expect(await ask("Get-HvReplicaService")).toEqual({ ok: true, value: { rows: [{ SystemName: "HV01" }], at } });
  await administration.stopService();
  expect(await ask("Get-HvReplicaService")).toEqual({ ok: true, value: { rows: [], at } });
  expect((await administration.readJournal())[0]).toMatchObject({ door: "powershell" });
});

test("hands on the rows of one VM only, and all jobs", async () => {
  const db01 = { name: "db01", state: "resynchronizationRequired" } as const;
  const { ask, administration } = await connected({ machines: [web01, db01] });
  await ask("Start-HvReplicaResync", { vmId });
  const classes = [
    "Msvm_ComputerSystem",
    "Msvm_ReplicationRelationship",
    "Msvm_ReplicationSettingData",
    "Msvm_ConcreteJob",
  ];
  const InstanceID = `Microsoft:${vmId.toUpperCase()}\\HVR\\0`;
  const answer = await ask("Get-HvReplicaRows", { classes, vmId });
  expect(answer).toMatchObject({
    ok: true,
    value: {
      Msvm_ComputerSystem: [{ ElementName: "web01" }],
      Msvm_ReplicationRelationship: [{ InstanceID }],
      Msvm_ReplicationSettingData: [{ InstanceID }],
      Msvm_ConcreteJob: [{ JobType: 107 }],
    },
  });
  expect((await administration.readJournal()).slice(-4).map(({ operation }) => operation)).toEqual([
    "Get Msvm_ComputerSystem",
    "Get Msvm_ReplicationRelationship",
    "Get Msvm_ReplicationSettingData",
    "Enumerate Msvm_ConcreteJob",
  ]);
});

test("hands on exactly the properties of the contract", async () => {
  const autoResync = { windowStart: "18:30", windowEnd: "06:05" };
  const { ask } = await connected({ machines: [{ ...web01, autoResync, lastReplicationTime: "never" }] });
  const resync = { vmId, startTime: "20300108010203.000000+000" };
  const started = await ask("Start-HvReplicaResync", resync);
  expect(started).toMatchObject({ ok: true, value: { returnValue: 4096, jobId: expect.any(String) as string } });
  const classes = [
    "Msvm_ComputerSystem",
    "Msvm_ReplicationRelationship",
    "Msvm_ReplicationSettingData",
    "Msvm_ConcreteJob",
    "Msvm_AffectedJobElement",
  ];
  const jobId = started.ok && "jobId" in started.value ? started.value.jobId : undefined;
  const name = vmId.toUpperCase();
  expect(await ask("Get-HvReplicaRows", { classes })).toEqual({
    ok: true,
    value: {
      Msvm_ComputerSystem: [
        { Name: "HV01", ElementName: "HV01", EnabledState: 2, ReplicationMode: null },
        { Name: name, ElementName: "web01", EnabledState: 2, ReplicationMode: 1 },
      ],
      Msvm_ReplicationRelationship: [
        {
          InstanceID: `Microsoft:${name}\\HVR\\0`,
          ReplicationState: 9,
          ReplicationHealth: 3,
          LastReplicationTime: null,
        },
      ],
      Msvm_ReplicationSettingData: [
        {
          InstanceID: `Microsoft:${name}\\HVR\\0`,
          PrimaryHostSystem: "HV01",
          RecoveryHostSystem: "HVREPLICA",
          AutoResynchronizeEnabled: true,
          AutoResynchronizeIntervalStart: { intervalMs: 66_600_000 },
          AutoResynchronizeIntervalEnd: { intervalMs: 21_900_000 },
          ReplicationProvider: expect.stringContaining(
            'Msvm_ReplicationProvider.CreationClassName="Msvm_ReplicationProvider"',
          ) as string,
        },
      ],
      Msvm_ConcreteJob: [
        {
          InstanceID: jobId,
          JobType: 107,
          JobState: 2,
          PercentComplete: 0,
          ErrorCode: 0,
          ErrorDescription: "",
          StartTime: null,
          ScheduledStartTime: { dateTime: "2030-01-08T01:02:03.000Z" },
          TimeOfLastStateChange: { dateTime: start },
        },
      ],
      Msvm_AffectedJobElement: [
        {
          AffectedElement: {
            className: "Msvm_ComputerSystem",
            keys: { CreationClassName: "Msvm_ComputerSystem", Name: name },
          },
          AffectingElement: { className: "Msvm_ConcreteJob", keys: { InstanceID: jobId } },
        },
      ],
    },
  });
});

test("asks each class once, in the order of the request", async () => {
  const { ask, administration } = await connected();
  await ask("Get-HvReplicaRows", { classes: ["Msvm_ConcreteJob", "Msvm_ComputerSystem"] });
  expect((await administration.readJournal()).map(({ operation }) => operation)).toEqual([
    "Enumerate Msvm_ConcreteJob",
    "Enumerate Msvm_ComputerSystem",
  ]);
});

test("reads the health of the link that is named", async () => {
  const { ask } = await connected({
    machines: [{ ...web01, mode: "replica", extended: true, healthReasons: ["Größe"] }],
  });
  const output = (issues: string[]) => ({
    ok: true,
    value: { returnValue: 0, output: { ReplicationHealthIssues: issues } },
  });
  expect(await ask("Get-HvReplicaHealth", { vmId, link: 1 })).toEqual(output(["Größe"]));
  expect(await ask("Get-HvReplicaHealth", { vmId, link: 0 })).toEqual(output([]));
});

test("has no health issues where the host gathers them in a job", async () => {
  const { ask } = await connected({ switches: { statistics: "job" } });
  const value = { returnValue: 4096, output: { ReplicationHealthIssues: [] } };
  expect(await ask("Get-HvReplicaHealth", { vmId, link: 0 })).toEqual({ ok: true, value });
});

test("requests a state of the link that is named", async () => {
  const machine = { ...web01, mode: "replica", extended: true, state: "replicating" } as const;
  const { ask, administration } = await connected({ machines: [machine] });
  const request = { vmId, link: 1, requestedState: 7 };
  expect(await ask("Request-HvReplicaState", request)).toEqual({ ok: true, value: { returnValue: 0 } });
  const { links } = await administration.readMachine("web01");
  expect(links.map(({ replicationState }) => replicationState)).toEqual([3, 7]);
});

test("acts with the rights of whoever is connected", async () => {
  const accounts: ScenarioInput["accounts"] = [
    { user: "admin", password: "x" },
    { user: "guest", password: `'"$(x)\u0000東京\r\n`, rights: "none" },
  ];
  const password = `'"$(x)\u0000東京\r\n`;
  for (const user of [
    { ...cim, userName: "guest", password },
    { ...ssh, userName: "guest" },
  ]) {
    const { ask } = await connected({ accounts }, user);
    expect(await ask("Start-HvReplicaResync", { vmId })).toEqual({ ok: true, value: { returnValue: 32769 } });
  }
});

const reads = [
  ["Get-HvReplicaService", {}],
  ["Get-HvReplicaRows", { classes: ["Msvm_ComputerSystem"] }],
  ["Get-HvReplicaHealth", { vmId, link: 0 }],
] as const;
const changes = [
  ["Start-HvReplicaResync", { vmId }],
  ["Request-HvReplicaState", { vmId, link: 0, requestedState: 7 }],
] as const;

test.each([...reads, ...changes])("%s cannot be sent to a host that does not answer", async (command, argument) => {
  const { ask } = await connected({ reachable: false });
  expect(await ask(command, argument)).toMatchObject({
    ok: false,
    error: {
      type: "Microsoft.Management.Infrastructure.CimException",
      hresult: "2150858770",
      category: "ConnectionError",
      isSent: false,
    },
  });
});

test.each([...reads.map((read) => [...read, false] as const), ...changes.map((change) => [...change, true] as const)])(
  "a lost reply to %s with %j was sent: only a change says so (%s)",
  async (command, argument, isSent) => {
    const { ask } = await connected({ faults: [{ operation: "*", kind: "lostReplyAfter" }] });
    expect(await ask(command, argument)).toMatchObject({ ok: false, error: { hresult: "2150859046", isSent } });
  },
);

test("hands the host's faults on with code and category", async () => {
  const accounts: ScenarioInput["accounts"] = [{ user: "reader", password: "x", rights: "read" }];
  const denied = await connected({ accounts, switches: { withoutRights: "fault" } });
  expect(await denied.ask("Start-HvReplicaResync", { vmId })).toMatchObject({
    error: { hresult: "2147749891", category: "PermissionDenied", errorId: "HRESULT 0x80041003", isSent: true },
  });
  const gone = await connected({ machines: [] });
  expect(await gone.ask("Request-HvReplicaState", { vmId, link: 0, requestedState: 7 })).toMatchObject({
    error: { hresult: "2147749890", category: "ObjectNotFound", isSent: true },
  });
});

test("words the same error in two languages", async () => {
  const { ask } = await connected({ reachable: false });
  const texts = [];
  for (let n = 0; n < 3; n++) {
    const reply = await ask("Get-HvReplicaService");
    texts.push(reply.ok ? "" : reply.error.message);
  }
  expect(texts[0]).toBe(texts[2]);
  expect(texts[1]).toContain("Überprüfen");
});

test("answers what cannot be read, or is not known, with an error", async () => {
  const { ask, responder } = await connected();
  const errorId = (reply: Reply) => (reply.ok ? undefined : reply.error.errorId);
  expect(errorId(await responder.respond(undefined))).toBe("HvReplicaBadRequest");
  expect(errorId(await ask("Remove-VM"))).toBe("HvReplicaUnknownCommand");
  expect(errorId(await ask("constructor"))).toBe("HvReplicaUnknownCommand");
  expect(errorId(await ask("Get-HvReplicaRows", { classes: ["Win32_Process"] }))).toBe("HvReplicaUnknownClass");
});

test.each([
  ["Get-HvReplicaService", { more: 1 }],
  ["Start-HvReplicaResync", { vmId: vmId.toUpperCase() }],
  ["Start-HvReplicaResync", { vmId, startTime: "2030-01-08T01:02:03Z" }],
  ["Start-HvReplicaResync", { vmId, startTime: "20301308010203.000000+000" }],
  ["Get-HvReplicaHealth", { vmId, link: 2 }],
  ["Request-HvReplicaState", { vmId, link: 0, requestedState: 4 }],
  ["Connect-HvReplicaHost", { way: "local", computerName: "x" }],
  ["Connect-HvReplicaHost", { ...cim, userName: "operator", password: "simulated" }],
  ["Connect-HvReplicaHost", { ...ssh, scripts: "" }],
])("%s does not take %j: that is a mistake of the caller, no answer", async (command, argument) => {
  const { ask } = await connected();
  await expect(ask(command, argument)).rejects.toThrow(StandInError);
});

test("nothing is asked of any host before a connection", async () => {
  const { ask, administration } = open();
  await expect(ask("Start-HvReplicaResync", { vmId })).rejects.toThrow(StandInError);
  expect(await administration.readJournal()).toEqual([]);
});

test("what the simulated host does not know is never its answer", async () => {
  const host = {
    name: "HV01",
    consoleUser: "operator",
    logOn: () => "operator",
    call: async () => Promise.reject(new SimulatorError("not modelled")),
  };
  const responder = new Responder(host);
  const argument = writeJson({ way: "local" });
  await responder.respond({ id, command: "Connect-HvReplicaHost", argument });
  const asked = responder.respond({ id, command: "Get-HvReplicaService", argument: writeJson({}) });
  await expect(asked).rejects.toThrow(SimulatorError);
});
