import { splitUserName, toWindowsUpperCase } from "../../../../../provider/transports/wsman/ntlm/userName";

test.each([
  ["CONTOSO\\operator", { domain: "CONTOSO", user: "operator" }],
  ["operator@contoso.example", { domain: "", user: "operator@contoso.example" }],
  ["operator", { domain: "", user: "operator" }],
  ["CONTOSO\\operator@contoso.example", { domain: "CONTOSO", user: "operator@contoso.example" }],
  ["\\operator", { domain: "", user: "operator" }],
  [".\\Administrator", { domain: ".", user: "Administrator" }],
])("%s is taken apart", (name, parts) => {
  expect(splitUserName(name)).toEqual(parts);
});

test.each(["", "CONTOSO\\"])("%j has no user's name in it", (name) => {
  expect(() => splitUserName(name)).toThrow(
    "NTLM needs a user name. Write the user name as DOMAIN\\user, user@domain or user",
  );
});

test("a name longer than any account's is refused without being repeated", () => {
  expect(splitUserName("u".repeat(512)).user).toHaveLength(512);
  expect(() => splitUserName("u".repeat(513))).toThrow(/^the user name has more than 512 characters\. Write/);
});

test.each([
  ["operator.1", "OPERATOR.1"],
  ["jürgen", "JÜRGEN"],
  ["ёлка", "ЁЛКА"],
  ["νίκος", "ΝΊΚΟΣ"],
  ["ÿ", "Ÿ"],
  // What JavaScript changes and Windows does not.
  ["weiß", "WEIß"],
  ["ıſµ", "ıſµ"],
  ["ﬁ", "ﬁ"],
  ["ანა", "ანა"],
  ["𐐨", "𐐨"],
])("%s is %s in Windows' upper case", (text, upper) => {
  expect(toWindowsUpperCase(text)).toBe(upper);
});
