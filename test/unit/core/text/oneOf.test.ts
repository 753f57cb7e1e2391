import { oneOf } from "../../../../provider/core/text/oneOf";

test.each([
  [[], ""],
  [["a"], '"a"'],
  [["a", "b"], '"a" or "b"'],
  [["a", "b", "c"], '"a", "b" or "c"'],
])("%j is read as %s", (words, text) => {
  expect(oneOf(words)).toBe(text);
});
