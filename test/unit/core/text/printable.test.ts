import { toPrintable } from "../../../../provider/core/text/printable";

test.each([
  ["plain text\nin two lines\twith a tab", "plain text\nin two lines\twith a tab"],
  ["\u001b[31mred\u0007\r\u009b", "\ufffd[31mred\ufffd\ufffd\ufffd"],
  ["half \ud83d", "half \ufffd"],
  ["\u65e5\u672c \ud83d\ude00", "\u65e5\u672c \ud83d\ude00"],
])("%j is shown as %j", (text, shown) => {
  expect(toPrintable(text)).toBe(shown);
});

test("every control character but tab and line break is replaced", () => {
  const all = Array.from({ length: 0xff }, (_, code) => String.fromCharCode(code));
  const replaced = all.filter((one) => toPrintable(one) === "\ufffd").map((one) => one.charCodeAt(0));
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, nth) => from + nth);
  expect(replaced).toEqual([...range(0x00, 0x08), ...range(0x0b, 0x1f), ...range(0x7f, 0x9f)]);
  expect(all.filter((one) => toPrintable(one) !== one)).toHaveLength(replaced.length);
});
