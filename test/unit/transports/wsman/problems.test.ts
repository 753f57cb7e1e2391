import { findWsmanProblem, type WsmanFields } from "../../../../provider/transports/wsman/problems";

const operator = { username: "operator", password: "simulated" };

test.each<WsmanFields>([
  { host: "hv01", ...operator },
  { host: "hv01", username: "operator", passwordFile: "password.txt" },
  { host: "hv01", tls: false, ...operator },
  { host: "hv01", auth: "basic", ...operator },
  { host: "127.0.0.1", auth: "basic", tls: false, ...operator },
  { host: "hv01", certificateFile: "client.pem" },
  { host: "hv01", auth: "kerberos", keytab: "operator.keytab" },
  { host: "hv01", certificateThumbprint: "aa:".repeat(19) + "aa", ...operator },
  { host: "hv01", certificateThumbprint: "aa".repeat(32), ...operator },
])("the connection %j is accepted", (connection) => {
  expect(findWsmanProblem(connection)).toBeUndefined();
});

test.each<[WsmanFields, string, RegExp]>([
  [{}, "host", /expected the name or address of the host/],
  [{ hosts: ["hv01"] }, "hosts", /name the node that owns the machine in host/],
  [{ host: "h" }, "username", /expected an account for auth "negotiate", got none; credentials are taken together/],
  [{ host: "h", username: "operator" }, "password", /expected a password for the username/],
  [{ host: "h", auth: "basic", tls: false, ...operator }, "tls", /"negotiate" seals it/],
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
  [{ host: "h", certificateThumbprint: "aa".repeat(21), ...operator }, "certificateThumbprint", /got 42/],
])("the connection %j is refused at %s", (connection, field, reason) => {
  expect(findWsmanProblem(connection)).toEqual({ field, reason: expect.stringMatching(reason) as string });
});

test.each<[WsmanFields, string]>([
  [{ host: "h", ...operator, keytab: "k" }, "keytab"],
  [{ host: "h", ...operator, certificateFile: "c" }, "certificateFile"],
  [{ host: "h", ...operator, keyFile: "k" }, "keyFile"],
  [{ host: "h", certificateFile: "c", password: "x" }, "password"],
  [{ host: "h", auth: "kerberos", certificateFile: "c" }, "certificateFile"],
])("a field of another way to log on is refused, not passed over: %j", (connection, field) => {
  const reason = expect.stringMatching(/^is not used by auth "/) as string;
  expect(findWsmanProblem(connection)).toEqual({ field, reason });
});
