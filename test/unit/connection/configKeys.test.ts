import { findUnknownConfigKey } from "../../../provider/connection/configKeys";

test("the keys of this package and of all other namespaces are accepted", () => {
  const keys = ["hyperv-replica:host", "hyperv-replica:password", "aws:region", "lab:pasword", "hyperv-replica2:x"];
  expect(findUnknownConfigKey(keys, "lab")).toBeUndefined();
  expect(findUnknownConfigKey([], "lab")).toBeUndefined();
});

test("an unknown key is refused with the nearest known one", () => {
  expect(findUnknownConfigKey(["aws:region", "hyperv-replica:pasword"], "lab")).toMatch(
    /^the stack's configuration has "hyperv-replica:pasword".*; did you mean "hyperv-replica:password"\? Accepted: "host", .* or "maxConcurrentResyncs"$/,
  );
});

test("a key that resembles none is refused with all names", () => {
  expect(findUnknownConfigKey(["hyperv-replica:xyzzy"], "lab")).toMatch(
    /^the stack's configuration has "hyperv-replica:xyzzy", and there is no such field of a connection\. Accepted: "host"/,
  );
});

test("a project of the same name has settings of its own there", () => {
  expect(findUnknownConfigKey(["hyperv-replica:xyzzy"], "hyperv-replica")).toBeUndefined();
});
