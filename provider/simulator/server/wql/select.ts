import type { CimRow, CimValue } from "../../forDoors";
import { type Comparison, type Query, QueryRefused } from "./query";

/**
 * The instances that a query asks for.
 * @param known the properties of the class, whether or not there is an instance of it.
 * @throws QueryRefused for a property that the class does not have.
 */
export function select(
  instances: readonly CimRow[],
  { className, anyOf }: Query,
  known: ReadonlySet<string>,
): readonly CimRow[] {
  if (anyOf === undefined) return instances;
  const comparisons = anyOf.map(({ property, literal }) => {
    const name = [...known].find((one) => one.toLowerCase() === property.toLowerCase());
    if (name === undefined) throw new QueryRefused(`${className} has no property ${property}`);
    return { name, literal };
  });
  return instances.filter((one) => comparisons.some(({ name, literal }) => isEqual(one[name] ?? null, literal)));
}

/** Texts are compared without regard to letter case; null equals nothing. */
function isEqual(value: CimValue, literal: Comparison["literal"]): boolean {
  if (value === null) return false;
  if (typeof value === "object") throw new QueryRefused("a list, a datetime or a reference cannot be compared");
  if (typeof value === "string" && typeof literal === "string") return value.toLowerCase() === literal.toLowerCase();
  if (Number.isNaN(Number(literal))) throw new QueryRefused("a number is compared with a text");
  return Number(value) === Number(literal);
}
