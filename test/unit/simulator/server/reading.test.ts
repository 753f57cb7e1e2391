import {
  classes,
  closeLabs,
  elementsOf,
  enumerateEnvelope,
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

const classNames = [
  "Msvm_ReplicationService",
  "Msvm_ComputerSystem",
  "Msvm_ReplicationRelationship",
  "Msvm_ReplicationSettingData",
  "Msvm_ConcreteJob",
  "Msvm_AffectedJobElement",
];

const machines = [machine, { name: "db01" }, { name: "app01" }];

test("an Enumerate gives a context, a Pull one item and the next context, the last one the end and none", async () => {
  const { send } = await openLab({ machines });
  const begun = await send(enumerateEnvelope("Msvm_ComputerSystem"));
  expect(textsOf(begun, "Items")).toEqual([]);
  const names: string[] = [];
  let [context] = textsOf(begun, "EnumerationContext");
  for (let pulls = 1; context !== undefined; pulls++) {
    const answer = await send(pullEnvelope(context));
    const [more] = textsOf(answer, "EnumerationContext");
    expect(more).not.toBe(context);
    expect(textsOf(answer, "ElementName")).toHaveLength(1);
    expect(elementsOf(answer, "EndOfSequence")).toHaveLength(pulls === 4 ? 1 : 0);
    names.push(...textsOf(answer, "ElementName"));
    context = more;
  }
  expect(names).toEqual(["HV01", "web01", "db01", "app01"]);
});

test("a Pull gives as many items as it may, and as are left", async () => {
  const { send } = await openLab({ machines });
  const [context = ""] = textsOf(await send(enumerateEnvelope("Msvm_ComputerSystem")), "EnumerationContext");
  const first = await send(pullEnvelope(context, 3));
  expect(textsOf(first, "ElementName")).toEqual(["HV01", "web01", "db01"]);
  const [more = ""] = textsOf(first, "EnumerationContext");
  expect(textsOf(await send(pullEnvelope(more, 3)), "ElementName")).toEqual(["app01"]);
});

test("no reply has more items than the host's batch", async () => {
  const { send } = await openLab({ machines, wsman: { maxBatchItems: 1 } });
  const content = "<w:OptimizeEnumeration/><w:MaxElements>50</w:MaxElements>";
  const begun = await send(enumerateEnvelope("Msvm_ComputerSystem", content));
  expect(textsOf(begun, "ElementName")).toEqual(["HV01"]);
  const [context = ""] = textsOf(begun, "EnumerationContext");
  expect(textsOf(await send(pullEnvelope(context, 50)), "ElementName")).toEqual(["web01"]);
});

test("an optimized Enumerate that has everything says so at once, in another namespace than a Pull does", async () => {
  const { send } = await openLab({ machines });
  const all = await send(
    enumerateEnvelope("Msvm_ComputerSystem", "<w:OptimizeEnumeration/><w:MaxElements>50</w:MaxElements>"),
  );
  const wsman = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
  expect(elementsOf(all, "Items")).toMatchObject([{ uri: wsman }]);
  expect(elementsOf(all, "EndOfSequence")).toMatchObject([{ uri: wsman }]);
  expect(textsOf(all, "EnumerationContext")).toEqual([""]);
  expect(textsOf(all, "ElementName")).toHaveLength(4);
  const one = await send(enumerateEnvelope("Msvm_ComputerSystem", "<w:OptimizeEnumeration/>"));
  expect(textsOf(one, "ElementName")).toEqual(["HV01"]);
});

test("a context ends with Release, with its end, with another user, and after a while", async () => {
  let nowMs = 0;
  const accounts = ["operator", "other"].map((user) => ({ user, password: "simulated" }));
  const realClock = { now: () => nowMs, sleep: async () => new Promise<void>(() => undefined) };
  const lab = await openLab({ accounts, wsman: { enumerationTimeoutMs: 1_000 } }, { realClock });
  const begin = async () =>
    textsOf(await lab.send(enumerateEnvelope("Msvm_ComputerSystem")), "EnumerationContext")[0] ?? "";
  const invalid = { status: 500, number: "0x8033801b", subcode: "n:InvalidEnumerationContext" };

  const released = await begin();
  const release = pullEnvelope(released)
    .replaceAll("n:Pull", "n:Release")
    .replace("enumeration/Pull", "enumeration/Release");
  expect(textsOf(await lab.send(release), "Body")).toEqual([""]);
  expect(faultOf(await lab.send(pullEnvelope(released)))).toEqual(invalid);

  const ofOther = await begin();
  expect(faultOf(await lab.send(pullEnvelope(ofOther), { user: "other:simulated" }))).toEqual(invalid);
  expect((await lab.send(pullEnvelope(ofOther, 9))).status).toBe(200);
  expect(faultOf(await lab.send(pullEnvelope(ofOther, 9)))).toEqual(invalid);

  const idle = await begin();
  nowMs += 1_000;
  expect(faultOf(await lab.send(pullEnvelope(idle)))).toEqual(invalid);
});

test("an instance is written as Windows writes it", async () => {
  const { send } = await openLab({ machines: [{ ...machine, lastReplicationTime: "never" }] });
  const { text } = await send(queryEnvelope(`SELECT * FROM Msvm_ComputerSystem WHERE Name = '${machineId}'`));
  const uri = `${classes}Msvm_ComputerSystem`;
  expect(text).toContain(
    `<p:Msvm_ComputerSystem xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:p="${uri}"` +
      ` xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common" xsi:type="p:Msvm_ComputerSystem_Type"><p:Caption>`,
  );
  expect(text).toContain('<p:CommunicationStatus xsi:nil="true"/>');
  expect(text).toContain(
    "<p:LastReplicationTime><cim:Datetime>1601-01-01T00:00:00Z</cim:Datetime></p:LastReplicationTime>",
  );
  expect(text).toContain("<p:OperationalStatus>2</p:OperationalStatus>");
});

test("lists are repeated elements, intervals durations, booleans small letters, empty text an empty element", async () => {
  const { send, administration } = await openLab();
  await send(resynchronizeEnvelope());
  await administration.advanceClock(200);
  const answer = await send(queryEnvelope("SELECT * FROM Msvm_ConcreteJob"));
  expect(textsOf(answer, "OperationalStatus")).toEqual(["17", "2"]);
  expect(answer.text).toContain("<p:TimeBeforeRemoval><cim:Interval>P0DT0H5M0S</cim:Interval></p:TimeBeforeRemoval>");
  expect(textsOf(answer, "DeleteOnCompletion")).toEqual(["false"]);
  expect(answer.text).toContain("<p:ErrorDescription></p:ErrorDescription>");
});

test("references are addresses without a wrapper, with the namespaces of their parts", async () => {
  const { send } = await openLab();
  await send(resynchronizeEnvelope());
  const answer = await send(queryEnvelope("SELECT * FROM Msvm_AffectedJobElement"));
  const [element] = elementsOf(answer, "AffectedElement");
  expect(element?.children.map(({ local }) => local)).toEqual(["Address", "ReferenceParameters"]);
  expect(textsOf(answer, "Selector").slice(0, 2)).toEqual(["Msvm_ComputerSystem", machineId]);
});

test.each([
  ["EnumerateObject", ["Msvm_ComputerSystem"]],
  ["EnumerateEPR", ["EndpointReference"]],
  ["EnumerateObjectAndEPR", ["Item"]],
])("the mode %s gives %p", async (mode, names) => {
  const { send } = await openLab({ machines: [] });
  const content = `<w:OptimizeEnumeration/><w:EnumerationMode>${mode}</w:EnumerationMode>`;
  const answer = await send(enumerateEnvelope("Msvm_ComputerSystem", content));
  const items = elementsOf(answer, "Items")[0]?.children ?? [];
  expect(items.map(({ local }) => local)).toEqual(names);
  const inside = items[0]?.children.map(({ local }) => local);
  if (mode === "EnumerateObjectAndEPR") expect(inside).toEqual(["Msvm_ComputerSystem", "EndpointReference"]);
});

test("the address of the service is taken as it was given", async () => {
  const { send } = await openLab();
  const content = "<w:OptimizeEnumeration/><w:EnumerationMode>EnumerateEPR</w:EnumerationMode>";
  const answer = await send(enumerateEnvelope("Msvm_ReplicationService", content));
  const selectors = elementsOf(answer, "Selector").map(({ attributes, text }) => [attributes[0]?.value, text]);
  expect(Object.fromEntries(selectors)).toEqual({
    CreationClassName: "Msvm_ReplicationService",
    Name: "replicasvc",
    SystemCreationClassName: "Msvm_ComputerSystem",
    SystemName: "HV01",
  });
  const given = selectors.map(([name = "", text = ""]) => `<w:Selector Name="${name}">${text}</w:Selector>`).join("");
  const call = resynchronizeEnvelope().replace(
    /<w:SelectorSet>.*?<\/w:SelectorSet>/,
    `<w:SelectorSet>${given}</w:SelectorSet>`,
  );
  expect(textsOf(await send(call), "ReturnValue")).toEqual(["4096"]);
});

test("a relationship is found by its key, with the backslashes of a literal doubled", async () => {
  const { send } = await openLab({ machines });
  const query = (backslash: string) =>
    queryEnvelope(
      `SELECT * FROM Msvm_ReplicationRelationship WHERE InstanceID = 'Microsoft:${machineId}${backslash}HVR${backslash}0'`,
    );
  expect(textsOf(await send(query("\\\\")), "InstanceID")).toEqual([`Microsoft:${machineId}\\HVR\\0`]);
  expect(faultOf(await send(query("\\")))).toMatchObject({ number: "0x8033801a" });
});

test("a Get gives the instance of its selectors, whatever their letter case", async () => {
  const { send } = await openLab({ machines });
  const instanceId = `microsoft:${machineId.toLowerCase()}\\hvr\\0`;
  const answer = await send(getEnvelope("Msvm_ReplicationRelationship", { instanceid: instanceId }));
  expect(textsOf(answer, "ElementName")).toEqual(["web01"]);
  expect(textsOf(answer, "Action")).toEqual(["http://schemas.xmlsoap.org/ws/2004/09/transfer/GetResponse"]);
});

test("a Get of an association has addresses in its selectors", async () => {
  const { send } = await openLab();
  await send(resynchronizeEnvelope());
  const content = "<w:OptimizeEnumeration/><w:EnumerationMode>EnumerateEPR</w:EnumerationMode>";
  const { text } = await send(enumerateEnvelope("Msvm_AffectedJobElement", content));
  const set = /<w:SelectorSet>(.*)<\/w:SelectorSet><\/a:ReferenceParameters><\/a:EndpointReference><\/w:Items>/s.exec(
    text,
  )?.[1];
  const envelope = getEnvelope("Msvm_AffectedJobElement", {}).replace("<w:SelectorSet>", `<w:SelectorSet>${set ?? ""}`);
  expect(textsOf(await send(envelope), "ElementEffects")).toEqual(["0"]);
});

test("names come through unchanged and select exactly the VM meant", async () => {
  const names = [
    "it's",
    'a "b" c',
    "]]>&<x>",
    "back\\slash",
    "two\nlines\r\n",
    "\u202Erelborb\u202C",
    "x".repeat(255),
    "仮想 \u{1F600}",
  ];
  const { send } = await openLab({ machines: names.map((name) => ({ name })) });
  const all = await send(queryEnvelope("SELECT * FROM Msvm_ComputerSystem WHERE ReplicationMode = 1"));
  expect(textsOf(all, "ElementName")).toEqual(names);
  for (const name of names) {
    const literal = name.replace(/[\\'"]/g, (one) => `\\${one}`);
    const query = queryEnvelope(`SELECT * FROM Msvm_ComputerSystem WHERE ElementName = '${literal}'`);
    expect(textsOf(await send(query), "ElementName")).toEqual([name]);
  }
});

test("an account without rights sees the host alone, and no error", async () => {
  const accounts = [{ user: "operator", password: "simulated", rights: "none" as const }];
  const { send } = await openLab({ accounts });
  expect(textsOf(await send(queryEnvelope("SELECT * FROM Msvm_ComputerSystem")), "ElementName")).toEqual(["HV01"]);
  const links = await send(queryEnvelope("SELECT * FROM Msvm_ReplicationRelationship"));
  expect(elementsOf(links, "Items")[0]?.children).toEqual([]);
  expect(elementsOf(links, "EndOfSequence")).toHaveLength(1);
});

test("while the service is stopped a query answers nothing, and no error", async () => {
  const { send } = await openLab({ service: "stopped" });
  const begun = await send(enumerateEnvelope("Msvm_ReplicationService"));
  const [context = ""] = textsOf(begun, "EnumerationContext");
  const pulled = await send(pullEnvelope(context));
  expect(pulled.status).toBe(200);
  expect(elementsOf(pulled, "Items")[0]?.children).toEqual([]);
  expect(elementsOf(pulled, "EndOfSequence")).toHaveLength(1);
});

test("every reply carries the host's own time", async () => {
  const { send } = await openLab({ clock: { start: "2031-05-06T07:08:09Z", speed: 0 } });
  expect((await send(queryEnvelope("SELECT * FROM Msvm_ReplicationService"))).headers["date"]).toBe(
    "Tue, 06 May 2031 07:08:09 GMT",
  );
});

test("a reply relates to its request and is in its encoding", async () => {
  const { send } = await openLab();
  const request = queryEnvelope("SELECT * FROM Msvm_ReplicationService").replace("uuid:1", "uuid:ABC");
  const answer = await send(request);
  expect(textsOf(answer, "RelatesTo")).toEqual(["uuid:ABC"]);
  expect(answer.headers["content-type"]).toBe("application/soap+xml;charset=UTF-8");
  const headers = { "Content-Type": "application/soap+xml;charset=UTF-16" };
  const wide = await send(Buffer.from(`\uFEFF${request}`, "utf16le"), { headers });
  expect(wide.headers["content-type"]).toBe("application/soap+xml;charset=UTF-16");
  expect(wide.bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]));
  expect(wide.bytes.toString("utf16le")).toContain("<a:RelatesTo>uuid:ABC</a:RelatesTo>");
});

test("a filter over no instances answers nothing, and no fault", async () => {
  const { send } = await openLab({ machines: [] });
  const answer = await send(queryEnvelope("SELECT * FROM Msvm_ConcreteJob WHERE JobType = 107 OR JobType = 121"));
  expect(textsOf(answer, "EndOfSequence")).toHaveLength(1);
  expect(faultOf(await send(queryEnvelope("SELECT * FROM Msvm_ConcreteJob WHERE Colour = 1")))).toMatchObject({
    number: "0x8033801a",
  });
});

test.each(classNames)("%s has every property that its instances show, also without them", async (className) => {
  const full = await openLab({ machines });
  await full.send(resynchronizeEnvelope());
  const shown = elementsOf(await full.send(queryEnvelope(`SELECT * FROM ${className}`)), className).flatMap((one) =>
    one.children.map(({ local }) => local),
  );
  expect(shown).not.toEqual([]);
  const empty = await openLab({ machines: [], service: "stopped" });
  const answer = await empty.send(
    queryEnvelope(`SELECT * FROM ${className} WHERE ${shown.map((one) => `${one} = 1`).join(" OR ")}`),
  );
  expect(textsOf(answer, "EndOfSequence")).toHaveLength(1);
});
