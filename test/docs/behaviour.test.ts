import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { errorKinds } from "../../provider/core/errors";
import { jobStates } from "../../provider/core/hyperv/jobState";
import { replicationStates } from "../../provider/core/hyperv/replicationState";
import { returnCodes } from "../../provider/core/hyperv/returnCode";
import { behaviourPage, placesIn, readPage, renderPage } from "./behaviourPage";
import { tables } from "./tables";

const page = readPage();
let rendered: string;

beforeAll(async () => {
  rendered = await renderPage(page);
});

/** Why a page is not what was rendered just now; `undefined` when it is. */
function whyNotCurrent(shown: string, current: string): string | undefined {
  const lines = shown.split("\n");
  const at = current.split("\n").findIndex((line, index) => line !== lines[index]);
  if (shown === current) return undefined;
  return `docs/behaviour.md is not current, run npm run docs. Line ${at + 1}: ${lines[at] ?? "is missing"}`;
}

/** The first column of the table with this name, as it is on the page. */
function firstColumn(name: string): readonly string[] {
  const [, after = ""] = page.split(`<!-- table: ${name} -->`);
  const [table = ""] = after.split("<!-- end -->");
  const rows = table.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.split("|")[1]?.trim() ?? "");
}

function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("the page says what the code does today", () => {
  expect(whyNotCurrent(page, rendered)).toBeUndefined();
});

test("a page whose table says something else is reported, with what to do", () => {
  const wrong = page.replace("| suspend, then **call**", "| skip, then **call** ");
  expect(wrong).not.toBe(page);
  expect(whyNotCurrent(wrong, rendered)).toMatch(/run npm run docs. Line \d+: .*skip, then/);
});

test("the text around the tables stays", async () => {
  const one = await renderPage("# Title\n\n<!-- table: failures -->\nold\n<!-- end -->\n\nLast words\n");
  expect(one).toMatch(/^# Title\n\n<!-- table: failures -->\n\n\| [^]* \|\n\n<!-- end -->\n\nLast words\n$/);
  expect(one).not.toContain("old");
});

test("every table has its place on the page, once", () => {
  expect([...placesIn(page)].toSorted()).toEqual([...tables.keys()].toSorted());
});

test.each([
  ["<!-- table: failures -->\n", "no counterpart"],
  ["<!-- end -->\n", "no counterpart"],
  ["<!-- table: failures -->\n<!-- table: decision -->\n<!-- end -->\n", "no counterpart"],
  ["<!-- table: faillures -->\n<!-- end -->\n", 'no table "faillures"'],
])("a page with the markers %j is refused", async (markers, why) => {
  await expect(renderPage(markers)).rejects.toThrow(why);
});

test("every state, return code and job state has its row, and one more row covers all others", () => {
  const numbers = (keys: Iterable<number>, others: string): readonly string[] => [...[...keys].map(String), others];
  expect(firstColumn("decision")).toEqual(numbers(replicationStates.keys(), ""));
  expect(firstColumn("wait states")).toEqual(numbers(replicationStates.keys(), ""));
  expect(firstColumn("return codes")).toEqual(numbers(returnCodes.keys(), "any other"));
  expect(firstColumn("job states")).toEqual(numbers(jobStates.keys(), ""));
});

test("every error code on the page exists", () => {
  const codes = Object.keys(errorKinds);
  const named = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(([, code]) => code);
  expect(named).not.toHaveLength(0);
  expect(named.filter((code) => !codes.includes(code ?? ""))).toEqual([]);
});

test("every link of the page resolves", () => {
  const folder = path.dirname(behaviourPage);
  const links = [...page.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link ?? "");
  expect(links.length).toBeGreaterThan(10);
  const broken = links.filter((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? behaviourPage : path.join(folder, file);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(target, "utf8")).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test("the contents name every section in order", () => {
  const contents = [...page.matchAll(/^- \[(.*)\]\(#(.*)\)$/gm)].map(([, title, anchor]) => [title, anchor]);
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => [title, ...anchorsOf(`## ${title}`)]);
  expect(contents).toEqual(sections);
});
