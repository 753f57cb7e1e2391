import type { XmlElement } from "../../../../provider/simulator/server/xml/parsedElement";
import {
  classes,
  closeLabs,
  elementsOf,
  enumerateEnvelope,
  envelopeOf,
  faultOf,
  getEnvelope,
  machine,
  machineId,
  openLab,
  pullEnvelope,
  queryEnvelope,
  resynchronizeEnvelope,
  textsOf,
} from "./doorLab";

afterEach(closeLabs);

const get = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
const other = "http://schemas.microsoft.com/wbem/wsman/1/";
const computer = { CreationClassName: "Msvm_ComputerSystem", Name: machineId };
const withHeaders = (headers: string) => enumerateEnvelope("Msvm_ReplicationService", "", headers);
const plainAttributes = (element: XmlElement | undefined) =>
  element?.attributes.filter(({ uri }) => uri === "").map(({ local, value }) => [local, value]);
const dialect = (name: string) => `<w:Filter Dialect="${name}">SELECT * FROM Msvm_ConcreteJob</w:Filter>`;

test.each(
  [
    ["an unknown class", enumerateEnvelope("Msvm_Nothing"), "0x80338000", "a:DestinationUnreachable"],
    [
      "another namespace",
      envelopeOf({ action: get, uri: `${other}wmi/root/cimv2/Win32_Service` }),
      "0x8004100e",
      "a:DestinationUnreachable",
    ],
    [
      "a resource that is no class",
      envelopeOf({ action: get, uri: `${other}config` }),
      "0x8033803b",
      "a:DestinationUnreachable",
    ],
    [
      "an unknown class in a query",
      queryEnvelope("SELECT * FROM Msvm_Nothing"),
      "0x80041010",
      "a:DestinationUnreachable",
    ],
    ["a query that is no WQL", queryEnvelope("SELECT"), "0x8033801a", "n:CannotProcessFilter"],
    [
      "a query beside a class in the URI",
      enumerateEnvelope("Msvm_ConcreteJob", dialect(`${other}WQL`)),
      "0x803380fb",
      "n:CannotProcessFilter",
    ],
    ["an asterisk without a query", enumerateEnvelope("*"), "0x8033801a", "n:CannotProcessFilter"],
    [
      "another dialect",
      enumerateEnvelope("*", dialect("urn:other")),
      "0x80338019",
      "n:FilterDialectRequestedUnavailable",
    ],
    [
      "an unknown mode",
      enumerateEnvelope("Msvm_ConcreteJob", "<w:EnumerationMode>All</w:EnumerationMode>"),
      "0x80338086",
      "w:UnsupportedFeature",
    ],
    ["an unknown context", pullEnvelope("uuid:0"), "0x8033801b", "n:InvalidEnumerationContext"],
    ["a Get without selectors", getEnvelope("Msvm_ComputerSystem", {}), "0x803380fa", "w:InvalidSelectors"],
    [
      "a Get with selectors of several instances",
      getEnvelope("Msvm_ComputerSystem", { CreationClassName: "Msvm_ComputerSystem" }),
      "0x8033805a",
      "w:InvalidSelectors",
    ],
    [
      "a selector that is no key",
      getEnvelope("Msvm_ComputerSystem", { ...computer, ElementName: "web01" }),
      "0x8033805b",
      "w:InvalidSelectors",
    ],
    [
      "a selector twice",
      getEnvelope("Msvm_ComputerSystem", { ...computer, name: machineId }),
      "0x8033805f",
      "w:InvalidSelectors",
    ],
    [
      "another namespace in a selector",
      getEnvelope("Msvm_ComputerSystem", { ...computer, __cimnamespace: "root/cimv2" }),
      "0x80338003",
      "w:InternalError",
    ],
    [
      "an instance that is gone",
      getEnvelope("Msvm_ConcreteJob", { InstanceID: machineId }),
      "0x80338000",
      "a:DestinationUnreachable",
    ],
    [
      "a method without selectors",
      resynchronizeEnvelope().replace(/<w:Selector .*?<\/w:Selector>/, ""),
      "0x8004102f",
      "w:InternalError",
    ],
    [
      "selectors of another service",
      resynchronizeEnvelope().replace(">Msvm_ReplicationService</w:Selector", ">Other</w:Selector"),
      "0x80041002",
      "a:DestinationUnreachable",
    ],
    [
      "an unknown method",
      resynchronizeEnvelope().replace("Service/Resynchronize", "Service/Format"),
      "0x80338013",
      "a:ActionNotSupported",
    ],
    [
      "an unknown header that must be understood",
      withHeaders('<x:New xmlns:x="urn:x" s:mustUnderstand="true"/>'),
      "0x80338010",
      undefined,
    ],
    [
      "a language that must be understood",
      withHeaders('<w:Locale xml:lang="de-DE" s:mustUnderstand="true"/>'),
      "0x80338087",
      "w:UnsupportedFeature",
    ],
    [
      "a fragment",
      withHeaders('<w:FragmentTransfer s:mustUnderstand="true">Name</w:FragmentTransfer>'),
      "0x80338077",
      "w:UnsupportedFeature",
    ],
    [
      "an envelope that is too small",
      withHeaders("<w:MaxEnvelopeSize>8191</w:MaxEnvelopeSize>"),
      "0x8033807e",
      "w:EncodingLimit",
    ],
    [
      "a timeout that is none",
      withHeaders("<w:OperationTimeout>60</w:OperationTimeout>"),
      "0x80338081",
      "w:InvalidParameter",
    ],
    ["no MessageID", withHeaders("").replace("uuid:1", ""), "0x8033800f", "a:InvalidMessageInformationHeader"],
    ["no ReplyTo", withHeaders("").replaceAll("ReplyTo", "From"), "0x80338011", "a:MessageInformationHeaderRequired"],
    [
      "replies to elsewhere",
      withHeaders("").replace("role/anonymous", "role/none"),
      "0x80338076",
      "w:UnsupportedFeature",
    ],
    [
      "another SOAP",
      withHeaders("").replace("2003/05/soap-envelope", "2001/12/soap-envelope"),
      "0x8033800d",
      undefined,
    ],
    ["what is no XML", "<s:Envelope", "0x80338043", "w:SchemaValidationError"],
    ["a document type", `<!DOCTYPE x>${withHeaders("")}`, "0x80338043", "w:SchemaValidationError"],
  ].filter(([, body]) => body !== ""),
)("%s is answered with a fault", async (_, body = "", number, subcode) => {
  const { send, administration } = await openLab();
  expect(faultOf(await send(body))).toEqual({ status: 500, number, subcode });
  expect((await administration.readJournal()).filter(({ returnValue }) => returnValue !== null)).toEqual([]);
});

