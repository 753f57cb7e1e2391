import { listed, type Row } from "../markdown";

/** One combination with its result. */
export interface Combination {
  readonly stored: string;
  readonly policy: string;
  readonly cells: Row;
}

/** A name for several stored records together. */
export type Family = readonly [name: string, members: readonly string[]];

/**
 * Rows of one scene: what is stored is put together where the result is the same, and policies that make no difference are
 * left out.
 */
export function grouped(combinations: readonly Combination[], families: readonly Family[]): readonly Row[] {
  const policies = new Set(combinations.map(({ policy }) => policy));
  const byCells = Map.groupBy(combinations, ({ cells }) => cells.join("|"));
  return [...byCells.values()].flatMap((same) => {
    const cells = same[0]?.cells ?? [];
    const byStored = Map.groupBy(same, ({ stored }) => stored);
    const under = (stored: string): string => {
      const named = new Set(byStored.get(stored)?.map(({ policy }) => policy));
      return named.size === policies.size ? "" : `, under ${[...named].join(", ")}`;
    };
    const byPolicy = Map.groupBy(byStored.keys(), under);
    return [...byPolicy].map(([policy, stored]) => [`${named(stored, families)}${policy}`, ...cells]);
  });
}

/** As few names as possible: a family that is complete has its own. The widest family comes first. */
function named(stored: readonly string[], families: readonly Family[]): string {
  const whole = families.find(([, members]) => members.every((one) => stored.includes(one)));
  if (whole === undefined) return listed(stored, "or");
  const [name, members] = whole;
  const others = stored.filter((one) => !members.includes(one));
  const rest = families.filter((one) => one !== whole);
  return others.length === 0 ? name : `${name}, ${named(others, rest)}`;
}
