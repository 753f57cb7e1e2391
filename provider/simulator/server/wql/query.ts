/** A query that is not WQL, or more of WQL than the model has. */
export class QueryRefused extends Error {
  constructor(why: string) {
    super(why);
    this.name = "QueryRefused";
  }
}

/** What a property is to be equal to. */
export interface Comparison {
  readonly property: string;
  readonly literal: string | number;
}

/** A query for all instances of a class, or for those that fulfil at least one comparison. */
export interface Query {
  readonly className: string;
  readonly anyOf: readonly Comparison[] | undefined;
}

const parts = {
  head: /\s*SELECT\s+\*\s+FROM\s+(?<className>[A-Za-z_]\w*)\s*/iy,
  where: /WHERE\s+/iy,
  comparison: /(?<property>[A-Za-z_]\w*)\s*=\s*(?:(?<number>\d+)|'(?<text>(?:[^'\\]|\\.)*)')\s*/sy,
  or: /OR\s+/iy,
} as const;

/**
 * Reads `SELECT * FROM class [WHERE property = literal [OR …]]`: what clients of this model ask. Everything else of WQL is
 * refused. Source: "WQL (SQL for WMI)", learn.microsoft.com.
 * @throws QueryRefused
 */
export function readQuery(text: string): Query {
  let at = 0;
  const take = (part: keyof typeof parts): Record<string, string | undefined> | undefined => {
    const pattern = new RegExp(parts[part]);
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match.groups ?? {};
  };
  const refused = () => new QueryRefused(`not a query that is known from character ${at + 1} on`);

  const { className } = take("head") ?? {};
  if (className === undefined) throw refused();
  const anyOf: Comparison[] = [];
  if (take("where") !== undefined) {
    do {
      const { property, number, text: literal = "" } = take("comparison") ?? {};
      if (property === undefined) throw refused();
      anyOf.push({ property, literal: number === undefined ? unescaped(literal) : Number(number) });
    } while (take("or") !== undefined);
  }
  if (at < text.length) throw refused();
  return { className, anyOf: anyOf.length === 0 ? undefined : anyOf };
}

/** In a literal a backslash and a quotation mark have a backslash before them; one before anything else is refused. */
function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, one: string) => {
    if (one === "\\" || one === "'" || one === '"') return one;
    throw new QueryRefused(`a backslash before "${one}"`);
  });
}
