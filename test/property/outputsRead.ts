import type { Properties } from "./chronicle";

/** A group of outputs, such as `request`; empty while there is none. */
export function group(
  outputs: Properties | undefined,
  name: "request" | "replication" | "job" | "failures" | "internal",
): Properties {
  const value = outputs?.[name];
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Outputs with some of a group changed; `undefined` takes a value away. */
export function withGroup(outputs: Properties, name: Parameters<typeof group>[1], more: Properties): Properties {
  const merged = Object.entries({ ...group(outputs, name), ...more }).filter(([, value]) => value !== undefined);
  return { ...outputs, [name]: Object.fromEntries(merged) };
}

/** The id of the job that outputs name. */
export function jobIdOf(outputs: Properties | undefined): unknown {
  return group(outputs, "job").id;
}
