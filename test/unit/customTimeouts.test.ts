import { timeoutSecondsOf } from "../../provider/customTimeouts";

test.each([
  ["90m", 5_400],
  ["1h30m", 5_400],
  ["1.5h", 5_400],
  ["45s", 45],
  ["2h0m5s", 7_205],
  ["1500ms", 1.5],
  ["500us", 0.0005],
  ["500µs", 0.0005],
  ["250ns", 2.5e-7],
])("the duration %s is %d s", (create, seconds) => {
  expect(timeoutSecondsOf("web01", undefined, { create })).toBeCloseTo(seconds, 9);
});

test.each(["", "90", "m", "-5m", "1h 30m", "1d", "90m!", "٣m"])(
  "the duration %p is refused with an example",
  (create) => {
    expect(() => timeoutSecondsOf("web01", undefined, { create })).toThrow(
      `ReplicaResync "web01": customTimeouts: expected a duration such as "90m" or "1h30m", got "${create}"`,
    );
  },
);

test.each([
  [{ create: "1h" }, 3_600],
  [{ update: "2h" }, 7_200],
  [{ create: "1h", update: "60m" }, 3_600],
  [{ delete: "5m" }, undefined],
  [{}, undefined],
  [undefined, undefined],
])("the option %j asks for %p s", (option, seconds) => {
  expect(timeoutSecondsOf("web01", undefined, option)).toBe(seconds);
});

test("unequal waits of create and update are refused, with both and what to do", () => {
  expect(() => timeoutSecondsOf("web01", undefined, { create: "1h", update: "2h" })).toThrow(
    /"web01": customTimeouts\.create \(1h\) and customTimeouts\.update \(2h\) differ.*timeoutSeconds/,
  );
});

test("an explicit input wins over the option, whatever that says", () => {
  expect(timeoutSecondsOf("web01", 60, { create: "1h", update: "2h" })).toBe(60);
});
