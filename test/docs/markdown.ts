/** One row of a table, cell by cell. */
export type Row = readonly string[];

/** The formatter pads tables up to this width and leaves wider ones compact. The `printWidth` of Markdown files. */
const paddedUpTo = 80;

/** A table in Markdown, as the formatter writes it: a page that was just written needs no formatting. */
export function table(header: Row, rows: readonly Row[]): string {
  const all = [header, ...rows].map((row) => header.map((_, column) => cell(row[column] ?? "")));
  // Widths in columns: the tables hold no character that is wider than one, and none outside the basic plane.
  const widths = header.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width) => "-".repeat(width));
  const isPadded = lineOf(rule).length <= paddedUpTo;
  const padded = all.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)));
  const [first = [], ...others] = isPadded ? padded : all;
  return [first, isPadded ? rule : rule.map(() => "---"), ...others].map(lineOf).join("\n");
}

function lineOf(cells: Row): string {
  return `| ${cells.join(" | ")} |`;
}

/** A text as code, as far as a table can show it. */
export function code(text: string | number): string {
  return `\`${String(text)}\``;
}

/** Texts as a list in a sentence: "a, b and c". */
export function listed(texts: readonly string[], word = "and"): string {
  const last = texts.at(-1) ?? "";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} ${word} ${last}`;
}

function cell(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("|", "\\|").trim();
}
