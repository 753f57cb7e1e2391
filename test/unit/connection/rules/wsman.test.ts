import { withDefaults } from "../../../../provider/connection/defaults";
import type { Connection } from "../../../../provider/connection/fields";
import { findProblem } from "../../../../provider/connection/rules/findProblem";

const problemOf = (connection: Connection): ReturnType<typeof findProblem> =>
  findProblem(withDefaults({ ...connection, transport: "wsman" }, "linux"), "linux");

const operator = { username: "operator", password: "simulated" };

test.each<Connection>([
  { host: "hv01", ...operator },
  { host: "hv01", username: "operator", passwordFile: "password.txt" },
  { host: "hv01", tls: false, ...operator },
  { host: "hv01", auth: "basic", ...operator },
  { host: "127.0.0.1", auth: "basic", tls: false, ...operator },
  { host: "localhost", auth: "basic", tls: false, ...operator },
  { host: "[::1]", auth: "basic", tls: false, ...operator },
  { host: "hv_01.example.com", ...operator },
  { host: "fe80::1%eth0", ...operator },
  { host: "hv01", certificateFile: "client.pem" },
  { host: "hv01", auth: "kerberos", keytab: "operator.keytab" },
  { host: "hv01", certificateThumbprint: "aa:".repeat(19) + "aa", ...operator },
  { host: "hv01", certificateThumbprint: "aa".repeat(32), ...operator },
])("the connection %j is accepted", (connection) => {
  expect(problemOf(connection)).toBeUndefined();
});

test.each<[Connection, string, RegExp]>([
  [{}, "host", /expected the name or address of the host/],
  [{ host: "https://h/wsman", ...operator }, "host", /^must be a hostname or IP address, got "https:\/\/h\/wsman"$/],
  [{ host: "h\r\nX: y", ...operator }, "host", /^must be a hostname or IP address, got "h\\r\\nX: y"$/],
  [{ host: "h" }, "username", /expected a username and a password with auth "negotiate", got none; credentials are/],
  [{ host: "h", username: "operator" }, "password", /expected a password for the username/],
  [{ host: "h", auth: "basic", tls: false, ...operator }, "tls", /"negotiate" encrypts it/],
  [{ host: "h", auth: "basic", username: "a:b", password: "x" }, "username", /without a colon/],
  [{ host: "h", auth: "certificate" }, "certificateFile", /expected the path of a PEM file/],
  [
    { host: "h", auth: "certificate", certificateFile: "c", tls: false },
    "tls",
    /expected true with auth "certificate"/,
  ],
  [{ host: "h", auth: "kerberos", ...operator }, "password", /get a ticket with kinit, or name a keytab/],
  [{ host: "h", auth: "kerberos", passwordFile: "p" }, "passwordFile", /is not used by auth "kerberos"/],
  [{ host: "10.0.0.1", auth: "kerberos" }, "host", /expected the name of the host with auth "kerberos"/],
  [{ host: "[::1]", auth: "kerberos" }, "host", /got an address/],
  [{ host: "h", password: "x" }, "username", /expected a username for the password/],
])("the connection %j is refused at %s", (connection, field, reason) => {
  expect(problemOf(connection)).toEqual({ field, reason: expect.stringMatching(reason) as string });
});

test.each<[Connection, string]>([
  [{ host: "h", ...operator, keytab: "k" }, "keytab"],
  [{ host: "h", ...operator, certificateFile: "c" }, "certificateFile"],
  [{ host: "h", ...operator, keyFile: "k" }, "keyFile"],
  [{ host: "h", certificateFile: "c", password: "x" }, "password"],
  [{ host: "h", auth: "kerberos", certificateFile: "c" }, "certificateFile"],
])("a field of another auth is refused, not ignored: %j", (connection, field) => {
  const reason = expect.stringMatching(/^is not used by auth "/) as string;
  expect(problemOf(connection)).toEqual({ field, reason });
});
