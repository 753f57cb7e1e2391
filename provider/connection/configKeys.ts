import { nearest } from "../core/text/nearest";
import { oneOf } from "../core/text/oneOf";
import { configKeyOf, fieldNames } from "./fieldNames";

const known: ReadonlySet<string> = new Set(fieldNames.map(configKeyOf));
const namespace = configKeyOf("");

/**
 * What is wrong with the keys of a stack's configuration, which are those of all namespaces: a key of this package that
 * it does not know. A project whose own name is this package's namespace keeps its own settings there as well.
 */
export function findUnknownConfigKey(keys: readonly string[], project: string): string | undefined {
  if (configKeyOf("") === `${project}:`) return undefined;
  const unknown = keys.find((key) => key.startsWith(namespace) && !known.has(key));
  if (unknown === undefined) return undefined;
  const [closest] = nearest(unknown.slice(namespace.length), fieldNames, 1);
  const meant = closest === undefined ? "." : `; did you mean "${configKeyOf(closest)}"?`;
  return `the stack's configuration has "${unknown}", and there is no such field of a connection${meant} Accepted: ${oneOf(fieldNames)}`;
}
