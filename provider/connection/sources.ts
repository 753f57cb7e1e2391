import { ConnectionFieldError, inResource, type NameOf } from "./connectionFieldError";
import { configKeyOf, type ConnectionField, fieldNames, variableOf } from "./fieldNames";
import { type Connection, connectionSchema } from "./fields";

/** Where the fields of a connection come from, besides the resource itself. */
export interface ConnectionSources {
  /** The value of a key of the stack's configuration: `hyperv-replica:host`. Secrets are decrypted. */
  readonly config: (key: string) => string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
}

/** A connection as its sources give it together. */
export interface MergedConnection {
  readonly connection: Connection;
  /** The source that has a field, or that would have to have it. */
  readonly sourceOf: (field: ConnectionField) => NameOf;
}

const inConfig: NameOf = (field) => `${configKeyOf(field)} (stack configuration)`;
const inEnvironment: NameOf = (field) => `${variableOf(field)} (environment variable)`;

/** Each is taken whole, from the first source that names any field of it. */
const groups: readonly (readonly ConnectionField[])[] = [
  // Half a credential from each of two sources fits nowhere.
  ["username", "password", "passwordFile", "certificateFile", "keyFile", "keytab", "auth"],
  // Both say which host is meant.
  ["host", "scenario"],
];

/**
 * The connection of a resource, with what the stack's configuration and the environment add to it, in this order.
 * @throws {@link ConnectionFieldError} when a source holds what cannot be read.
 */
export function mergeConnection(given: Connection, { config, environment }: ConnectionSources): MergedConnection {
  const layers: readonly (readonly [NameOf, Connection])[] = [
    [inResource, given],
    [inConfig, readTexts((field) => config(configKeyOf(field)), inConfig)],
    [inEnvironment, readTexts((field) => environment[variableOf(field)], inEnvironment)],
  ];
  const takenFrom = new Map<ConnectionField, NameOf>();
  const connection: Record<string, unknown> = {};
  for (const [nameOf, layer] of layers) {
    const taken = groups.filter((group) => group.some((field) => takenFrom.has(field))).flat();
    for (const field of fieldNames) {
      if (layer[field] === undefined || takenFrom.has(field) || taken.includes(field)) continue;
      connection[field] = layer[field];
      takenFrom.set(field, nameOf);
    }
  }
  const sourceOf = (field: ConnectionField): NameOf => {
    const group = groups.find((one) => one.includes(field)) ?? [];
    const holder = [field, ...group].find((one) => takenFrom.has(one)) ?? field;
    return takenFrom.get(holder) ?? inResource;
  };
  return { connection, sourceOf };
}

/** The fields that one source has as texts. */
function readTexts(read: (field: ConnectionField) => string | undefined, nameOf: NameOf): Connection {
  const found: Record<string, unknown> = {};
  for (const field of fieldNames) {
    const text = read(field);
    if (text === undefined || text === "") continue;
    const parsed = connectionSchema.shape[field].safeParse(fromText(field, text));
    // The text itself is not repeated: it may be a secret of the stack.
    if (!parsed.success)
      throw new ConnectionFieldError(field, parsed.error.issues[0]?.message ?? "is not accepted", nameOf);
    found[field] = parsed.data;
  }
  return found;
}

/** Configuration and environment hold texts: numbers and switches are read from them. */
function fromText(field: ConnectionField, text: string): unknown {
  switch (field) {
    case "port":
    case "operationTimeoutSeconds":
    case "maxConcurrentResyncs":
      return Number(text);
    case "tls":
    case "insecureSkipVerify":
      return /^true$/i.test(text) || (/^false$/i.test(text) ? false : text);
    default:
      return text;
  }
}
