import { embeddedInstance, messageOfError } from "../../../../../provider/transports/wsman/values/embedded";
import { readXml } from "../../../../../provider/transports/wsman/xml/readXml";

test("an embedded instance names its class and its key", () => {
  const text = embeddedInstance("Msvm_ReplicationRelationship", "InstanceID", "Microsoft:a&b\\HVR\\0");
  const root = readXml(text);
  expect(root).toMatchObject({
    name: "INSTANCE",
    attributes: [{ name: "CLASSNAME", value: "Msvm_ReplicationRelationship" }],
    children: [{ name: "PROPERTY", children: [{ name: "VALUE", text: "Microsoft:a&b\\HVR\\0" }] }],
  });
});

test("the message of an embedded error is found, and a text that is none is the message", () => {
  const error =
    '<INSTANCE CLASSNAME="Msvm_Error"><PROPERTY NAME="Message" TYPE="string"><VALUE>a &amp; b</VALUE></PROPERTY></INSTANCE>';
  expect(messageOfError(error)).toBe("a & b");
  expect(messageOfError("plain")).toBe("plain");
  expect(messageOfError("<cut off")).toBe("<cut off");
  expect(messageOfError("<INSTANCE/>")).toBe("<INSTANCE/>");
});
