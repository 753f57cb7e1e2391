import { ReplicaResyncError } from "../../../provider/core/errors";
import {
  atBorder,
  CheckpointError,
  toBorderError,
  toIdText,
  toMessage,
  toPlain,
  toPlainObject,
} from "../../../provider/lifecycle/border";

const lone = "\ud83d";
const circle: Record<string, unknown> = { name: "circle" };
circle.self = circle;
const nested = Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], "deep");

test.each<[string, unknown, unknown]>([
  ["a text", "text", "text"],
  ["a number", 1.5, 1.5],
  ["a switch", true, true],
  ["null", null, null],
  ["undefined", undefined, null],
  ["NaN", NaN, null],
  ["infinity", -Infinity, null],
  ["a big integer", 12345678901234567890n, "12345678901234567890"],
  ["a function", () => 1, null],
  ["a symbol", Symbol("s"), null],
  ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["an invalid date", new Date(NaN), null],
  ["undefined in an object", { a: 1, b: undefined }, { a: 1 }],
  ["a function in an object", { a: () => 1 }, {}],
  ["a symbol in an object", { a: Symbol("s") }, { a: null }],
  ["undefined in a list", [1, undefined, 2], [1, null, 2]],
  ["a hole in a list", Array(2), [null, null]],
  [
    "a map",
    new Map<unknown, unknown>([
      ["a", 1],
      [2, new Date(0)],
      [Object.create(null), 3],
    ]),
    { a: 1, "2": "1970-01-01T00:00:00.000Z", null: 3 },
  ],
  ["a set", new Set([1, undefined]), [1, null]],
  ["a cycle", circle, { name: "circle", self: null }],
  [
    "the same object twice",
    [circle, circle],
    [
      { name: "circle", self: null },
      { name: "circle", self: null },
    ],
  ],
  ["an object without prototype", Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
  ["an error", Object.assign(new Error("x"), { code: "y" }), { code: "y" }],
  ["half a character", `a${lone}b`, "a\ufffdb"],
  ["half a character in a key", { [lone]: lone }, { "\ufffd": "\ufffd" }],
  ["half a character in a map's key", new Map([[lone, 1]]), { "\ufffd": 1 }],
])("%s becomes plain JSON", (_what, value, expected) => {
  expect(toPlain(value)).toEqual(expected);
});

test.each<unknown>([nested, circle, { a: [undefined, { b: () => 1 }], [lone]: new Set([lone]) }])(
  "what is plain is the same after a round trip through JSON",
  (value) => {
    const plain = toPlain(value);
    expect(JSON.parse(JSON.stringify(plain))).toStrictEqual(plain);
    expect(JSON.stringify(plain)).not.toContain("\\ud83d");
  },
);

test("what is nested too deeply is cut", () => {
  expect(JSON.stringify(toPlain(nested))).toBe(`${"[".repeat(64)}null${"]".repeat(64)}`);
});

test.each([undefined, null, "text", 5, [1], () => 1])("%p is not an object and becomes an empty one", (value) => {
  expect(toPlainObject(value)).toEqual({});
});

test.each<[unknown, string]>([
  [new Error("it broke"), "it broke"],
  ["it broke", "it broke"],
  [new Error(` it broke ${lone} `), "it broke \ufffd"],
])("%p is shown as %p", (thrown, message) => {
  expect(toMessage(thrown)).toBe(message);
});

test.each([
  undefined,
  null,
  5,
  {},
  "",
  " ",
  new Error(""),
  new Error(" \n"),
  Object.assign(new Error("x"), { message: 5 }),
  Object.assign(new Error("x"), { message: undefined }),
])("%p thrown is never without a message", (thrown) => {
  expect(toMessage(thrown)).toMatch(/failed without a message/);
});

test("a huge message is cut, also in the middle of a character", () => {
  const message = toMessage(new Error(`${"x".repeat(7_999)}😀${"x".repeat(100_000)}`));
  expect(message.length).toBeLessThan(8_100);
  expect(message.isWellFormed()).toBe(true);
});

test.each(["id", "vm/extended", `a${lone}`])("the id %p is kept, well-formed", (id) => {
  expect(toIdText(id)).toBe(id.toWellFormed());
});

test.each([undefined, null, "", 5, {}])("the id %p is never empty", (id) => {
  expect(toIdText(id)).toBe("unknown");
});

test("an error keeps its name, and loses its stack, its cause and whatever else it carries", () => {
  const thrown = new ReplicaResyncError("REFUSED", "it broke", {
    cause: new Error("secret"),
    context: { host: "HV01" },
  });
  const error = toBorderError(thrown);
  expect(error).toMatchObject({ name: "ReplicaResyncError", message: "on HV01: it broke [REFUSED]", stack: "" });
  expect(Object.getOwnPropertyNames(error).sort()).toEqual(["message", "name", "stack"]);
});

test("an error without a checkpoint has no id: nothing is kept", () => {
  expect(toBorderError(Object.assign(new Error("x"), { id: "a", properties: {} }))).not.toHaveProperty("id");
});

test("a checkpoint leaves with id, properties and reasons, all plain", () => {
  const thrown = new CheckpointError(new ReplicaResyncError("REFUSED", `it broke${lone}`), {
    id: "",
    properties: { at: new Date(0), none: undefined, [lone]: () => 1, __provider: "text" },
  });
  expect(toBorderError(thrown)).toMatchObject({
    name: "ReplicaResyncError",
    message: "it broke\ufffd [REFUSED]",
    id: "unknown",
    properties: { at: "1970-01-01T00:00:00.000Z", __provider: "text" },
    reasons: ["it broke\ufffd [REFUSED]"],
    stack: "",
  });
});

test("what a verb returns leaves as plain values", async () => {
  await expect(atBorder(async () => ({ at: new Date(0), none: undefined }))).resolves.toEqual({
    at: "1970-01-01T00:00:00.000Z",
  });
});

test.each([undefined, null, "text", 5, new Error("")])(
  "%p thrown by a verb leaves as an error with a message",
  async (thrown) => {
    const left = await atBorder(async () => Promise.reject(thrown as Error)).catch((error: unknown) => error);
    expect(left).toBeInstanceOf(Error);
    expect((left as Error).message).not.toBe("");
    expect((left as Error).stack).toBe("");
  },
);

test("a value that cannot be read leaves as an error", async () => {
  const hostile = {
    get value(): unknown {
      throw new Error("no");
    },
  };
  await expect(atBorder(async () => hostile)).rejects.toMatchObject({ message: "no", stack: "" });
});

it("a message ends with the code of an error of this package, so that it can be looked up", () => {
  const rejected = new ReplicaResyncError("REJECTED", "the host said no", {
    returnCode: 32775,
    remedy: "Look at the VM",
  });
  expect(toBorderError(rejected).message).toBe("the host said no. Look at the VM [REJECTED]");
  const kept = toBorderError(new CheckpointError(rejected, { id: "a", properties: {} }));
  expect(kept).toMatchObject({ message: expect.stringMatching(/ \[REJECTED\]$/) as string });
  expect(toBorderError(new Error("plain")).message).toBe("plain");
});
