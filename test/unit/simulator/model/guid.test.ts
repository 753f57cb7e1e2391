import { z } from "zod";
import { guidFrom } from "../../../../provider/simulator/model/guid";

test("is a GUID in lower case that strict parsers take", () => {
  expect(z.uuid().safeParse(guidFrom("HV01", "web01")).success).toBe(true);
  expect(guidFrom("HV01", "web01")).toMatch(/^[0-9a-f-]{36}$/);
});

test("is the same for the same parts, and another for others", () => {
  expect(guidFrom("a", "b")).toBe(guidFrom("a", "b"));
  expect(new Set([guidFrom("a", "b"), guidFrom("ab"), guidFrom("a", "b", "0")]).size).toBe(3);
});
