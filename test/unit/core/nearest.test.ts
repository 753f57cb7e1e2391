import { nearest } from "../../../provider/core/nearest";

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
