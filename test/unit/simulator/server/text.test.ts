import fc from "fast-check";
import { charsetOf, decode, encode, octetsOf } from "../../../../provider/simulator/server/charset";
import { durationMs, durationText, momentText } from "../../../../provider/simulator/server/soap/isoDuration";
import { readSealed, writeSealed } from "../../../../provider/simulator/server/sealedMessage";
import { parseXml, XmlRefused } from "../../../../provider/simulator/server/xml/parseXml";
import { element, textElement } from "../../../../provider/simulator/server/xml/composeXml";

test.each([
  ["a document type", '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
  ["a document type without entities", "<!DOCTYPE a><a/>"],
  ["a prefix without namespace", "<p:a/>"],
  ["two roots", "<a/><b/>"],
  ["text after the root", "<a/>text"],
  ["an unknown entity", "<a>&nbsp;</a>"],
  ["a raw ampersand", "<a>a & b</a>"],
  ["an element that is not closed", "<a><b></a>"],
  ["a control character", "<a>\u0001</a>"],
  ["a page of a proxy", "<html><body><p>Login<br></body></html>"],
  ["nothing", ""],
  ["too deep nesting", `${"<a>".repeat(51)}${"</a>".repeat(51)}`],
  ["too many elements", `<a>${"<b/>".repeat(5_000)}</a>`],
])("%s is refused as XML", (_, text) => {
  expect(() => parseXml(text)).toThrow(XmlRefused);
});

test("XML is read with namespaces, CDATA and references", () => {
  expect(parseXml('<p:a xmlns:p="urn:x" p:b="1" c="2">x<![CDATA[<y>]]>&#13;&amp;<d xmlns="urn:z"/></p:a>')).toEqual({
    uri: "urn:x",
    local: "a",
    attributes: expect.arrayContaining<unknown>([
      { uri: "urn:x", local: "b", value: "1" },
      { uri: "", local: "c", value: "2" },
    ]) as unknown,
    children: [{ uri: "urn:z", local: "d", attributes: expect.anything() as unknown, children: [], text: "" }],
    text: "x<y>\r&",
  });
});

test("every text that XML can carry is read as it was written, in elements and attributes", () => {
  const xmlText = fc
    .string({ unit: "binary" })
    .map((text) => text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, ""));
  const hostile = fc.constantFrom("]]>", "<![CDATA[", "&amp;", "\r\n", "\r", "'\"", "\\", "\u202E", "<!--", "\t\n ");
  fc.assert(
    fc.property(fc.array(fc.oneof(xmlText, hostile)), (parts) => {
      const text = parts.join("");
      const root = parseXml(element("a", { b: text }, textElement("c", text)));
      expect(root.attributes[0]?.value).toBe(text);
      expect(root.children[0]?.text).toBe(text);
    }),
  );
});

test("what XML cannot carry is shown as question marks", () => {
  expect(textElement("a", "x\u0000\u001Fy\uFFFE")).toBe("<a>x??y?</a>");
  expect(parseXml(textElement("a", "\uD800")).text).toBe("\uFFFD");
});

test.each([
  ["PT60.000S", 60_000],
  ["PT1M", 60_000],
  ["P1DT2H", 93_600_000],
  ["P0DT0H0M0.25S", 250],
  ["P", undefined],
  ["PT", undefined],
  ["P1DT", undefined],
  ["P1Y", undefined],
  ["60", undefined],
])("the duration %s is %p milliseconds", (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each([
  [300_000, "P0DT0H5M0S"],
  [90_061_004, "P1DT1H1M1.004S"],
  [0, "P0DT0H0M0S"],
])("%p milliseconds are written as %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each([
  ["2030-01-07T12:00:00.000Z", "2030-01-07T12:00:00Z"],
  ["2030-01-07T12:00:00.120Z", "2030-01-07T12:00:00.12Z"],
  ["2030-01-07T12:00:10.001Z", "2030-01-07T12:00:10.001Z"],
])("the time %s is written as %s", (iso, text) => {
  expect(momentText(iso)).toBe(text);
});

test.each(["utf-8", "utf-16"] as const)("text in %s is read as it was written", (charset) => {
  const text = "<a>virtuelle Maschine ä 仮想 \u{1F600}</a>";
  expect(decode(encode(text, charset), charset)).toBe(text);
  expect(octetsOf(text, charset)).toBe(encode(text, charset).length - (charset === "utf-16" ? 2 : 0));
});

test("UTF-16 is read without a mark as low bytes first, with a mark either way", () => {
  const plain = Buffer.from("<a/>", "utf16le");
  expect(decode(plain, "utf-16")).toBe("<a/>");
  expect(decode(Buffer.from("\uFEFF<a/>", "utf16le").swap16(), "utf-16")).toBe("<a/>");
});

test("other encodings, and bytes that are none, are refused", () => {
  expect(() => charsetOf("application/soap+xml; charset=iso-8859-1")).toThrow("iso-8859-1 is not supported");
  expect(() => decode(Buffer.from([0xff]), "utf-8")).toThrow("not utf-8");
  expect(charsetOf("application/soap+xml")).toBe("utf-8");
});

describe("a sealed message", () => {
  const sealed = { header: Buffer.alloc(16, 1), data: Buffer.from("--Encrypted Boundary\r\n\0\xff\r\n", "latin1") };

  test("is read as it was written, with bytes that look like a boundary", () => {
    expect(readSealed(writeSealed("utf-16", 7, sealed))).toEqual({ ...sealed, charset: "utf-16", length: 7 });
  });

  test("is read in both spellings of the specification", () => {
    const text = writeSealed("utf-8", 7, sealed).toString("latin1");
    const example = text.replaceAll("--Encrypted Boundary\r\n\tContent", "-- Encrypted Boundary\r\n\tContent");
    const grammar = text.replace("type=application/soap", "application/soap").replace("UTF-8;", "UTF-8;");
    for (const spelling of [example, grammar, text.replaceAll("\tContent", "Content")]) {
      expect(readSealed(Buffer.from(spelling, "latin1"))).toMatchObject({ length: 7, data: sealed.data });
    }
  });

  test("is refused when it is cut off, or its signature would be longer than it", () => {
    const whole = writeSealed("utf-8", 7, sealed);
    expect(() => readSealed(whole.subarray(0, -10))).toThrow("not the two parts");
    const wrong = Buffer.from(whole);
    wrong.writeUInt32LE(4_000, whole.indexOf("octet-stream\r\n") + "octet-stream\r\n".length);
    expect(() => readSealed(wrong)).toThrow("does not fit");
  });
});
