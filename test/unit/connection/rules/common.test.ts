import type { Connection } from "../../../../provider/connection/fields";
import { findContradictions } from "../../../../provider/connection/rules/common";

function fieldsOf(connection: Connection): string[] {
  return findContradictions(connection).map(({ field }) => field);
}

test.each<Connection>([
  {},
  { host: "HV01" },
  { transport: "simulator", scenario: "lab.json", username: "operator", password: "x", maxConcurrentResyncs: 1 },
  {
    transport: "wsman",
    host: "HV01",
    port: 5986,
    tls: true,
    caFile: "ca.pem",
    auth: "basic",
    username: "a",
    password: "b",
  },
  { transport: "wsman", host: "HV01", auth: "certificate", certificateFile: "a", keyFile: "b" },
  { transport: "wsman", host: "HV01", auth: "kerberos", keytab: "a", username: "b" },
  { transport: "powershell", executable: "pwsh", configurationName: "Replica" },
  { tls: true, certificateThumbprint: "00".repeat(20) },
])("%j does not contradict itself", (connection) => {
  expect(findContradictions(connection)).toEqual([]);
});

test.each<[Connection, string[]]>([
  [{ password: "a", passwordFile: "b" }, ["passwordFile"]],
  [{ transport: "simulator", host: "a" }, ["host"]],
  [
    { transport: "simulator", port: 1, tls: true, keyFile: "a", executable: "b" },
    ["port", "tls", "keyFile", "executable"],
  ],
  [{ transport: "wsman", scenario: "a" }, ["scenario"]],
  [{ transport: "wsman", executable: "a", configurationName: "b" }, ["executable", "configurationName"]],
  [
    { transport: "powershell", certificateFile: "a", keytab: "b", caFile: "c" },
    ["caFile", "certificateFile", "keytab"],
  ],
  [
    { tls: false, caFile: "a", certificateThumbprint: "b", insecureSkipVerify: true },
    ["caFile", "certificateThumbprint", "insecureSkipVerify"],
  ],
  [
    { transport: "wsman", insecureSkipVerify: true, caFile: "a", certificateThumbprint: "b" },
    ["caFile", "certificateThumbprint"],
  ],
  [{ auth: "certificate", username: "a", password: "b", keytab: "c" }, ["username", "password", "keytab"]],
  [{ auth: "certificate", passwordFile: "b" }, ["passwordFile"]],
  [{ auth: "basic", certificateFile: "a", keyFile: "b", keytab: "c" }, ["certificateFile", "keyFile", "keytab"]],
  [{ auth: "negotiate", keytab: "c" }, ["keytab"]],
  [{ auth: "kerberos", certificateFile: "a" }, ["certificateFile"]],
  [{ auth: "certificate", tls: false }, ["tls"]],
  [{ transport: "powershell", tls: false, certificateThumbprint: "a" }, []],
  [{ protocol: "ssh", auth: "kerberos", keyFile: "a" }, []],
])("%j is wrong at %j", (connection, fields) => {
  expect(fieldsOf(connection).sort()).toEqual(fields.sort());
});

test("a field that is wrong twice is told once", () => {
  expect(fieldsOf({ transport: "powershell", tls: false, caFile: "a" })).toEqual(["caFile"]);
});
