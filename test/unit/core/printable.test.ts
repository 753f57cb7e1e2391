import { toPrintable } from "../../../provider/core/printable";

test.each([
  ["plain text\nin two lines\twith a tab", "plain text\nin two lines\twith a tab"],
  ["\u001b[31mred\u0007\r\u009b", "\ufffd[31mred\ufffd\ufffd\ufffd"],
  ["half \ud83d", "half \ufffd"],
  ["\u65e5\u672c \ud83d\ude00", "\u65e5\u672c \ud83d\ude00"],
])("%j is shown as %j", (text, shown) => {
  expect(toPrintable(text)).toBe(shown);
});
