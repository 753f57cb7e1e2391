import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const dist = join(__dirname, "..", "..", "..", "dist");

/** What the declarations of a file import, with those that they import, by their names in `dist` or of packages. */
function importsOf(file: string, known = new Set<string>()): Set<string> {
  const text = readFileSync(join(dist, `${file}.d.ts`), "utf8");
  for (const [, from = ""] of text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
    const target = from.startsWith(".") ? join(file, "..", from) : from;
    if (known.has(target)) continue;
    known.add(target);
    if (existsSync(join(dist, `${target}.d.ts`))) importsOf(target, known);
  }
  return known;
}

test("the public types name no library, so that none of it can change them", () => {
  const imports = [...importsOf(join("simulator", "index"))];
  expect(imports).toContain(join("simulator", "scenario", "scenarioInput"));
  expect(imports.filter((one) => !one.startsWith("simulator"))).toEqual([]);
});
