import { readFileSync } from "node:fs";
import path from "node:path";
import { tables } from "./tables";

/** The page that operators read. */
export const behaviourPage = path.join(__dirname, "..", "..", "docs", "behaviour.md");

/** A table between its markers: what is between them is generated again, so no other table may begin there. */
const marked = /^<!-- table: ([^\n]+) -->$(?:(?!^<!-- table:).)*?^<!-- end -->$/gms;

/**
 * The names of the tables that a page has places for, in order.
 * @throws Error for a marker without its counterpart.
 */
export function placesIn(page: string): readonly string[] {
  const places = [...page.matchAll(marked)].map(([, name]) => name ?? "");
  const markers = [...page.matchAll(/^<!-- (?:table: .*|end) -->$/gm)].map(([marker]) => marker);
  if (markers.length !== 2 * places.length) throw new Error(`a marker has no counterpart: ${markers.join(" ")}`);
  return places;
}

/** The page as it is. */
export function readPage(): string {
  return readFileSync(behaviourPage, "utf8");
}

/**
 * The page with every table generated again; the text around them stays.
 * @throws Error for a place whose name no table has.
 */
export async function renderPage(page: string): Promise<string> {
  const rendered = new Map<string, string>();
  for (const name of placesIn(page)) {
    const make = tables.get(name);
    if (make === undefined) throw new Error(`there is no table "${name}": ${[...tables.keys()].join(", ")}`);
    rendered.set(name, await make());
  }
  return page.replaceAll(
    marked,
    (_, name: string) => `<!-- table: ${name} -->\n\n${rendered.get(name) ?? ""}\n\n<!-- end -->`,
  );
}
