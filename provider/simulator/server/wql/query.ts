import { QueryRefused, type Token, tokensOf } from "./tokens";

/** What a property is compared with. */
export type Literal = string | number | boolean | null;

/** A condition of a query. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | { readonly kind: "compare"; readonly property: string; readonly operator: Operator; readonly literal: Literal };

/** How a property is compared. */
export type Operator = "=" | "<>" | "<" | ">" | "<=" | ">=";

/** A query; without properties it asks for all of them. */
export interface Query {
  readonly className: string;
  readonly properties: readonly string[] | undefined;
  readonly condition: Condition | undefined;
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ["=", "="],
  ["<>", "<>"],
  ["!=", "<>"],
  ["<", "<"],
  [">", ">"],
  ["<=", "<="],
  [">=", ">="],
]);
/** What the model leaves out of WQL's conditions: `LIKE`, `ISA`. Deeper nesting than this is nobody's query. */
const deepest = 50;

/**
 * Reads `SELECT * | a, b FROM class [WHERE …]` with comparisons, `IS [NOT] NULL`, `NOT`, `AND`, `OR` and parentheses.
 * Source: "WQL (SQL for WMI)", learn.microsoft.com.
 * @throws QueryRefused
 */
export function readQuery(text: string): Query {
  return new QueryReader(tokensOf(text)).query();
}

class QueryReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  query(): Query {
    this.expectWord("SELECT");
    const properties = this.properties();
    this.expectWord("FROM");
    const className = this.name();
    const condition = this.takeWord("WHERE") ? this.anyOf() : undefined;
    if (this.at < this.tokens.length) throw new QueryRefused("something follows the query");
    return { className, properties, condition };
  }

  private properties(): string[] | undefined {
    if (this.takeSign("*")) return undefined;
    const names = [this.name()];
    while (this.takeSign(",")) names.push(this.name());
    return names;
  }

  private anyOf(): Condition {
    const parts = [this.allOf()];
    while (this.takeWord("OR")) parts.push(this.allOf());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "or", parts };
  }

  private allOf(): Condition {
    const parts = [this.one()];
    while (this.takeWord("AND")) parts.push(this.one());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "and", parts };
  }

  private one(): Condition {
    this.depth += 1;
    if (this.depth > deepest) throw new QueryRefused("too deeply nested");
    const condition = this.oneNested();
    this.depth -= 1;
    return condition;
  }

  private oneNested(): Condition {
    if (this.takeWord("NOT")) return { kind: "not", part: this.one() };
    if (this.takeSign("(")) {
      const inner = this.anyOf();
      if (!this.takeSign(")")) throw new QueryRefused("a parenthesis is not closed");
      return inner;
    }
    const property = this.name();
    if (this.takeWord("IS")) {
      const operator = this.takeWord("NOT") ? "<>" : "=";
      this.expectWord("NULL");
      return { kind: "compare", property, operator, literal: null };
    }
    return { kind: "compare", property, operator: this.operator(), literal: this.literal() };
  }

  private operator(): Operator {
    const token = this.next();
    const operator = token.kind === "sign" ? operators.get(token.text) : undefined;
    if (operator === undefined) throw new QueryRefused("a comparison has no operator that is known");
    return operator;
  }

  private literal(): Literal {
    const token = this.next();
    if (token.kind === "text" || token.kind === "number") return token.value;
    const word = token.text.toUpperCase();
    if (word === "TRUE" || word === "FALSE") return word === "TRUE";
    if (word === "NULL") return null;
    throw new QueryRefused("a comparison has no value");
  }

  private name(): string {
    const token = this.next();
    if (token.kind === "word") return token.text;
    throw new QueryRefused("a name is missing");
  }

  private expectWord(word: string): void {
    if (!this.takeWord(word)) throw new QueryRefused(`${word} is missing`);
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === "word" && token.text.toUpperCase() === word && this.advance();
  }

  private takeSign(sign: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === "sign" && token.text === sign && this.advance();
  }

  private advance(): true {
    this.at += 1;
    return true;
  }

  private next(): Token {
    const token = this.tokens[this.at];
    if (token === undefined) throw new QueryRefused("it ends too early");
    this.at += 1;
    return token;
  }
}