test.each([
  ["understood that may be left out", '<x:New xmlns:x="urn:x" s:mustUnderstand="false"/><w:Locale xml:lang="de-DE"/>'],
  [
    "of newer clients",
    '<p:DataLocale xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd" s:mustUnderstand="false" xml:lang="en-US"/>',
  ],
  ["with options", '<w:OptionSet s:mustUnderstand="true"><w:Option Name="wmi:x">1</w:Option></w:OptionSet>'],
])("headers %s do not matter", async (_, headers) => {
  const { send } = await openLab();
  expect((await send(withHeaders(headers))).status).toBe(200);
});

test("a fault of the service has its number, its detail and the computer", async () => {
  const { send } = await openLab();
  const answer = await send(enumerateEnvelope("Msvm_Nothing"));
  expect(textsOf(answer, "Action")).toEqual(["http://schemas.xmlsoap.org/ws/2004/08/addressing/fault"]);
  expect(textsOf(answer, "RelatesTo")).toEqual(["uuid:1"]);
  expect(textsOf(answer, "FaultDetail")[0]).toMatch(/faultDetail\/ResourceNotFound$/);
  expect(plainAttributes(elementsOf(answer, "WSManFault")[0])).toEqual([
    ["Code", "2150858752"],
    ["Machine", "HV01"],
  ]);
});

test.each([
  ["wmiError", ["MSFT_WmiError"], ["HRESULT 0x80041010"]],
  ["providerFault", ["WSManFault", "WSManFault"], []],
] as const)("an error of WMI comes as the scenario says: %s", async (wmiErrors, [name, second], messageIds) => {
  const { send } = await openLab({ wsman: { wmiErrors } });
  const answer = await send(queryEnvelope("SELECT * FROM Msvm_Nothing"));
  expect(faultOf(answer).number).toBe("0x80041010");
  expect(elementsOf(answer, name)).toHaveLength(second === undefined ? 1 : 2);
  expect(textsOf(answer, "MessageID").slice(1)).toEqual(messageIds);
  expect(elementsOf(answer, "ProviderFault")).toHaveLength(second === undefined ? 0 : 1);
});

test("a query that is no WQL can be WMI's to refuse", async () => {
  const { send } = await openLab({ wsman: { badQuery: "invalidQuery" } });
  expect(faultOf(await send(queryEnvelope("SELECT")))).toEqual({
    status: 500,
    number: "0x80041017",
    subcode: "n:CannotProcessFilter",
  });
});

test("an instance that is gone can be WMI's to miss", async () => {
  const { send } = await openLab({ wsman: { instanceGone: "wmiNotFound" } });
  const answer = await send(getEnvelope("Msvm_ConcreteJob", { InstanceID: machineId }));
  expect(faultOf(answer)).toMatchObject({ number: "0x80041002" });
});

test("some of the keys are enough unless the scenario wants all", async () => {
  const { send } = await openLab();
  expect((await send(getEnvelope("Msvm_ComputerSystem", { Name: machineId }))).status).toBe(200);
  const strict = await openLab({ wsman: { someSelectors: "refused" } });
  expect(faultOf(await strict.send(getEnvelope("Msvm_ComputerSystem", { Name: machineId })))).toMatchObject({
    number: "0x8033805a",
  });
  expect(faultOf(await strict.send(resynchronizeEnvelope()))).toMatchObject({ number: "0x8033805a" });
  expect((await strict.send(getEnvelope("Msvm_ComputerSystem", computer))).status).toBe(200);
});

