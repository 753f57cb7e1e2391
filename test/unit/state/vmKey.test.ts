import { isGuid, toSelector, toVmKey } from "../../../provider/state/vmKey";
import { vmId } from "../../support/builders";

test.each([
  ["Web01", "web01"],
  [` {${vmId.toUpperCase()}} `, vmId],
  ["{not a guid}", "{not a guid}"],
  [" web01", " web01"],
])("%p is compared as %p", (vm, key) => {
  expect(toVmKey(vm)).toBe(key);
});

test.each([
  [vmId, true],
  [vmId.toUpperCase(), false],
  [`{${vmId}}`, false],
  [`${vmId}0`, false],
  ["web01", false],
])("%p is a GUID in its one form: %p", (key, expected) => {
  expect(isGuid(key)).toBe(expected);
});

test.each([
  [vmId, { vmId }],
  [` {${vmId.toUpperCase()}} `, { vmId }],
  ["Web01", { vmName: "Web01" }],
  [" web01", { vmName: " web01" }],
])("%p is looked for as %j", (vm, selector) => {
  expect(toSelector(vm)).toEqual(selector);
});
