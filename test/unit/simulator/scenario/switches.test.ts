import { readFileSync } from "node:fs";
import { join } from "node:path";
import { switchesSchema } from "../../../../provider/simulator/scenario/switches";
import { switchCases } from "../../../contract/switchCases";

/** Every switch with its positions, the default first. */
const switches = Object.entries(switchesSchema.shape).map(([name, field]) => ({
  name,
  positions: [...field.unwrap().options].map(String),
}));

/** The first two columns of the README's table: the switch, and its positions in the order of the code. */
function documented(): { name: string; positions: readonly string[] }[] {
  const readme = readFileSync(join(__dirname, "..", "..", "..", "..", "README.md"), "utf8");
  const [, after = ""] = readme.split("\nA switch in `switches`:\n");
  const [, , ...rows] = (/(?:^\|.*\n)+/m.exec(after)?.[0] ?? "").trimEnd().split("\n");
  return rows.map((row) => {
    const [, name = "", positions = ""] = row.split("|");
    return {
      name: name.trim().replaceAll("`", ""),
      positions: [...positions.matchAll(/`(\w+)`/g)].map(([, one = ""]) => one),
    };
  });
}

test("the README names every switch with its positions, the default first", () => {
  expect(documented()).toEqual(switches);
});

test.each(switches)("$name stands in its first position when nothing is said", ({ name, positions }) => {
  expect(switchesSchema.parse({})).toMatchObject({ [name]: positions[0] });
});

test.each(Object.entries(switchCases))(
  "%s: each position has a case, and shows something else",
  (name, { expected }) => {
    const seen = Object.entries<unknown>(expected);
    expect(seen.map(([position]) => position)).toEqual(switches.find((one) => one.name === name)?.positions);
    expect(new Set(seen.map(([, one]) => JSON.stringify(one))).size).toBe(seen.length);
  },
);
