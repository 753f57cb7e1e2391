import type { Connection } from "../../../provider/connection/fields";
import { type ConnectionSources, mergeConnection } from "../../../provider/connection/sources";

function sources(config: Record<string, string> = {}, environment: Record<string, string> = {}): ConnectionSources {
  return { config: (key) => config[key], environment, platform: "linux" };
}

function merged(given: Connection, config: Record<string, string>, environment: Record<string, string>): Connection {
  return mergeConnection(given, sources(config, environment)).connection;
}

test("a field comes from the resource, then the configuration, then the environment", () => {
  const config = { "hyperv-replica:port": "2", "hyperv-replica:caFile": "config.pem" };
  const environment = { HYPERV_REPLICA_PORT: "3", HYPERV_REPLICA_CA_FILE: "env.pem", HYPERV_REPLICA_TLS: "true" };
  const { connection, sourceOf } = mergeConnection({ host: "a", port: 1 }, sources(config, environment));
  expect(connection).toEqual({ host: "a", port: 1, caFile: "config.pem", tls: true });
  expect((["port", "caFile", "tls"] as const).map((field) => sourceOf(field)(field))).toEqual([
    "connection.port",
    "hyperv-replica:caFile (stack configuration)",
    "HYPERV_REPLICA_TLS (environment variable)",
  ]);
});

test("a field that no source has is missing in the resource, or where the rest of its group is", () => {
  const { sourceOf } = mergeConnection({}, sources({ "hyperv-replica:username": "operator" }));
  expect(sourceOf("host")("host")).toBe("connection.host");
  expect(sourceOf("password")("password")).toBe("hyperv-replica:password (stack configuration)");
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
  expect(merged({ ...given, host: "a" }, config, environment)).toEqual({ host: "a", ...credentials });
});

test.each<Connection>([{ host: "a" }, { scenario: "lab.json" }])(
  "%j names the host alone, whatever the other sources name",
  (given) => {
    const environment = { HYPERV_REPLICA_HOST: "x", HYPERV_REPLICA_SCENARIO: "other.json" };
    expect(merged(given, {}, environment)).toEqual(given);
  },
);

test("texts are read as numbers and switches, and an empty text is none", () => {
  const environment = {
    HYPERV_REPLICA_PORT: "5986",
    HYPERV_REPLICA_TLS: "false",
    HYPERV_REPLICA_OPERATION_TIMEOUT_SECONDS: "2.5",
    HYPERV_REPLICA_MAX_CONCURRENT_RESYNCS: "4",
    HYPERV_REPLICA_EXECUTABLE: "",
  };
  expect(merged({}, {}, environment)).toEqual({
    port: 5986,
    tls: false,
    operationTimeoutSeconds: 2.5,
    maxConcurrentResyncs: 4,
  });
});

test.each([
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["false", false],
  ["False", false],
])("the switch %s is read as %s, from the configuration and from the environment", (text, value) => {
  expect(merged({}, { "hyperv-replica:tls": text }, {})).toEqual({ tls: value });
  expect(merged({}, {}, { HYPERV_REPLICA_INSECURE_SKIP_VERIFY: text })).toEqual({ insecureSkipVerify: value });
});

test.each([
  ["HYPERV_REPLICA_PORT", "abc", "port"],
  ["HYPERV_REPLICA_PORT", "99999", "port"],
  ["HYPERV_REPLICA_TLS", "yes", "tls"],
  ["HYPERV_REPLICA_TRANSPORT", "ssh", "transport"],
  ["HYPERV_REPLICA_HOST", "  ", "host"],
])("the variable %s=%s is refused by its name, and never repeated", (name, value, field) => {
  const merge = (): unknown => merged({}, {}, { [name]: value });
  expect(merge).toThrow(expect.objectContaining({ code: "REFUSED", field }) as Error);
  expect(merge).toThrow(`${name} (environment variable): expected `);
  expect(merge).not.toThrow(`got`);
});

test("a key of the configuration is refused by its name", () => {
  expect(() => merged({}, { "hyperv-replica:port": "abc" }, {})).toThrow(
    /^hyperv-replica:port \(stack configuration\): expected a whole number from 1 to 65535$/,
  );
});

test("hosts is not read from any source", () => {
  expect(merged({}, { "hyperv-replica:hosts": "a" }, { HYPERV_REPLICA_HOSTS: "b" })).toEqual({});
});
