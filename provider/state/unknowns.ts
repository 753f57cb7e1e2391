/**
 * What stands for a value that is not known yet, in `check` during a preview and in `diff` during a replacement.
 * Source: `unknownValue` in `runtime/rpc.ts` of the Pulumi SDK for Node.
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or anything inside it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** The record without the entries that are not known yet, at any depth of objects. */
export function withoutUnknowns(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (isPlainObject(entry)) known[key] = withoutUnknowns(entry);
    else if (!hasUnknown(entry)) known[key] = entry;
  }
  return known;
}

/** Whether a value is an object with string keys, and not an array or null. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The record without the entries that are null or undefined: for users and in stored state both mean left out. */
export function withoutNulls(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined));
}
