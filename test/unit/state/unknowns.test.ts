import { runtime } from "@pulumi/pulumi";
import { hasUnknown, isPlainObject, unknownValue, withoutUnknowns } from "../../../provider/state/unknowns";

test("the sentinel is the SDK's", () => {
  expect(unknownValue).toBe(runtime.unknownValue);
});

test.each<[unknown, boolean]>([
  [unknownValue, true],
  [[1, [unknownValue]], true],
  [{ a: { b: [unknownValue] } }, true],
  ["other", false],
  [null, false],
  [{ a: [1, null] }, false],
  [undefined, false],
])("%j holds something unknown: %s", (value, expected) => {
  expect(hasUnknown(value)).toBe(expected);
});

test("what is unknown is taken out at any depth of maps, and a list that holds it as a whole", () => {
  const value = { a: 1, b: unknownValue, c: { d: unknownValue, e: { f: 2 } }, g: [1, unknownValue], h: [1] };
  expect(withoutUnknowns(value)).toEqual({ a: 1, c: { e: { f: 2 } }, h: [1] });
});

test.each<[unknown, boolean]>([
  [{}, true],
  [[], false],
  [null, false],
  ["a", false],
])("%j is a map: %s", (value, expected) => {
  expect(isPlainObject(value)).toBe(expected);
});
