import { isSame, type PropertyMap } from "./values";

/** Names what differs between two sets of inputs as the CLI does: `+added-removed~changed`; nothing when all is the same. */
export function describeDifference(olds: PropertyMap | undefined, news: PropertyMap | undefined): string {
  const [before, after] = [olds ?? {}, news ?? {}];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !isInternal(key)).sort();
  const kinds = [
    ["+", keys.filter((key) => !(key in before))],
    ["-", keys.filter((key) => !(key in after))],
    ["~", keys.filter((key) => key in before && key in after && !isSame(before[key], after[key]))],
  ] as const;
  return kinds.map(([sign, names]) => (names.length > 0 ? sign + names.join(",") : "")).join("");
}

/** Whether a property is the SDK's own affair, like `__provider`. */
export function isInternal(key: string): boolean {
  return key.startsWith("__");
}