test("one operation too many of a user is refused until one has ended", async () => {
  const accounts = ["operator", "other"].map((user) => ({ user, password: "simulated" }));
  const { send } = await openLab({ accounts, wsman: { maxOperationsPerUser: 2 } });
  const contexts: string[] = [];
  for (let n = 0; n < 2; n++)
    contexts.push(...textsOf(await send(enumerateEnvelope("Msvm_ComputerSystem")), "EnumerationContext"));
  const tooMany = await send(queryEnvelope("SELECT * FROM Msvm_ConcreteJob"));
  expect(faultOf(tooMany)).toEqual({ status: 500, number: "0x803381a6", subcode: "w:InternalError" });
  expect(elementsOf(tooMany, "MSFT_WmiError")).toHaveLength(1);
  expect((await send(enumerateEnvelope("Msvm_ComputerSystem"), { user: "other:simulated" })).status).toBe(200);
  expect((await send(pullEnvelope(contexts[0] ?? "", 9))).status).toBe(200);
  expect((await send(queryEnvelope("SELECT * FROM Msvm_ConcreteJob"))).status).toBe(200);
});

test("a reply never exceeds the envelope of the request: fewer items, or a fault for one that does not fit", async () => {
  const machines = Array.from({ length: 12 }, (_, index) => ({ name: `vm${index}-${"x".repeat(200)}` }));
  const { send } = await openLab({ machines });
  const headers = "<w:MaxEnvelopeSize>16384</w:MaxEnvelopeSize>";
  const content = "<w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements>";
  const first = await send(enumerateEnvelope("Msvm_ComputerSystem", content, headers));
  expect(first.bytes.length).toBeLessThan(16_384);
  expect(textsOf(first, "ElementName").length).toBeGreaterThan(2);
  let [context] = textsOf(first, "EnumerationContext");
  let count = textsOf(first, "ElementName").length;
  while (context !== undefined) {
    const answer = await send(pullEnvelope(context, 100).replace("</s:Header>", `${headers}</s:Header>`));
    expect(answer.bytes.length).toBeLessThan(16_384);
    count += textsOf(answer, "ElementName").length;
    [context] = textsOf(answer, "EnumerationContext");
  }
  expect(count).toBe(13);
});

test("an item that does not fit into the envelope of the request is a fault", async () => {
  const resync = { seconds: 1, end: "exception", errorDescription: "x".repeat(9_000) } as const;
  const { send, administration } = await openLab({ machines: [{ ...machine, resync }] });
  await send(resynchronizeEnvelope());
  await administration.advanceClock(10);
  const [context = ""] = textsOf(await send(enumerateEnvelope("Msvm_ConcreteJob")), "EnumerationContext");
  const headers = "<w:MaxEnvelopeSize>8192</w:MaxEnvelopeSize>";
  const answer = await send(pullEnvelope(context).replace("</s:Header>", `${headers}</s:Header>`));
  expect(faultOf(answer)).toEqual({ status: 500, number: "0x80338048", subcode: "w:EncodingLimit" });
});

test("a request that is larger than the host's envelope is answered with 413", async () => {
  const { send } = await openLab({ wsman: { maxEnvelopeSizeKb: 32 } });
  for (const length of [33_000, 40_000, 4_000_000]) {
    const padded = `${enumerateEnvelope("Msvm_ConcreteJob")}${" ".repeat(length)}`;
    expect((await send(padded)).status).toBe(413);
  }
});

test("an operation that takes longer than its timeout is answered with a fault, and carried out anyway", async () => {
  const { send, administration } = await openLab({
    faults: [{ operation: "Resynchronize", kind: "slowReply", seconds: 3_600 }],
  });
  const headers = "<w:OperationTimeout>PT0.05S</w:OperationTimeout>";
  expect(faultOf(await send(resynchronizeEnvelope("", { headers })))).toEqual({
    status: 500,
    number: "0x80338029",
    subcode: "w:TimedOut",
  });
  expect(await administration.readJournal()).toMatchObject([{ operation: "Resynchronize", returnValue: 4096 }]);
});

test.each([
  ["another path", { path: "/other" }, 404],
  ["another method", { method: "PUT" }, 405],
  ["another type of content", { headers: { "Content-Type": "text/plain" } }, 415],
])("%s is answered by a status", async (_, options, status) => {
  const { send } = await openLab();
  expect(await send(enumerateEnvelope("Msvm_ConcreteJob"), options)).toMatchObject({ status, text: "" });
});

test("another encoding is refused as one", async () => {
  const { send } = await openLab();
  const headers = { "Content-Type": "application/soap+xml;charset=iso-8859-1" };
  expect(faultOf(await send(enumerateEnvelope("Msvm_ConcreteJob"), { headers }))).toMatchObject({
    number: "0x8033802c",
  });
});

test("the URIs of classes are read in any letter case", async () => {
  const { send } = await openLab();
  const envelope = enumerateEnvelope("msvm_computersystem", "<w:OptimizeEnumeration/>");
  expect(elementsOf(await send(envelope), "Msvm_ComputerSystem")).toMatchObject([
    { uri: `${classes}Msvm_ComputerSystem` },
  ]);
});
