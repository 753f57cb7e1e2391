import type { Connection } from "../../../provider/connection/fields";
import { connectionSchema } from "../../../provider/connection/fields";
import { type ConnectionSources, resolveConnection, variableOf } from "../../../provider/connection/sources";

function sources(
  config: Record<string, string> = {},
  environment: Record<string, string> = {},
  platform = "linux",
): ConnectionSources {
  return { config: (key) => config[key], environment, platform };
}

function errorOf(given: Connection, from: ConnectionSources): { field?: string; message: string } {
  try {
    resolveConnection(given, from);
  } catch (error) {
    return error as { field?: string; message: string };
  }
  throw new Error("it was accepted");
}

test("a field comes from the resource, then the configuration, then the environment", () => {
  const config = { "hyperv-replica:port": "2", "hyperv-replica:caFile": "config.pem" };
  const environment = { HYPERV_REPLICA_PORT: "3", HYPERV_REPLICA_CA_FILE: "env.pem", HYPERV_REPLICA_TLS: "true" };
  expect(resolveConnection({ host: "a", port: 1 }, sources(config, environment))).toEqual({
    transport: "wsman",
    host: "a",
    port: 1,
    caFile: "config.pem",
    tls: true,
  });
});

test.each<[string, Connection, Record<string, string>, Record<string, string>, Connection]>([
  [
    "the resource",
    { username: "a" },
    { "hyperv-replica:username": "b", "hyperv-replica:password": "p" },
    { HYPERV_REPLICA_PASSWORD: "q" },
    { username: "a" },
  ],
  [
    "the configuration",
    {},
    { "hyperv-replica:username": "b" },
    { HYPERV_REPLICA_USERNAME: "c", HYPERV_REPLICA_PASSWORD: "q" },
    { username: "b" },
  ],
  [
    "the environment",
    {},
    {},
    { HYPERV_REPLICA_USERNAME: "c", HYPERV_REPLICA_PASSWORD: "q" },
    { username: "c", password: "q" },
  ],
  ["the resource", { auth: "kerberos" }, {}, { HYPERV_REPLICA_PASSWORD: "q" }, { auth: "kerberos" }],
])("credentials are taken together from %s", (_source, given, config, environment, credentials) => {
  const resolved = resolveConnection({ ...given, host: "a" }, sources(config, environment));
  expect(resolved).toEqual({ transport: "wsman", host: "a", ...credentials });
});

test.each<[Connection, Connection]>([
  [{ host: "a" }, { host: "a", transport: "wsman" }],
  [{ hosts: ["a"] }, { hosts: ["a"], transport: "wsman" }],
  [{ scenario: "lab.json" }, { scenario: "lab.json", transport: "simulator" }],
])("%j names the host alone, whatever the other sources name", (given, expected) => {
  const environment = { HYPERV_REPLICA_HOST: "x", HYPERV_REPLICA_HOSTS: "y,z", HYPERV_REPLICA_SCENARIO: "other.json" };
  expect(resolveConnection(given, sources({}, environment))).toEqual(expected);
});

test.each([
  ["win32", {}, "powershell"],
  ["linux", {}, "wsman"],
  ["darwin", {}, "wsman"],
  ["win32", { scenario: "lab.json" }, "simulator"],
  ["linux", { transport: "powershell" }, "powershell"],
] as const)("on %s the transport of %j is %s", (platform, given, transport) => {
  expect(resolveConnection(given, sources({}, {}, platform)).transport).toBe(transport);
});

test.each([
  ["host", "HYPERV_REPLICA_HOST"],
  ["caFile", "HYPERV_REPLICA_CA_FILE"],
  ["insecureSkipVerify", "HYPERV_REPLICA_INSECURE_SKIP_VERIFY"],
  ["operationTimeoutSeconds", "HYPERV_REPLICA_OPERATION_TIMEOUT_SECONDS"],
] as const)("the variable of %s is %s", (field, variable) => {
  expect(variableOf(field)).toBe(variable);
});

test("every field has a variable of its own", () => {
  const fields = Object.keys(connectionSchema.shape) as (keyof Connection)[];
  expect(new Set(fields.map(variableOf)).size).toBe(fields.length);
});

test("texts are read as numbers, switches and lists", () => {
  const environment = {
    HYPERV_REPLICA_HOSTS: " a, b ,c",
    HYPERV_REPLICA_PORT: "5986",
    HYPERV_REPLICA_TLS: "false",
    HYPERV_REPLICA_OPERATION_TIMEOUT_SECONDS: "2.5",
    HYPERV_REPLICA_MAX_CONCURRENT_RESYNCS: "4",
    HYPERV_REPLICA_EXECUTABLE: "",
  };
  expect(resolveConnection({}, sources({}, environment))).toEqual({
    transport: "wsman",
    hosts: ["a", "b", "c"],
    port: 5986,
    tls: false,
    operationTimeoutSeconds: 2.5,
    maxConcurrentResyncs: 4,
  });
});

test.each([
  ["HYPERV_REPLICA_PORT", "abc", "port"],
  ["HYPERV_REPLICA_PORT", "99999", "port"],
  ["HYPERV_REPLICA_TLS", "yes", "tls"],
  ["HYPERV_REPLICA_HOSTS", "a,,b", "hosts"],
  ["HYPERV_REPLICA_TRANSPORT", "ssh", "transport"],
  ["HYPERV_REPLICA_HOST", "  ", "host"],
])("the variable %s=%s is refused by its name, and never repeated", (name, value, field) => {
  const error = errorOf({}, sources({}, { [name]: value }));
  expect(error).toMatchObject({ code: "REFUSED", field });
  expect(error.message).toContain(`${name}: expected `);
  expect(error.message).toContain(`It stands for connection.${field}`);
});

test("a key of the configuration is refused by its name", () => {
  expect(errorOf({}, sources({ "hyperv-replica:port": "abc" }, {})).message).toContain("hyperv-replica:port: expected");
});

test("sources that contradict each other are refused at the field", () => {
  const error = errorOf({ scenario: "lab.json" }, sources({}, { HYPERV_REPLICA_PORT: "5986" }));
  expect(error).toMatchObject({ field: "port" });
  expect(error.message).toContain('connection.port: is not used by transport "simulator"');
});

test("no message repeats a password", () => {
  const error = errorOf({ host: "a", password: "hunter2", passwordFile: "p" }, sources());
  expect(error.message).not.toContain("hunter2");
});
