import { ReplicaResyncError } from "../core/errors";
import { type Connection, type ConnectionField, connectionSchema, findContradictions, type Transport } from "./fields";

/** Where the fields of a connection come from, besides the resource itself. */
export interface ConnectionSources {
  /** The value of a key of the stack's configuration: `hyperv-replica:host`. Secrets are decrypted. */
  readonly config: (key: string) => string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
}

/** A connection whose transport is settled. */
export type ResolvedConnection = Connection & { readonly transport: Transport };

/** Taken together from the first source that names any of them: half a credential from each fits nowhere. */
const credentialFields: readonly ConnectionField[] = [
  "username",
  "password",
  "passwordFile",
  "certificateFile",
  "keyFile",
  "keytab",
  "auth",
];
/** Taken together as well: each of them says which host is meant. */
const hostFields: readonly ConnectionField[] = ["host", "hosts", "scenario"];

const fields = Object.keys(connectionSchema.shape) as readonly ConnectionField[];

/** Namespace of the stack's configuration. */
const configNamespace = "hyperv-replica";
const environmentPrefix = "HYPERV_REPLICA_";

/** A connection that cannot be used, at the field to change. */
export class ConnectionFieldError extends ReplicaResyncError {
  readonly field: ConnectionField;

  constructor(field: ConnectionField, message: string, remedy: string) {
    super("REFUSED", message, { remedy });
    this.field = field;
  }
}

/**
 * The connection of a resource, with what the stack's configuration and the environment add to it.
 * @throws {@link ConnectionFieldError} when a source holds what cannot be read, or the sources contradict each other.
 */
export function resolveConnection(given: Connection, sources: ConnectionSources): ResolvedConnection {
  const fromConfig = readSource(
    (field) => sources.config(`${configNamespace}:${field}`),
    (field) => `${configNamespace}:${field}`,
  );
  const fromEnvironment = readSource((field) => sources.environment[variableOf(field)], variableOf);
  const merged = [given, fromConfig, fromEnvironment].reduce<Connection>(addMissing, {});
  const transport = merged.transport ?? defaultTransport(merged, sources.platform);
  const resolved = { ...merged, transport };
  const [contradiction] = findContradictions(resolved);
  if (contradiction !== undefined) {
    throw new ConnectionFieldError(
      contradiction.field,
      `connection.${contradiction.field}: ${contradiction.reason}`,
      "The fields come from the resource, the stack's configuration and the environment, in this order",
    );
  }
  return resolved;
}

/** PowerShell is on every Windows; from elsewhere a host is reached over WS-Management; a scenario means the simulator. */
function defaultTransport(connection: Connection, platform: string): Transport {
  if (connection.scenario !== undefined) return "simulator";
  return platform === "win32" ? "powershell" : "wsman";
}

function addMissing(known: Connection, more: Connection): Connection {
  const taken = (group: readonly ConnectionField[]): boolean => group.some((field) => known[field] !== undefined);
  const blocked = new Set([credentialFields, hostFields].filter(taken).flat());
  const added = Object.entries(more).filter(([field]) => !blocked.has(field as ConnectionField));
  return { ...Object.fromEntries(added), ...known };
}

function readSource(
  read: (field: ConnectionField) => string | undefined,
  nameOf: (field: ConnectionField) => string,
): Connection {
  const found: Record<string, unknown> = {};
  for (const field of fields) {
    const text = read(field);
    if (text === undefined || text === "") continue;
    const parsed = connectionSchema.shape[field].safeParse(fromText(field, text));
    if (!parsed.success) {
      throw new ConnectionFieldError(
        field,
        `${nameOf(field)}: ${parsed.error.issues[0]?.message ?? "not accepted"}`,
        `It stands for connection.${field}`,
      );
    }
    found[field] = parsed.data;
  }
  return found;
}

/** Configuration and environment hold texts: numbers, switches and lists are read from them. */
function fromText(field: ConnectionField, text: string): unknown {
  switch (field) {
    case "port":
    case "operationTimeoutSeconds":
    case "maxConcurrentResyncs":
      return Number(text);
    case "tls":
    case "insecureSkipVerify":
      return text === "true" ? true : text === "false" ? false : text;
    case "hosts":
      return text.split(",").map((host) => host.trim());
    default:
      return text;
  }
}

/** `caFile` is `HYPERV_REPLICA_CA_FILE`. */
export function variableOf(field: ConnectionField): string {
  return environmentPrefix + field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
