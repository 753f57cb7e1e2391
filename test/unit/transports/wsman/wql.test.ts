import fc from "fast-check";
import { isOneOf, selectAll, wqlLiteral } from "../../../../provider/transports/wsman/wql";

test("a backslash is doubled, and a quote does not end the literal", () => {
  expect(wqlLiteral("Microsoft:5F0C\\HVR\\0")).toBe("'Microsoft:5F0C\\\\HVR\\\\0'");
  expect(wqlLiteral(`o'neill "x"`)).toBe(`'o\\'neill \\"x\\"'`);
});

test("whatever is in a text, the literal ends where it ends, and holds that text", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("\\", "'", '"', "a", " ") }), (text) => {
      const match = /^'((?:[^'\\]|\\.)*)'$/s.exec(wqlLiteral(text));
      expect(match?.[1]?.replace(/\\(.)/gs, "$1")).toBe(text);
    }),
  );
});

test("a query names all properties, and a condition where there is one", () => {
  expect(selectAll("Msvm_ComputerSystem")).toBe("SELECT * FROM Msvm_ComputerSystem");
  expect(selectAll("Msvm_ConcreteJob", isOneOf("JobType", [107, 121]))).toBe(
    "SELECT * FROM Msvm_ConcreteJob WHERE JobType = 107 OR JobType = 121",
  );
});
