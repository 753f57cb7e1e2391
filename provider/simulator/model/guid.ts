import { createHash } from "node:crypto";

/** A GUID in lower case that is the same for the same parts, so that runs of one scenario are alike. */
export function guidFrom(...parts: readonly string[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  // Version 8 (RFC 9562: the maker's own way) and the common variant, so that strict parsers take it.
  const text = `${hex.slice(0, 12)}8${hex.slice(13, 16)}8${hex.slice(17, 32)}`;
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
