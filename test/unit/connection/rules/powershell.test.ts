import { withDefaults } from "../../../../provider/connection/defaults";
import type { Connection } from "../../../../provider/connection/fields";
import { findProblem } from "../../../../provider/connection/rules/findProblem";

const operator = { username: "operator", password: "simulated" };

const problemOf = (connection: Connection, platform = "win32"): ReturnType<typeof findProblem> =>
  findProblem(withDefaults({ ...connection, transport: "powershell" }, platform), platform);

test.each<[string, Connection]>([
  ["the runner itself", {}],
  ["a remote host", { host: "hv01" }],
  [
    "a remote host with a password over TLS",
    { host: "hv01", auth: "basic", ...operator, port: 5986, operationTimeoutSeconds: 5 },
  ],
  [
    "a remote host whose certificate is not checked",
    { host: "hv01", auth: "certificate", certificateThumbprint: "AA:BB cc", insecureSkipVerify: true },
  ],
  ["an old host", { host: "hv01", protocol: "dcom", auth: "negotiate", ...operator }],
  ["a password in a file", { host: "hv01", username: "operator", passwordFile: "password.txt" }],
  ["a constrained endpoint", { host: "hv01", configurationName: "HvReplica", auth: "kerberos" }],
  ["SSH", { host: "hv01", protocol: "ssh", username: "operator", keyFile: "id_ed25519", port: 22 }],
  ["a constrained endpoint over SSH", { host: "hv01", protocol: "ssh", subsystem: "hyperv-replica" }],
])("a connection to %s is accepted", (_, connection) => {
  expect(problemOf(connection)).toBeUndefined();
});

test.each<[Connection, string, RegExp]>([
  [{ port: 1 }, "port", /is about a remote host, and none is named/],
  [{ passwordFile: "p" }, "passwordFile", /is about a remote host/],
  [{ ...operator }, "username", /is about a remote host/],
  [{ configurationName: "x" }, "configurationName", /add "host"/],
  [{ host: "h", keyFile: "k" }, "keyFile", /add protocol: "ssh"/],
  [{ host: "h", subsystem: "s" }, "subsystem", /is about SSH/],
  [{ host: "h", keyFile: "k", auth: "certificate" }, "keyFile", /from the Windows certificate store, not from a file/],
  [{ host: "h", protocol: "ssh", configurationName: "c" }, "configurationName", /name it in "subsystem"/],
  [{ host: "h", protocol: "ssh", ...operator }, "password", /use a key \("keyFile"\) or an agent/],
  [{ host: "h", protocol: "ssh", passwordFile: "p" }, "passwordFile", /use a key \("keyFile"\) or an agent/],
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
  [{ host: "h", passwordFile: "p" }, "username", /expected a username for the password/],
  [
    { host: "h", protocol: "dcom", certificateThumbprint: "aa" },
    "certificateThumbprint",
    /is not used by protocol "dcom"/,
  ],
  [{ host: "h", auth: "basic" }, "username", /expected a username and a password with auth "basic"/],
  [{ host: "h", auth: "basic", ...operator, tls: false }, "tls", /expected true with auth "basic"/],
  [{ host: "h", auth: "certificate" }, "certificateThumbprint", /Windows certificate store/],
  [
    { host: "h", auth: "certificate", certificateThumbprint: "aa", tls: false },
    "tls",
    /expected true with auth "certificate"/,
  ],
  [{ host: "h", certificateThumbprint: "aa" }, "certificateThumbprint", /add auth: "certificate"/],
  [{ host: "h", insecureSkipVerify: true }, "insecureSkipVerify", /set tls to true/],
])("the connection %j is refused at %s", (connection, field, reason) => {
  expect(problemOf(connection)).toEqual({ field, reason: expect.stringMatching(reason) as string });
});

test("without a host the runner itself is meant, which must be Windows", () => {
  expect(problemOf({}, "win32")).toBeUndefined();
  expect(problemOf({}, "linux")).toMatchObject({ field: "host" });
});
