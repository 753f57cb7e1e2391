/** The fields of a connection. Programs load this list: it stands apart from the schema, which needs zod. */
export const fieldNames = [
  "host",
  "transport",
  "scenario",
  "port",
  "tls",
  "caFile",
  "certificateThumbprint",
  "insecureSkipVerify",
  "auth",
  "username",
  "password",
  "passwordFile",
  "certificateFile",
  "keyFile",
  "keytab",
  "executable",
  "protocol",
  "configurationName",
  "subsystem",
  "operationTimeoutSeconds",
  "maxConcurrentResyncs",
] as const;

export type ConnectionField = (typeof fieldNames)[number];

/** Namespace of the fields in the stack's configuration. */
const configNamespace = "hyperv-replica";
const environmentPrefix = "HYPERV_REPLICA_";

/** `caFile` is `hyperv-replica:caFile`. */
export function configKeyOf(field: string): string {
  return `${configNamespace}:${field}`;
}

/** `caFile` is `HYPERV_REPLICA_CA_FILE`. */
export function variableOf(field: ConnectionField): string {
  return environmentPrefix + field.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
