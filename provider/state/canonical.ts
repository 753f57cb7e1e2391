import { isPlainObject } from "./unknowns";

/** Marks special values, such as assets, on the wire. Source: `specialSigKey` in `runtime/rpc.ts` of the Pulumi SDK. */
const signatureKey = "4dabf18193072939515e22adb298388d";

/**
 * A value in one form whatever way it was written: the order of keys does not count, null and absent are the same, an
 * asset is its hash. For comparing only; never stored, so that a change of this form resynchronizes nobody.
 */
export function canonical(value: unknown): string {
  return JSON.stringify([normalise(value)]);
}

/** Whether two values are the same in canonical form. */
export function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function normalise(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.map((entry) => normalise(entry) ?? null);
  if (!isPlainObject(value)) return value;
  if (signatureKey in value && typeof value.hash === "string" && value.hash !== "") {
    return { [signatureKey]: value[signatureKey], hash: value.hash };
  }
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, normalise(value[key])])
      .filter(([, entry]) => entry !== undefined),
  );
}
