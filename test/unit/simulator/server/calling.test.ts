import type { WsmanInput } from "../../../../provider/simulator/scenario/wsmanInput";
import {
  type Answer,
  classes,
  closeLabs,
  elementsOf,
  envelopeOf,
  faultOf,
  machine,
  machineAddress,
  machineId,
  openLab,
  resynchronizeEnvelope,
  textsOf,
} from "./doorLab";
import { parseXml } from "../../../../provider/simulator/server/xml/parseXml";

afterEach(closeLabs);

const schemaValidation = { status: 500, number: "0x80338041", subcode: "w:SchemaValidationError" };

test("Resynchronize answers with its return value and a job, by its address", async () => {
  const { send, administration } = await openLab();
  const answer = await send(resynchronizeEnvelope());
  expect(answer.status).toBe(200);
  const uri = `${classes}Msvm_ReplicationService`;
  expect(textsOf(answer, "Action")).toEqual([`${uri}/ResynchronizeResponse`]);
  expect(elementsOf(answer, "Resynchronize_OUTPUT")).toMatchObject([{ uri }]);
  expect(textsOf(answer, "ReturnValue")).toEqual(["4096"]);
  expect(textsOf(answer, "ResourceURI")).toEqual([`${classes}Msvm_ConcreteJob`]);
  const [line] = await administration.readJournal();
  expect(line).toMatchObject({
    door: "wsman",
    operation: "Resynchronize",
    machine: "web01",
    returnValue: 4096,
    jobId: textsOf(answer, "Selector")[0],
    connection: 1,
  });
});

test("a refusal is a return value without a job, not a fault", async () => {
  const { send } = await openLab({ machines: [{ ...machine, state: "replicating" }] });
  const answer = await send(resynchronizeEnvelope());
  expect(answer.status).toBe(200);
  expect(textsOf(answer, "ReturnValue")).toEqual(["32775"]);
  expect(answer.text).toContain('<p:Job xsi:nil="true"/>');
});

const inOneDay = "2030-01-08T12:00:00.000Z";
const forms = {
  cimDatetime: "<p:StartTime><cim:Datetime>2030-01-08T14:00:00+02:00</cim:Datetime></p:StartTime>",
  cimDateTimeChoice:
    '<p:StartTime xsi:type="cim:cimDateTime"><CIM_DateTime>2030-01-08T12:00:00Z</CIM_DateTime></p:StartTime>',
  text: "<p:StartTime>20300108140000.000000+120</p:StartTime>",
} as const;

test.each(
  (["cimDatetime", "cimDateTimeChoice", "text"] as const).flatMap((written) =>
    [undefined, ["cimDatetime"], ["cimDateTimeChoice"], ["text"]].map((taken) => [written, taken] as const),
  ),
)("a start time written as %s, where %p is taken", async (written, taken) => {
  const dateTimeInput = taken as WsmanInput["dateTimeInput"];
  const { send, administration } = await openLab({ wsman: { dateTimeInput } });
  const answer = await send(resynchronizeEnvelope(forms[written]));
  const isTaken = (taken ?? ["cimDatetime", "cimDateTimeChoice"]).includes(written);
  if (isTaken) expect(textsOf(answer, "ReturnValue")).toEqual(["4096"]);
  else expect(faultOf(answer)).toEqual(schemaValidation);
  expect((await administration.readJournal()).map(({ input }) => input["StartTime"])).toEqual(
    isTaken ? [inOneDay] : [],
  );
});

test.each([
  ["accepted", { returnValue: ["4096"] }],
  ["refused", { fault: schemaValidation }],
] as const)("a parameter that is nil is %s as the scenario says", async (nilInput, { ...expected }) => {
  const { send } = await openLab({ wsman: { nilInput } });
  const answer = await send(resynchronizeEnvelope('<p:StartTime xsi:nil="true"/>'));
  if ("returnValue" in expected) expect(textsOf(answer, "ReturnValue")).toEqual(expected.returnValue);
  else expect(faultOf(answer)).toEqual(expected.fault);
});

const wrapped = `<p:ComputerSystem><a:EndpointReference>${machineAddress()}</a:EndpointReference></p:ComputerSystem>`;
const path = `<p:ComputerSystem>Msvm_ComputerSystem.Name="${machineId}"</p:ComputerSystem>`;
test.each([
  ["a reference in one more wrapper", resynchronizeEnvelope("", { computer: wrapped })],
  ["a reference as the text of a path", resynchronizeEnvelope("", { computer: path })],
  ["a parameter that the method does not have", resynchronizeEnvelope("<p:When>now</p:When>")],
  ["a parameter twice", resynchronizeEnvelope(forms.cimDatetime + forms.cimDatetime)],
  ["a parameter without namespace", resynchronizeEnvelope("<StartTime/>")],
  ["a datetime without a zone", resynchronizeEnvelope(forms.cimDatetime.replace("+02:00", ""))],
  ["a datetime that is none", resynchronizeEnvelope(forms.cimDatetime.replace("01-08", "13-08"))],
  ["the input of another method", resynchronizeEnvelope().replaceAll("Resynchronize_INPUT", "Other_INPUT")],
])("%s does not match the schema, and nothing is called", async (_, envelope) => {
  const { send, administration } = await openLab();
  expect(faultOf(await send(envelope))).toEqual(schemaValidation);
  expect(await administration.readJournal()).toEqual([]);
});

