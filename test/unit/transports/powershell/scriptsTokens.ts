/** What a piece of a PowerShell script is. */
export type TokenKind =
  | "newline"
  | "comment"
  | "literal" // in single quotes, here-strings too: nothing is read into it
  | "expandable" // in double quotes, here-strings too: variables, commands and escapes are
  | "variable"
  | "splat"
  | "number"
  | "word" // a command, a keyword, a member, a type, the key of a table, an operator or parameter with its dash
  | "open"
  | "close"
  | "operator";

/** A piece of a script, as it is written, with the line that it begins in and whether a blank is before it. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly line: number;
  readonly afterBlank: boolean;
}

/** The text cannot be cut into pieces, or its brackets do not match. */
export class ScriptSyntaxError extends Error {
  constructor(what: string, line: number) {
    super(`line ${line}: ${what}`);
    this.name = "ScriptSyntaxError";
  }
}

/** In this order: what is tried first wins. Source: "about_Quoting_Rules", "about_Operators", learn.microsoft.com. */
const pieces: readonly (readonly [TokenKind, RegExp])[] = [
  ["comment", /<#[^]*?#>/y],
  ["comment", /#[^\n]*/y],
  ["newline", /\r?\n/y],
  ["literal", /@'[ \t]*\n(?:[^]*?\n)?'@/y],
  ["literal", /'(?:[^']|'')*'(?!')/y],
  ["variable", /\$(?:\{[^}]*\}|(?:[A-Za-z]+:)?[A-Za-z_]\w*|[$?^_])/y],
  ["open", /[@$]?[({]|\[/y],
  ["close", /[)}\]]/y],
  ["splat", /@[A-Za-z_]\w*/y],
  ["number", /\d+(?:\.\d+)?[lL]?\b/y],
  ["word", /-?[A-Za-z_][\w-]*(?:\\[A-Za-z_][\w-]*)?/y],
  ["operator", /::|\+=|-=|\?\?=?|\?\.|&&|\|\||[-+*/%=,;|&.:!?]/y],
];

const blank = /(?:[ \t]|`\r?\n)+/y;
const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/**
 * Cuts a script into its pieces, comments and line ends included, and checks that quotes, here-strings and brackets are
 * closed, each by its own kind.
 * @throws ScriptSyntaxError with the line where it begins to be wrong.
 */
export function tokensOf(script: string): Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  let at = 0;
  let line = 1;
  while (at < script.length) {
    const gap = matchAt(blank, script, at) ?? "";
    at += gap.length;
    if (at >= script.length) break;
    const piece = pieceAt(script, at, line);
    const token = { ...piece, line, afterBlank: gap !== "" };
    tokens.push(token);
    if (token.kind === "open") open.push(token);
    if (token.kind === "close" && open.pop()?.text.at(-1) !== pairs[token.text]) {
      throw new ScriptSyntaxError(`${token.text} closes nothing`, line);
    }
    at += token.text.length;
    line += gap.split("\n").length + token.text.split("\n").length - 2;
  }
  const left = open.at(-1);
  if (left !== undefined) throw new ScriptSyntaxError(`${left.text} is never closed`, left.line);
  return tokens;
}

function pieceAt(script: string, at: number, line: number): { kind: TokenKind; text: string } {
  if (script.startsWith('@"', at)) return { kind: "expandable", text: expandableHereString(script, at, line) };
  if (script[at] === '"') return { kind: "expandable", text: expandableString(script, at, line) };
  for (const [kind, pattern] of pieces) {
    const text = matchAt(pattern, script, at);
    if (text !== undefined) return { kind, text };
  }
  throw new ScriptSyntaxError(`nothing begins with ${JSON.stringify(script.slice(at, at + 10))}`, line);
}

/** A quote inside is doubled or escaped, or belongs to a subexpression, which is a script of its own. */
function expandableString(script: string, start: number, line: number): string {
  let at = start + 1;
  while (at < script.length) {
    if (script[at] === "`") at += 2;
    else if (script.startsWith("$(", at)) at = endOfSubexpression(script, at, line);
    else if (script.startsWith('""', at)) at += 2;
    else if (script[at] === '"') return script.slice(start, at + 1);
    else at += 1;
  }
  throw new ScriptSyntaxError('" is never closed', line);
}

function expandableHereString(script: string, start: number, line: number): string {
  const text = matchAt(/@"[ \t]*\n(?:[^]*?\n)?"@/y, script, start);
  if (text === undefined) throw new ScriptSyntaxError('@" is never closed', line);
  return text;
}

function endOfSubexpression(script: string, start: number, line: number): number {
  let depth = 0;
  let at = start;
  while (at < script.length) {
    const { kind, text } = pieceAt(script, at, line);
    at += text.length;
    if (kind === "open") depth += 1;
    if (kind === "close") depth -= 1;
    if (depth === 0) return at;
    at += matchAt(blank, script, at)?.length ?? 0;
  }
  throw new ScriptSyntaxError("$( is never closed", line);
}

function matchAt(pattern: RegExp, script: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(script)?.[0];
}
