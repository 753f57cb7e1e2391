import fc from "fast-check";
import { readXml } from "../../../../../provider/transports/wsman/xml/readXml";
import { element, escapeXml, sendBack } from "../../../../../provider/transports/wsman/xml/writeXml";

/** What XML 1.0 can carry. */
const carried = fc
  .string({ unit: "binary", maxLength: 50 })
  .filter((text) => /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text));

test("every text that XML can carry comes back as it was, in an element and in an attribute", () => {
  fc.assert(
    fc.property(carried, (text) => {
      const read = readXml(element("a", { b: text }, text).text);
      expect(read.text).toBe(text);
      expect(read.attributes[0]?.value).toBe(text);
    }),
  );
});

test("names that are made to break out stay names", () => {
  for (const name of ["]]>", "a&b", `"'`, "</a><b>", "line\r\nbreak", "\u202eright to left", "x".repeat(260)]) {
    expect(readXml(element("a", {}, name).text)).toMatchObject({ text: name, children: [] });
  }
});

test.each(["\u0000", "\u000b", "\ud800", "\ufffe", "a\u001bb"])("%j cannot be carried and is refused", (text) => {
  expect(() => escapeXml(text)).toThrow(/XML cannot contain the character U\+[0-9A-F]{4}/);
});

test("an element of the host goes back as it came", () => {
  const came = readXml(
    '<w:SelectorSet xmlns:w="urn:w"><w:Selector Name="a&amp;b" w:kind="k" xml:lang="de">x\\y</w:Selector><plain/></w:SelectorSet>',
  );
  expect(readXml(sendBack(came).text)).toEqual(came);
});
