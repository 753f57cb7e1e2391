import { UnsupportedError } from "./refusals";

/** A property as it travels between program, engine, plugin and state. */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | { [key: string]: PropertyValue };

/** All properties of one resource. A secret in it is an object made by {@link secret}. */
export type PropertyMap = Record<string, PropertyValue>;

// The signatures of `@pulumi/pulumi/runtime/rpc.js`: the wire's way of telling special objects from plain ones.
/** Stands for a value that is not known before the real run. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key that says of an object that it is a special one. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
/** What stands under {@link signatureKey} in a secret. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const otherSignatures = new Map([
  ["c44067f5952c0a294b673a41bacd8c17", "assets"],
  ["0def7320c3a5731c473e5ecbe6d01bc7", "archives"],
  ["5cf8f73096256a8f31e491e813e4eb8e", "resource references"],
]);

/** Marks a value as secret. */
export function secret(value: PropertyValue): PropertyMap {
  return { [signatureKey]: secretSignature, value };
}

/** Whether this value itself is marked as secret. */
export function isSecret(value: PropertyValue | undefined): value is { value: PropertyValue } & PropertyMap {
  return isObject(value) && value[signatureKey] === secretSignature && "value" in value;
}

/** Whether this is an object with named properties, so neither a list nor a single value. */
export function isObject(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value without secret marks: what a plugin that does not accept secrets is given. */
function unwrapSecrets(value: PropertyValue): PropertyValue {
  return isSecret(value) ? unwrapSecrets(value.value) : mapChildren(value, unwrapSecrets);
}

/** {@link unwrapSecrets} of all properties of a resource. */
export function unwrapAll(properties: PropertyMap | undefined): PropertyMap {
  return Object.fromEntries(Object.entries(properties ?? {}).map(([key, value]) => [key, unwrapSecrets(value)]));
}

/** Turns what the program sends into plain values, secrets and unknowns; refuses what this engine does not know. */
export function fromProgram(value: PropertyValue): PropertyValue {
  if (isObject(value)) {
    const signature = value[signatureKey];
    if (signature === outputSignature) {
      const inner = value["value"] === undefined ? unknownValue : fromProgram(value["value"]);
      return value["secret"] === true ? secret(inner) : inner;
    }
    const refused = typeof signature === "string" ? otherSignatures.get(signature) : undefined;
    if (refused !== undefined) throw new UnsupportedError(refused);
  }
  return mapChildren(value, fromProgram);
}

/**
 * Marks again, at the same path, what was secret before the plugin saw it. As in the real engine an object is entered,
 * while a list with a secret in it becomes secret as a whole: plugins may reorder lists.
 */
export function markSecretsLike(properties: PropertyMap, marked: PropertyMap | undefined): PropertyMap {
  const result: PropertyMap = { ...properties };
  for (const [key, like] of Object.entries(marked ?? {})) {
    const value = result[key];
    if (value === undefined || isSecret(value)) continue;
    if (isObject(value) && isObject(like) && !isSecret(like)) result[key] = markSecretsLike(value, like);
    else if (containsSecret(like)) result[key] = secret(value);
  }
  return result;
}

/** Whether two values say the same, secret marks included. */
export function isSame(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSame(a[key], b[key]));
}

/** Applies a function to the members of a list or object; a single value is returned as it is. */
export function mapChildren(value: PropertyValue, map: (child: PropertyValue) => PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(map);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, map(child)]));
}

function containsSecret(value: PropertyValue): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsSecret);
  return isObject(value) && Object.values(value).some(containsSecret);
}
