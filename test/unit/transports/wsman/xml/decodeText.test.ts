import { charsetOf, decodeText } from "../../../../../provider/transports/wsman/xml/decodeText";

const text = '<a b="ü€😀"/>';
const utf16be = (value: string): Buffer => Buffer.from(value, "utf16le").swap16();

test.each<[string, Buffer, string | undefined]>([
  ["UTF-8", Buffer.from(text), "UTF-8"],
  ["UTF-8 that nobody names", Buffer.from(text), undefined],
  ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${text}`), undefined],
  ["UTF-8 that is said to be UTF-16", Buffer.from(text), "utf-16"],
  ["UTF-16", Buffer.from(text, "utf16le"), "UTF-16"],
  ["UTF-16 that nobody names", Buffer.from(text, "utf16le"), undefined],
  ["UTF-16 with a byte order mark, that is said to be UTF-8", Buffer.from(`\ufeff${text}`, "utf16le"), "utf-8"],
  ["UTF-16 with the high byte first", utf16be(text), "utf-16"],
  ["UTF-16 with the high byte first and a byte order mark", utf16be(`\ufeff${text}`), "utf-16"],
])("%s is read", (_, bytes, charset) => {
  expect(decodeText(bytes, charset)).toBe(text);
});

test.each<[string, Buffer, string | undefined]>([
  ["bytes that are no UTF-8", Buffer.from([0x3c, 0xff, 0x3e]), undefined],
  ["half a UTF-16 character", Buffer.from(`\ufeff${text}`, "utf16le").subarray(0, -1), undefined],
  ["an encoding that the protocol does not have", Buffer.from("x"), "iso-8859-1"],
])("%s are refused", (_, bytes, charset) => {
  expect(() => decodeText(bytes, charset)).toThrow(/not text in|is written in/);
});

test("the charset is found in a media type", () => {
  expect(charsetOf('application/soap+xml; charset="UTF-16"')).toBe("UTF-16");
  expect(charsetOf("application/soap+xml;charset=UTF-8;Length=3")).toBe("UTF-8");
  expect(charsetOf("text/plain")).toBeUndefined();
});
