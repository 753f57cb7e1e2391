import { z } from "zod";
import { nearest } from "../../core/text/nearest";

/** An object that refuses unknown keys, and names the known key that was probably meant. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? unknownKeys(issue.keys, Object.keys(shape)) : undefined),
  });
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys
    .map((key) => {
      const [near] = nearest(key, known, 1);
      return `unknown key "${key}"; ${near === undefined ? `known are ${known.join(", ")}` : `did you mean "${near}"?`}`;
    })
    .join("; ");
}

/** A time with its offset, ISO 8601. */
export const timestamp = z.iso.datetime({
  offset: true,
  error: "expected a time with offset such as 2030-01-31T22:00:00Z",
});

/** One of some words; a wrong one is answered with the nearest and all that are accepted. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: (issue) => wrongWord(issue.input, words) });
}

/** The message for a value that is none of the accepted words. */
export function wrongWord(input: unknown, words: readonly string[]): string {
  const near = typeof input === "string" ? nearest(input, words, 1)[0] : undefined;
  const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
  return `expected one of ${words.join(", ")}, got ${input === undefined ? "nothing" : JSON.stringify(input)}${hint}`;
}

/** The first problems of a zod error, one line each: path and what is accepted. */
export function problemLines(error: z.ZodError): string[] {
  const shown = 5;
  const lines = error.issues.flatMap((issue) => lineOf(issue, []));
  return lines.length > shown ? [...lines.slice(0, shown), `… and ${lines.length - shown} more`] : lines;
}

function lineOf(issue: z.core.$ZodIssue, parents: readonly PropertyKey[]): string[] {
  const path = [...parents, ...issue.path];
  // Of a union, only the branch that came furthest says what is wrong with the value that was written.
  const branch = issue.code === "invalid_union" ? issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] : undefined;
  if (branch !== undefined && depth(branch) > 0) return branch.flatMap((inner) => lineOf(inner, path));
  return [`${pathText(path)}: ${issue.message}`];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text === "" ? "at the top" : text.replace(/^\./, "");
}
