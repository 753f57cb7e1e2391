import {
  maxCharacters,
  maxDepth,
  maxNodes,
  readXml,
  XmlError,
} from "../../../../../provider/transports/wsman/xml/readXml";

test("elements have their namespace, whatever the prefix, and their text with CDATA and references", () => {
  expect(readXml('<x:a xmlns:x="urn:a" c="1" x:d="2"><b xmlns="urn:b">l&amp;m&#13;<![CDATA[<n>]]></b></x:a>')).toEqual({
    namespace: "urn:a",
    name: "a",
    attributes: [
      { namespace: "", name: "c", value: "1" },
      { namespace: "urn:a", name: "d", value: "2" },
    ],
    children: [{ namespace: "urn:b", name: "b", attributes: [], children: [], text: "l&m\r<n>" }],
    text: "",
  });
});

test.each([
  ["is cut off", "<a><b>x</b>"],
  ["is cut off in a name", "<a><b>x</b></a"],
  ["has two roots", "<a/><b/>"],
  ["goes on after its root", "<a/>junk"],
  ["has an attribute twice", '<a b="1" b="2"/>'],
  ["has an entity that is not declared", "<a>&foo;</a>"],
  ["has a control character", "<a>\u0001</a>"],
  ["has a reference to a control character", "<a>&#1;</a>"],
  ["has half a surrogate pair", "<a>\ud800</a>"],
  ["uses a prefix that is not bound", "<a:x/>"],
  ["closes what it has not opened", "<a><b></a></b>"],
  ["is empty", ""],
  ["is no XML", "no such page"],
  ["declares a document type", "<!DOCTYPE a><a/>"],
  ["declares an entity", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
])("a document that %s is refused", (_, text) => {
  expect(() => readXml(text)).toThrow(XmlError);
});

test.each([
  ["nests too deep", "<a>".repeat(maxDepth + 1)],
  ["has too many elements", `<a>${"<b/>".repeat(maxNodes)}</a>`],
  [
    "has too many attributes",
    `<a>${`<b ${Array.from({ length: 50 }, (__, index) => `c${index}=""`).join(" ")}/>`.repeat(maxNodes / 50)}</a>`,
  ],
  ["is too long", `<a>${" ".repeat(maxCharacters)}</a>`],
])("a document that %s is refused", (_, text) => {
  expect(() => readXml(text)).toThrow(/deeper than|more than|longer than/);
});

test("a document as deep as allowed is read", () => {
  expect(readXml("<a>".repeat(maxDepth) + "</a>".repeat(maxDepth)).name).toBe("a");
});

test("names that objects of JavaScript have are names like others", () => {
  expect(readXml('<__proto__ constructor="1"><toString/></__proto__>').children[0]?.name).toBe("toString");
});
