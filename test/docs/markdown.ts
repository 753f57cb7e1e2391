/** One row of a table, cell by cell. */
export type Row = readonly string[];

/** A table in Markdown, padded like the formatter pads it: a page that was just written needs no formatting. */
export function table(header: Row, rows: readonly Row[]): string {
  const all = [header, ...rows].map((row) => row.map(cell));
  const widths = header.map((_, column) => Math.max(3, ...all.map((row) => widthOf(row[column] ?? ""))));
  const line = (row: Row): string =>
    `| ${widths.map((width, column) => padded(row[column] ?? "", width)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [first = [], ...others] = all;
  return [line(first), rule, ...others.map(line)].join("\n");
}

/** A text as code, as far as a table can show it. */
export function code(text: string | number): string {
  return `\`${String(text)}\``;
}

/** Texts as people list them: "a, b and c". */
export function listed(texts: readonly string[], word = "and"): string {
  const last = texts.at(-1) ?? "";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} ${word} ${last}`;
}

function cell(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("|", "\\|").trim();
}

function padded(text: string, width: number): string {
  return text + " ".repeat(width - widthOf(text));
}

/** Width in columns: the tables hold no character that is wider than one, and none outside the basic plane. */
function widthOf(text: string): number {
  return text.length;
}
