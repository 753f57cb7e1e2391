import { canonical, isSame } from "../../../provider/state/canonical";

const sig = "4dabf18193072939515e22adb298388d";
const asset = { [sig]: "c44067f5952c0a294b673a41bacd8c17", path: "a.txt", hash: "abc" };

test.each<[unknown, unknown]>([
  [
    { a: 1, b: { c: 2, d: 3 } },
    { b: { d: 3, c: 2 }, a: 1 },
  ],
  [{ a: 1, b: null }, { a: 1 }],
  [{ a: { b: undefined } }, { a: { b: null } }],
  [null, undefined],
  [[null], [undefined]],
  [asset, { ...asset, path: "moved/a.txt" }],
  [{ in: asset }, { in: { ...asset, text: "x" } }],
  [1, 1.0],
])("%j and %j are the same", (one, other) => {
  expect(isSame(one, other)).toBe(true);
});

test.each<[unknown, unknown]>([
  [{ a: 1 }, { a: "1" }],
  [
    [1, 2],
    [2, 1],
  ],
  [[], {}],
  [[], undefined],
  [{}, undefined],
  [[null], []],
  ["", null],
  [0, false],
  [asset, { ...asset, hash: "def" }],
  [asset, { ...asset, [sig]: "0def7320c3a5731c473e5ecbe6d01bc7" }],
  [
    { ...asset, hash: "" },
    { ...asset, hash: "", path: "b.txt" },
  ],
  [
    { path: "a", hash: "abc" },
    { path: "b", hash: "abc" },
  ],
  ["[]", []],
])("%j and %j are not the same", (one, other) => {
  expect(isSame(one, other)).toBe(false);
});

test("the form is a text, also of nothing", () => {
  expect(canonical(undefined)).toBe("[null]");
});
