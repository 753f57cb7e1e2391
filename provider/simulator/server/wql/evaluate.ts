import type { CimRow, CimValue } from "../../forDoors";
import type { Condition, Literal, Operator, Query } from "./query";
import { QueryRefused } from "./tokens";

/**
 * Which of the instances a query asks for, with the properties it asks for, in the order of their names.
 * @throws QueryRefused for a property that the class does not have.
 */
export function select(instances: readonly CimRow[], query: Query, known: ReadonlySet<string>): CimRow[] {
  const nameOf = (asked: string): string => {
    const name = [...known].find((one) => one.toLowerCase() === asked.toLowerCase());
    if (name === undefined) throw new QueryRefused(`${query.className} has no property ${asked}`);
    return name;
  };
  const properties = query.properties?.map(nameOf).toSorted();
  const holds = query.condition === undefined ? () => true : predicateOf(query.condition, nameOf);
  return instances
    .filter(holds)
    .map((one) =>
      properties === undefined ? one : Object.fromEntries(properties.map((name) => [name, one[name] ?? null])),
    );
}

type Predicate = (instance: CimRow) => boolean;

function predicateOf(condition: Condition, nameOf: (asked: string) => string): Predicate {
  switch (condition.kind) {
    case "not": {
      const part = predicateOf(condition.part, nameOf);
      return (instance) => !part(instance);
    }
    case "and": {
      const parts = condition.parts.map((part) => predicateOf(part, nameOf));
      return (instance) => parts.every((part) => part(instance));
    }
    case "or": {
      const parts = condition.parts.map((part) => predicateOf(part, nameOf));
      return (instance) => parts.some((part) => part(instance));
    }
    case "compare": {
      const name = nameOf(condition.property);
      return (instance) => compare(instance[name] ?? null, condition.operator, condition.literal);
    }
  }
}

/** Texts are compared without regard to letter case; null equals null only, and is neither less nor more. */
function compare(value: CimValue, operator: Operator, literal: Literal): boolean {
  if (value === null || literal === null) {
    const isSame = value === null && literal === null;
    return operator === "=" ? isSame : operator === "<>" && !isSame;
  }
  if (typeof value === "object") throw new QueryRefused("a list, a datetime or a reference cannot be compared");
  if (typeof value === "string" && typeof literal === "string") {
    const [own, other] = [value.toLowerCase(), literal.toLowerCase()];
    return ordered(own === other ? 0 : own < other ? -1 : 1, operator);
  }
  const difference = Number(value) - Number(literal);
  if (Number.isNaN(difference)) throw new QueryRefused("a number is compared with what is none");
  return ordered(difference, operator);
}

function ordered(difference: number, operator: Operator): boolean {
  switch (operator) {
    case "=":
      return difference === 0;
    case "<>":
      return difference !== 0;
    case "<":
      return difference < 0;
    case ">":
      return difference > 0;
    case "<=":
      return difference <= 0;
    case ">=":
      return difference >= 0;
  }
}
