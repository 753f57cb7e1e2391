import { isRemote, type PowerShellConnection, wayTo } from "../../../../provider/transports/powershell/ways";

const scripts = "function f {}";
const operator = { username: "operator", password: "simulated" };

test.each<[string, PowerShellConnection, object]>([
  ["the runner itself", {}, { way: "local" }],
  [
    "a remote host",
    { host: "hv01", tls: false },
    { way: "cim", protocol: "wsman", computerName: "hv01", useSsl: false, operationTimeoutSeconds: 60 },
  ],
  [
    "a remote host with a password over TLS",
    { host: "hv01", tls: true, auth: "basic", ...operator, port: 5986, operationTimeoutSeconds: 5 },
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
    "a remote host with a certificate that is not checked",
    { host: "hv01", tls: true, auth: "certificate", certificateThumbprint: "AA:BB cc", insecureSkipVerify: true },
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
    "an old host",
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
    { host: "hv01", tls: false, configurationName: "HvReplica", auth: "kerberos" },
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
])("the way to %s is complete", (_, connection, way) => {
  expect(wayTo(connection, scripts)).toEqual(way);
});

test.each([
  [{}, false],
  [{ host: "h" }, false],
  [{ host: "h", configurationName: "c" }, true],
  [{ host: "h", protocol: "ssh" }, true],
] as const)("the connection %j runs the functions on the other side: %s", (connection, expected) => {
  expect(isRemote(connection)).toBe(expected);
});
