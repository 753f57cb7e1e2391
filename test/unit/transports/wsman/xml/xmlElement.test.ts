import { trimmedText, type XmlElement } from "../../../../../provider/transports/wsman/xml/xmlElement";

function holding(text: string): XmlElement {
  return { namespace: "", name: "x", attributes: [], children: [], text };
}

test.each([
  ["", ""],
  [" \t\r\n", ""],
  ["  a b\n", "a b"],
  ["\u00a0a\u00a0", "\u00a0a\u00a0"],
])("%j without white space is %j", (text, trimmed) => {
  expect(trimmedText(holding(text))).toBe(trimmed);
});

test("a run of spaces in the middle, as long as a reply may be, takes no time", () => {
  const text = `x${" ".repeat(1_000_000)}y`;
  expect(trimmedText(holding(text))).toBe(text);
});
