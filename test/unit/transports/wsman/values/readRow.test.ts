import { readRow, type WireClass } from "../../../../../provider/transports/wsman/values/readRow";
import { readXml } from "../../../../../provider/transports/wsman/xml/readXml";
import type { XmlElement } from "../../../../../provider/transports/wsman/xml/xmlElement";
import { fixture } from "../fixtures";

/** What stands in `Items`. */
function itemsOf(element: XmlElement): readonly XmlElement[] {
  return element.name === "Items" ? element.children : element.children.flatMap(itemsOf);
}

function rowsOf(name: string, className: WireClass): unknown[] {
  return itemsOf(readXml(fixture(name))).map((item) => readRow(item, className));
}

const vmId = "5F0C2A9E-0D1B-4C77-9A52-3C1D6B7E8F90";
const jobId = "A1B2C3D4-0000-4000-8000-000000000001";

test("an item with its reference is read like one without", () => {
  expect(rowsOf("Enumerate_Msvm_ReplicationService", "Msvm_ReplicationService")).toEqual([{ SystemName: "HV01" }]);
});

test("null stays null, 1601 a timestamp, and a name what it is", () => {
  expect(rowsOf("Enumerate_Msvm_ComputerSystem", "Msvm_ComputerSystem")).toEqual([
    { Name: "HV01", ElementName: "HV01", EnabledState: 2, ReplicationMode: null },
  ]);
  expect(rowsOf("Pull_Msvm_ComputerSystem", "Msvm_ComputerSystem")).toEqual([
    { Name: vmId, ElementName: "we&b <01>\r", EnabledState: 2, ReplicationMode: 1 },
  ]);
});

test("a timestamp has its offset taken off", () => {
  expect(rowsOf("Enumerate_Msvm_ReplicationRelationship", "Msvm_ReplicationRelationship")).toEqual([
    {
      InstanceID: `Microsoft:${vmId}\\HVR\\0`,
      ReplicationState: 9,
      ReplicationHealth: 3,
      LastReplicationTime: { dateTime: "2030-01-07T12:00:00.123Z" },
    },
  ]);
});

test("a truth in capitals and both texts of an interval are read", () => {
  expect(rowsOf("Enumerate_Msvm_ReplicationSettingData", "Msvm_ReplicationSettingData")).toMatchObject([
    {
      AutoResynchronizeEnabled: true,
      AutoResynchronizeIntervalStart: { intervalMs: 66_600_000 },
      AutoResynchronizeIntervalEnd: { intervalMs: 21_600_000 },
    },
  ]);
});

test("an empty text is empty and not null, and a state that has never changed has no time", () => {
  expect(rowsOf("Enumerate_Msvm_ConcreteJob", "Msvm_ConcreteJob")).toEqual([
    {
      InstanceID: jobId,
      JobType: 107,
      JobState: 4,
      PercentComplete: 42,
      ErrorCode: 0,
      ErrorDescription: "",
      StartTime: { dateTime: "2030-01-07T12:00:00.500Z" },
      ScheduledStartTime: { dateTime: "2030-01-07T12:00:00.000Z" },
      TimeOfLastStateChange: null,
    },
  ]);
});

test("a reference is read from its parts, without the namespace, and from a path in a fragment", () => {
  const rows = [
    {
      AffectedElement: {
        className: "Msvm_ComputerSystem",
        keys: { CreationClassName: "Msvm_ComputerSystem", Name: vmId },
      },
      AffectingElement: { className: "Msvm_ConcreteJob", keys: { InstanceID: jobId } },
    },
  ];
  expect(rowsOf("Enumerate_Msvm_AffectedJobElement", "Msvm_AffectedJobElement")).toEqual(rows);
  expect(rowsOf("EnumerateFragment_Msvm_AffectedJobElement", "Msvm_AffectedJobElement")).toEqual(rows);
});

test("a reference in a wrapper is read, and the quotes and backslashes of a path belong to its value", () => {
  const wrapped = fixture("Enumerate_Msvm_AffectedJobElement").replace(
    /(<p0:AffectingElement>)(.*)(<\/p0:AffectingElement>)/,
    "$1<a:EndpointReference>$2</a:EndpointReference>$3",
  );
  const [item] = itemsOf(readXml(wrapped));
  expect(item === undefined ? item : readRow(item, "Msvm_AffectedJobElement")).toMatchObject({
    AffectingElement: { keys: { InstanceID: jobId } },
  });
  const path = readXml('<i><AffectingElement>Msvm_ConcreteJob.InstanceID="a\\"b\\\\c"</AffectingElement></i>');
  expect(readRow(path, "Msvm_AffectedJobElement")).toEqual({
    AffectingElement: { className: "Msvm_ConcreteJob", keys: { InstanceID: 'a"b\\c' } },
  });
});

test.each<[string, WireClass, string]>([
  ["a number", "Msvm_ComputerSystem", "<i><EnabledState>two</EnabledState></i>"],
  ["a number", "Msvm_ComputerSystem", "<i><EnabledState>99999999999999999</EnabledState></i>"],
  ["true or false", "Msvm_ReplicationSettingData", "<i><AutoResynchronizeEnabled>ja</AutoResynchronizeEnabled></i>"],
  ["a timestamp", "Msvm_ConcreteJob", "<i><StartTime>2030-01-07T12:00:00</StartTime></i>"],
  ["a reference", "Msvm_AffectedJobElement", "<i><AffectedElement/></i>"],
  ["the path of an instance", "Msvm_AffectedJobElement", "<i><AffectedElement>a=b</AffectedElement></i>"],
  ["appears 2 times", "Msvm_ComputerSystem", "<i><Name>a</Name><Name>b</Name></i>"],
])("a value is refused with what is wrong with it: %s", (says, className, text) => {
  expect(() => readRow(readXml(text), className)).toThrow(says);
});

test("a number keeps to its text, white space around it aside, and a text that looks like one stays a text", () => {
  const row = readRow(readXml("<i><Name>007</Name><EnabledState>\n 2 </EnabledState></i>"), "Msvm_ComputerSystem");
  expect(row).toEqual({ Name: "007", EnabledState: 2 });
});

test("a property of another namespace is not taken for one of the instance", () => {
  const row = readRow(
    readXml('<c:i xmlns:c="urn:c"><x:Name xmlns:x="urn:x">a</x:Name><c:ElementName>b</c:ElementName></c:i>'),
    "Msvm_ComputerSystem",
  );
  expect(row).toEqual({ ElementName: "b" });
});
