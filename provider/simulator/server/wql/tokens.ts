/** A word, a number, a text, or a sign of a query. */
export type Token =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "sign"; readonly text: string };

/** A query that is not WQL, or more of WQL than the model has. */
export class QueryRefused extends Error {
  constructor(why: string) {
    super(why);
    this.name = "QueryRefused";
  }
}

const pattern =
  /\s*(?:(?<word>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?)|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<sign><>|!=|<=|>=|[=<>(),*]))/sy;

/** @throws QueryRefused */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  const end = query.trimEnd().length;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(query)?.groups;
    if (groups === undefined) throw new QueryRefused(`not WQL from character ${at + 1} on`);
    tokens.push(tokenOf(groups));
  }
  return tokens;
}

function tokenOf({ word, number, text, sign }: Record<string, string | undefined>): Token {
  if (word !== undefined) return { kind: "word", text: word };
  if (number !== undefined) return { kind: "number", value: Number(number) };
  if (text !== undefined) return { kind: "text", value: unescaped(text.slice(1, -1)) };
  return { kind: "sign", text: sign ?? "" };
}

/** In a literal a backslash and a quotation mark have a backslash before them; one before anything else is refused. */
function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, one: string) => {
    if (one === "\\" || one === "'" || one === '"') return one;
    throw new QueryRefused(`a backslash before "${one}"`);
  });
}
