import {
  findWayProblem,
  isRemote,
  type PowerShellConnection,
  wayTo,
} from "../../../../provider/transports/powershell/ways";

const scripts = "function f {}";
const operator = { username: "operator", password: "simulated" };

test.each<[string, PowerShellConnection, object]>([
  ["this machine", {}, { way: "local" }],
  [
    "another machine",
    { host: "hv01" },
    { way: "cim", protocol: "wsman", computerName: "hv01", useSsl: false, operationTimeoutSeconds: 60 },
  ],
  [
    "another machine with a password over TLS",
    { host: "hv01", auth: "basic", ...operator, port: 5986, operationTimeoutSeconds: 5 },
    {
      way: "cim",
      protocol: "wsman",
      computerName: "hv01",
      port: 5986,
      useSsl: true,
      authentication: "basic",
      userName: "operator",
      operationTimeoutSeconds: 5,
    },
  ],
  [
    "another machine with a certificate that is not checked",
    { host: "hv01", auth: "certificate", certificateThumbprint: "AA:BB cc", insecureSkipVerify: true },
    {
      way: "cim",
      protocol: "wsman",
      computerName: "hv01",
      useSsl: true,
      skipCertificateChecks: true,
      authentication: "certificate",
      certificateThumbprint: "AABBcc",
      operationTimeoutSeconds: 60,
    },
  ],
  [
    "an old machine",
    { host: "hv01", protocol: "dcom", auth: "negotiate", ...operator },
    {
      way: "cim",
      protocol: "dcom",
      computerName: "hv01",
      authentication: "negotiate",
      userName: "operator",
      operationTimeoutSeconds: 60,
    },
  ],
  [
    "a constrained endpoint",
    { host: "hv01", configurationName: "HvReplica", auth: "kerberos" },
    {
      way: "endpoint",
      configurationName: "HvReplica",
      computerName: "hv01",
      useSsl: false,
      authentication: "kerberos",
      operationTimeoutSeconds: 60,
    },
  ],
  [
    "SSH",
    { host: "hv01", protocol: "ssh", username: "operator", keyFile: "id_ed25519", port: 22 },
    { way: "ssh", hostName: "hv01", port: 22, userName: "operator", keyFilePath: "id_ed25519", scripts },
  ],
  [
    "a constrained endpoint over SSH",
    { host: "hv01", protocol: "ssh", subsystem: "hyperv-replica" },
    { way: "ssh", hostName: "hv01", subsystem: "hyperv-replica" },
  ],
])("the way to %s is complete and accepted", (_, connection, way) => {
  expect(findWayProblem(connection, "win32")).toBeUndefined();
  expect(wayTo(connection, scripts)).toEqual(way);
});

test.each<[PowerShellConnection, string, RegExp]>([
  [{ port: 1 }, "port", /is about another machine, and none is named/],
  [{ ...operator }, "username", /is about another machine/],
  [{ configurationName: "x" }, "configurationName", /add "host"/],
  [{ host: "h", keyFile: "k" }, "keyFile", /add protocol: "ssh"/],
  [{ host: "h", subsystem: "s" }, "subsystem", /is about SSH/],
  [{ host: "h", keyFile: "k", auth: "certificate" }, "keyFile", /from the Windows certificate store, not from a file/],
  [{ host: "h", protocol: "ssh", configurationName: "c" }, "configurationName", /name it in "subsystem"/],
  [{ host: "h", protocol: "ssh", ...operator }, "password", /use a key \("keyFile"\) or an agent/],
  [{ host: "h", protocol: "ssh", auth: "kerberos" }, "auth", /SSH has its own keys/],
  [{ host: "h", protocol: "ssh", tls: true }, "tls", /SSH has its own keys/],
  [{ host: "h", protocol: "ssh", certificateThumbprint: "aa" }, "certificateThumbprint", /SSH has its own keys/],
  [{ host: "h", protocol: "dcom", port: 1 }, "port", /is not used by protocol "dcom"/],
  [{ host: "h", protocol: "dcom", configurationName: "c" }, "configurationName", /is not used by protocol "dcom"/],
  [{ host: "h", protocol: "dcom", keyFile: "k" }, "keyFile", /is about SSH, and protocol is "dcom"/],
  [{ host: "h", protocol: "dcom", auth: "basic", ...operator }, "auth", /expected "negotiate" or nothing/],
  [{ host: "h", protocol: "dcom", auth: "kerberos" }, "auth", /expected "negotiate" or nothing/],
  [{ host: "h", username: "operator" }, "password", /expected a password for the username/],
  [{ host: "h", password: "x" }, "username", /expected a username for the password/],
  [{ host: "h", auth: "basic" }, "username", /expected a username and a password with auth "basic"/],
  [{ host: "h", auth: "basic", ...operator, tls: false }, "tls", /expected true with auth "basic"/],
  [{ host: "h", auth: "certificate" }, "certificateThumbprint", /Windows certificate store/],
  [{ host: "h", auth: "certificate", certificateThumbprint: "aa", tls: false }, "tls", /needs TLS/],
  [{ host: "h", certificateThumbprint: "aa" }, "certificateThumbprint", /add auth: "certificate"/],
  [{ host: "h", insecureSkipVerify: true }, "insecureSkipVerify", /add tls: true/],
])("the connection %j is refused at %s", (connection, field, reason) => {
  expect(findWayProblem(connection, "win32")).toEqual({ field, reason: expect.stringMatching(reason) as string });
});

test.each([
  [{}, false],
  [{ host: "h" }, false],
  [{ host: "h", configurationName: "c" }, true],
  [{ host: "h", protocol: "ssh" }, true],
] as const)("the connection %j runs the functions on the other side: %s", (connection, expected) => {
  expect(isRemote(connection)).toBe(expected);
});

test("the port of HTTPS means TLS", () => {
  expect(wayTo({ host: "h", port: 5986 }, scripts)).toMatchObject({ useSsl: true });
  expect(wayTo({ host: "h", port: 5986, tls: false }, scripts)).toMatchObject({ useSsl: false });
});

test("without a host this machine is meant, which must be a Windows", () => {
  expect(findWayProblem({}, "win32")).toBeUndefined();
  expect(findWayProblem({}, "linux")).toMatchObject({ field: "host" });
});
