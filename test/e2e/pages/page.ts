import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The folder of the package. */
export const root = path.join(__dirname, "..", "..", "..");

/** Every page for users and contributors, by its path from the root. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(path.join(root, "docs")).map((name) => `docs/${name}`),
  "examples/jea/README.md",
].filter((page) => page.endsWith(".md"));

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(path.join(root, page), "utf8");
}

/** The fenced blocks of a language, in order. */
export function blocksOf(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\S*)\n(.*?)^```$/gms)].flatMap(([, of, block]) =>
    of === language ? [block ?? ""] : [],
  );
}

/**
 * What follows a line, to the next heading of the same level or above.
 * @throws Error when there is no such line.
 */
export function sectionAfter(text: string, line: string): string {
  const lines = text.split("\n");
  const at = lines.indexOf(line);
  if (at < 0) throw new Error(`there is no line "${line}"`);
  const level = /^#+/.exec(line)?.[0].length ?? 6;
  const after = lines.slice(at + 1);
  const end = after.findIndex((one) => (/^#+(?= )/.exec(one)?.[0].length ?? 7) <= level);
  return (end < 0 ? after : after.slice(0, end)).join("\n");
}

/** The rows of the first table that follows a line, each as its cells without the backticks around a cell. */
export function tableAfter(page: string, line: string): readonly (readonly string[])[] {
  const lines = sectionAfter(readPage(page), line).split("\n");
  const table = lines.slice(lines.findIndex((one) => one.startsWith("|")));
  const end = table.findIndex((one) => !one.startsWith("|"));
  const rows = (end < 0 ? table : table.slice(0, end)).map((row) => row.split("|").slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim().replace(/^`(.*)`$/, "$1")));
}

/** The first cells of that table, sorted. */
export function firstColumn(page: string, line: string): readonly string[] {
  return tableAfter(page, line)
    .map(([name]) => name ?? "")
    .sort();
}

/** What is broken of a page's links into the repository: no such file, or no such heading in it. */
export function brokenLinks(page: string): readonly string[] {
  return linksOf(page).filter((link) => {
    const { file, anchor } = targetOf(page, link);
    if (!existsSync(path.join(root, file))) return true;
    return anchor !== undefined && !anchorsOf(readPage(file)).includes(anchor);
  });
}

/** The files in the repository that a page links to, by their paths from the root. */
export function linkedFiles(page: string): readonly string[] {
  return linksOf(page).map((link) => targetOf(page, link).file);
}

function linksOf(page: string): readonly string[] {
  return [...readPage(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link ?? "");
}

function targetOf(page: string, link: string): { readonly file: string; readonly anchor: string | undefined } {
  const [file = "", anchor] = link.split("#");
  return { file: file === "" ? page : path.posix.join(path.posix.dirname(page), file), anchor };
}

/** The anchors of a page's headings, as a forge makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}
