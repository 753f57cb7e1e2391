import type { Connection } from "../../../provider/connection/fields";
import { resolveConnection } from "../../../provider/connection/resolveConnection";
import type { ConnectionSources } from "../../../provider/connection/sources";

type Texts = Record<string, string>;

function sources(config: Texts = {}, environment: Texts = {}, platform = "linux"): ConnectionSources {
  return { config: (key) => config[key], environment, platform };
}

interface Refusal {
  readonly code: string;
  readonly effect: string;
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

function refusalOf(given: Connection, from: ConnectionSources): Refusal {
  try {
    resolveConnection(given, from);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error("it was accepted");
}

test("a connection is completed from its sources and by the defaults", () => {
  const config = { "hyperv-replica:username": "operator", "hyperv-replica:password": "simulated" };
  expect(resolveConnection({ host: "hv01" }, sources(config, { HYPERV_REPLICA_PORT: "443" }))).toEqual({
    transport: "wsman",
    host: "hv01",
    port: 443,
    username: "operator",
    password: "simulated",
    tls: true,
    auth: "negotiate",
  });
});

const unused = 'is not used by transport "simulator": leave it out, or choose another transport';

test.each<[string, Connection, Texts, Texts, string, string]>([
  ["the resource", { scenario: "a", port: 1 }, {}, {}, "connection.port", unused],
  [
    "the configuration",
    { scenario: "a" },
    { "hyperv-replica:port": "1" },
    {},
    "hyperv-replica:port (stack configuration)",
    unused,
  ],
  [
    "the environment",
    { scenario: "a" },
    {},
    { HYPERV_REPLICA_PORT: "1" },
    "HYPERV_REPLICA_PORT (environment variable)",
    unused,
  ],
])("a value of %s that does not fit is refused by its name there", (_, given, config, environment, name, reason) => {
  const refusal = refusalOf(given, sources(config, environment));
  expect(refusal).toMatchObject({ code: "REFUSED", effect: "none", field: "port", message: `${name}: ${reason}` });
  // What stands behind the property `connection.port` in a check failure.
  expect(refusal.reason).toBe(name === "connection.port" ? reason : `${name}: ${reason}`);
});

test("half a credential is refused where its other half is", () => {
  expect(refusalOf({ host: "hv01" }, sources({}, { HYPERV_REPLICA_USERNAME: "operator" })).message).toMatch(
    /^HYPERV_REPLICA_PASSWORD \(environment variable\): expected a password for the username, got none; credentials are taken together/,
  );
});

test.each<[Connection, string]>([
  [{ transport: "powershell" }, "connection.host: expected the name of the host"],
  [{ transport: "powershell", host: "hv01", username: "operator" }, "connection.password: expected a password"],
  [{ transport: "simulator" }, "connection.scenario: expected the path of a scenario file, got nothing"],
  [{}, "connection.host: expected the name or address of the host, got nothing"],
])("the connection %j is refused before anything is opened", (given, says) => {
  expect(refusalOf(given, sources()).message).toContain(says);
});

test.each<Connection>([
  { host: "a", password: "hunter2", passwordFile: "p" },
  { host: "a", password: "hunter2" },
  { host: "a", auth: "kerberos", password: "hunter2" },
  { scenario: "a", host: "b", password: "hunter2" },
  { transport: "powershell", protocol: "ssh", host: "a", password: "hunter2" },
  { transport: "powershell", password: "hunter2" },
])("no message repeats a password: %j", (given) => {
  expect(refusalOf(given, sources()).message).not.toContain("hunter2");
});