function stateChangeEnvelope(relationship: string, requestedState = "7", id = machineId): string {
  const uri = `${classes}Msvm_ComputerSystem`;
  const name = "RequestReplicationStateChangeEx";
  return envelopeOf({
    action: `${uri}/${name}`,
    uri,
    selectors: { CreationClassName: "Msvm_ComputerSystem", Name: id },
    body:
      `<p:${name}_INPUT xmlns:p="${uri}">${relationship}` +
      `<p:RequestedState>${requestedState}</p:RequestedState></p:${name}_INPUT>`,
  });
}

const instance = (id: string) =>
  `<INSTANCE CLASSNAME="Msvm_ReplicationRelationship"><PROPERTY NAME="InstanceID" TYPE="string"><VALUE>${id}</VALUE>` +
  `</PROPERTY></INSTANCE>`;
const relationship = `<p:ReplicationRelationship><![CDATA[${instance(`Microsoft:${machineId}\\HVR\\0`)}]]></p:ReplicationRelationship>`;

test("a state is requested for an embedded relationship, as text", async () => {
  const { send, administration } = await openLab({ machines: [{ ...machine, state: "replicating" }] });
  expect(textsOf(await send(stateChangeEnvelope(relationship)), "ReturnValue")).toEqual(["0"]);
  const [line] = await administration.readJournal();
  expect(line).toMatchObject({
    operation: "RequestReplicationStateChangeEx",
    input: { RequestedState: 7, ReplicationRelationship: `Microsoft:${machineId}\\HVR\\0` },
  });
});

test.each([
  ["elements in place of its text", relationship.replace("<![CDATA[", "").replace("]]>", ""), "0x80338041"],
  ["text that is no XML", relationship.replace("</INSTANCE>", ""), "0x80041008"],
  ["an instance of another class", relationship.replace("Msvm_Replication", "Msvm_Other"), "0x80041008"],
  ["a document type", relationship.replace("<INSTANCE", "<!DOCTYPE x><INSTANCE"), "0x80041008"],
])("an embedded instance with %s is refused", async (_, parameter, number) => {
  const { send } = await openLab();
  expect(faultOf(await send(stateChangeEnvelope(parameter)))).toMatchObject({ number });
});

test.each(["-1", "70000", "seven"])("the state %s is not a uint16", async (state) => {
  const { send } = await openLab();
  expect(faultOf(await send(stateChangeEnvelope("", state)))).toEqual(schemaValidation);
});

test("a state that the model does not have is refused with the reason", async () => {
  const { send } = await openLab();
  const answer = await send(stateChangeEnvelope("", "2"));
  expect(faultOf(answer)).toEqual({ status: 500, number: "0x80338003", subcode: "w:InternalError" });
  expect(textsOf(answer, "Text")[0]).toContain("RequestedState 2 is not modelled");
});

test("a method of a VM that is not there does not find it", async () => {
  const { send } = await openLab();
  const answer = await send(stateChangeEnvelope("", "7", "00000000-0000-4000-8000-000000000000"));
  expect(faultOf(answer)).toEqual({ status: 500, number: "0x80041002", subcode: "a:DestinationUnreachable" });
});

function statisticsEnvelope(): string {
  const uri = `${classes}Msvm_ReplicationService`;
  const name = "GetReplicationStatisticsEx";
  return envelopeOf({
    action: `${uri}/${name}`,
    uri,
    selectors: { Name: "replicasvc" },
    body: `<p:${name}_INPUT xmlns:p="${uri}"><p:ComputerSystem>${machineAddress()}</p:ComputerSystem>${relationship}</p:${name}_INPUT>`,
  });
}

const messagesOf = (answer: Answer): (string | undefined)[] =>
  textsOf(answer, "ReplicationHealthIssues").map(
    (text) =>
      elementsOf(parseXml(text), "PROPERTY").find(({ attributes }) => attributes[0]?.value === "Message")?.children[0]
        ?.text,
  );

test("health issues come as the text of embedded instances", async () => {
  const healthReasons = ["the <log> & more", 'it\'s "full"'];
  const { send } = await openLab({ machines: [{ ...machine, healthReasons }] });
  const answer = await send(statisticsEnvelope());
  expect(textsOf(answer, "ReturnValue")).toEqual(["0"]);
  expect(messagesOf(answer)).toEqual(healthReasons);
  expect(textsOf(answer, "ReplicationStatistics")[0]).toContain('NAME="PendingReplicationSize" TYPE="uint64"');
});

test("a list without elements is null", async () => {
  const { send } = await openLab({ machines: [{ ...machine, healthReasons: [] }] });
  const answer = await send(statisticsEnvelope());
  expect(textsOf(answer, "ReturnValue")).toEqual(["0"]);
  expect(answer.text).toContain('<p:ReplicationHealthIssues xsi:nil="true"/>');
});

test("a job in place of the statistics leaves their parameters null", async () => {
  const { send } = await openLab({ switches: { statistics: "job" } });
  const answer = await send(statisticsEnvelope());
  expect(textsOf(answer, "ReturnValue")).toEqual(["4096"]);
  expect(answer.text).toContain('<p:ReplicationHealthIssues xsi:nil="true"/>');
});

test.each([
  ["returnCode", { returnValue: "32769" }],
  ["fault", { number: "0x80041003", subcode: "w:AccessDenied" }],
] as const)("without rights a method answers as the switch says: %s", async (withoutRights, { ...expected }) => {
  const accounts = [{ user: "operator", password: "simulated", rights: "read" as const }];
  const { send } = await openLab({ accounts, switches: { withoutRights } });
  const answer = await send(resynchronizeEnvelope());
  if ("returnValue" in expected) expect(textsOf(answer, "ReturnValue")).toEqual([expected.returnValue]);
  else expect(faultOf(answer)).toEqual({ status: 500, ...expected });
});
