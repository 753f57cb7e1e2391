import { tokensOf, type Token } from "./scriptsTokens";

/** A function as a script defines it. */
export interface ScriptFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  /** All its pieces without comments, from the bracket that opens it to the one that closes it. */
  readonly tokens: readonly Token[];
}

/** A script taken apart. */
export interface Script {
  readonly tokens: readonly Token[];
  readonly functions: readonly ScriptFunction[];
  /** What stands outside of functions, without comments and line ends. */
  readonly outside: readonly Token[];
}

/** @throws ScriptSyntaxError when quotes or brackets do not match. */
export function scriptOf(text: string): Script {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== "comment");
  const functions: ScriptFunction[] = [];
  const outside: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const name = tokens[at + 1];
    if (token?.kind === "word" && token.text.toLowerCase() === "function" && name !== undefined) {
      const start = tokens.findIndex(({ kind }, index) => index > at && kind === "open");
      const end = closeOf(tokens, start);
      const body = tokens.slice(start, end + 1);
      functions.push({ name: name.text, parameters: parametersOf(body), tokens: body });
      at = end;
    } else if (token !== undefined && token.kind !== "newline") outside.push(token);
  }
  return { tokens, functions, outside };
}

/** The place of the bracket that closes the one at this place. */
export function closeOf(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    if (tokens[at]?.kind === "open") depth += 1;
    if (tokens[at]?.kind === "close") depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length - 1;
}

/** The names of all variables in the `param ( )` blocks of a function and of the script blocks in it, in lower case. */
function parametersOf(body: readonly Token[]): string[] {
  return body.flatMap((token, at) => {
    if (token.kind !== "word" || token.text.toLowerCase() !== "param") return [];
    const block = body.slice(at + 1, closeOf(body, at + 1));
    return block.filter(({ kind }) => kind === "variable").map(({ text }) => text.slice(1).toLowerCase());
  });
}

/** Words that begin a statement and are no command. */
const keywords: ReadonlySet<string> = new Set(
  "break catch continue default do else elseif exit finally for foreach function if in param return switch throw try while".split(
    " ",
  ),
);

/** Keywords that a value, so also a command, can follow. */
const beforeValue: ReadonlySet<string> = new Set(["return", "throw", "in", "else", "try", "finally", "do", "exit"]);

/** The words of a script that stand where PowerShell looks for a command, keywords and keys of tables left out. */
export function commandsOf(tokens: readonly Token[]): { token: Token; at: number }[] {
  return tokens.flatMap((token, at) => {
    if (token.kind !== "word" || token.text.startsWith("-") || keywords.has(token.text.toLowerCase())) return [];
    const before = tokens[at - 1];
    const after = tokens[at + 1];
    if (after?.text === "=") return [];
    return before === undefined || beginsStatement(before, tokens[at - 2]) ? [{ token, at }] : [];
  });
}

function beginsStatement(before: Token, earlier: Token | undefined): boolean {
  switch (before.kind) {
    case "newline":
      return true;
    case "open":
      return before.text !== "[" && !(before.text === "(" && isCallOf(before, earlier));
    case "close":
      return before.text === "}";
    case "operator":
      return ["=", ";", "|", "&", "&&", "||", "+="].includes(before.text);
    case "word":
      return beforeValue.has(before.text.toLowerCase());
    case "comment":
    case "literal":
    case "expandable":
    case "variable":
    case "splat":
    case "number":
      return false;
  }
}

/** `name(` without a blank is the call of a method, whose arguments are expressions. */
function isCallOf(bracket: Token, name: Token | undefined): boolean {
  return !bracket.afterBlank && name?.kind === "word" && !keywords.has(name.text.toLowerCase());
}
