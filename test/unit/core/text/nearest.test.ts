import { nearest } from "../../../../provider/core/text/nearest";

test("names the word that differs by one character first", () => {
  expect(nearest("timeoutSecond", ["triggers", "timeoutSeconds", "stalledAfterSeconds"], 1)).toEqual([
    "timeoutSeconds",
  ]);
});

test("counts two swapped neighbours as one change", () => {
  expect(nearest("wbe", ["web", "wby"], 1)).toEqual(["web"]);
});

test("ignores letter case", () => {
  expect(nearest("WEB1", ["web01"], 3)).toEqual(["web01"]);
});

test("finds a word of which only a part was given", () => {
  expect(nearest("web01", ["db01", "web01.corp.example"], 3)).toContain("web01.corp.example");
});

test("names nothing when nothing resembles", () => {
  expect(nearest("policy", ["vm", "triggers"], 3)).toEqual([]);
  expect(nearest("", ["vm"], 3)).toEqual([]);
});

test("keeps to the limit, and names a candidate once", () => {
  expect(nearest("web01", ["web02", "web03", "web02", "web04"], 2)).toEqual(["web02", "web03"]);
});

test("orders by how much has to change: the word itself first, one that only holds it last", () => {
  const ordered = ["timeout", "tiemout", "tiemuot", "timeoutSeconds"];
  expect(nearest("timeout", ordered.toReversed(), 9)).toEqual(ordered);
  for (const other of ["timeouts", "timeou", "timeouz", "tmieout"]) {
    expect(nearest("timeout", [other, "timeout"], 9)).toEqual(["timeout", other]);
  }
});

test.each([
  ["abcdef", "abcdxy", true],
  ["abcdef", "abcxyz", false],
  ["timer", "tamers", true],
  ["tamers", "timer", true],
  ["a", "b", false],
  ["ab", "ac", true],
  ["b", "ab", true],
  ["ab", "bc", false],
  ["ab", "ca", false],
  ["abcdefgh", "cdefghab", false],
  ["web", "web01.corp.example", true],
  ["web01.corp.example", "web", true],
  ["we", "web01.corp.example", false],
  ["db1", "web01.corp.example", false],
])("%s is answered with %s: %s", (word, candidate, expected) => {
  expect(nearest(word, [candidate], 9)).toEqual(expected ? [candidate] : []);
});
