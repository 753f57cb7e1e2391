import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsOf, type WsmanConnection } from "../../../../provider/transports/wsman/connection";
import { openWsmanHost } from "../../../../provider/transports/wsman/wsmanHost";
import { tlsFile } from "./fixtures";

const login = { host: "hv01", username: "operator", password: "secret" };
const read = (connection: WsmanConnection): ReturnType<typeof settingsOf> => settingsOf(connection, {});

test("a host is reached by TLS, with a sealed logon, and has a minute for an operation", () => {
  expect(read(login)).toEqual({
    endpoint: { host: "hv01", port: 5986, tls: { skipsVerification: false } },
    credentials: { kind: "negotiate", username: "operator", password: "secret" },
    operationTimeoutMs: 60_000,
  });
  expect(read({ ...login, tls: false, operationTimeoutSeconds: 5 })).toMatchObject({
    endpoint: { port: 5985 },
    operationTimeoutMs: 5_000,
  });
});

test("a certificate without a user logs on by itself", () => {
  const files = { certificateFile: tlsFile("client.pem"), keyFile: tlsFile("client.key") };
  const { credentials, endpoint } = read({ host: "hv01", ...files });
  expect(credentials).toEqual({ kind: "certificate" });
  expect(endpoint.tls?.client?.key).toContain("PRIVATE KEY");
  expect(read({ ...login, ...files }).credentials.kind).toBe("negotiate");
});

test("a thumbprint is taken with colons, spaces and capitals", () => {
  const sha1 = "AB:CD ".repeat(9) + "AB:CD";
  expect(read({ ...login, certificateThumbprint: sha1 }).endpoint.tls?.thumbprint).toBe("abcd".repeat(10));
});

test("Kerberos has a principal and a keytab where they are given", () => {
  const connection = {
    host: "hv01.example.com",
    auth: "kerberos",
    username: "me@EXAMPLE.COM",
    keytab: "/etc/me.keytab",
  } as const;
  expect(read(connection).credentials).toEqual({
    kind: "kerberos",
    principal: "me@EXAMPLE.COM",
    keytab: "/etc/me.keytab",
  });
});

const folder = mkdtempSync(join(tmpdir(), "wsman-"));
const broken = join(folder, "broken.pem");
writeFileSync(broken, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each<[string, WsmanConnection, RegExp]>([
  ["a host that is a URL", { ...login, host: "https://hv01/wsman" }, /host is no name and no address/],
  ["a host with a line break", { ...login, host: "hv01\r\nX: y" }, /host is no name/],
  ["no password", { host: "hv01", username: "operator" }, /needs username and password/],
  ["nobody who calls", { host: "hv01" }, /needs username and password/],
  ["Basic without TLS", { ...login, auth: "basic", tls: false }, /in the clear/],
  ["Basic with a colon in the name", { ...login, auth: "basic", username: "a:b" }, /no colon/],
  ["a certificate without TLS", { host: "hv01", auth: "certificate", tls: false }, /needs TLS/],
  ["a certificate without a file", { host: "hv01", auth: "certificate" }, /needs certificateFile/],
  [
    "a certificate without its key",
    { host: "hv01", auth: "certificate", certificateFile: tlsFile("client.pem") },
    /does not hold what it has to/,
  ],
  [
    "the key of another certificate",
    { host: "hv01", certificateFile: tlsFile("client.pem"), keyFile: tlsFile("host.key") },
    /does not hold what it has to/,
  ],
  ["a file that is not there", { ...login, caFile: "/no/such/file" }, /caFile cannot be read: \/no\/such\/file/],
  ["a file that is no PEM", { ...login, caFile: join(__dirname, "../../../../package.json") }, /caFile is no PEM file/],
  ["a thumbprint of another length", { ...login, certificateThumbprint: "AB".repeat(21) }, /40 digits/],
  ["Kerberos for an address", { host: "10.0.0.5", auth: "kerberos" }, /not its address/],
  ["Kerberos with a password", { ...login, auth: "kerberos" }, /no password/],
])("%s is refused before anything is sent", (_, connection, says) => {
  expect(() => read(connection)).toThrow(says);
  expect(() => read(connection)).not.toThrow(/secret/);
  expect(() => openWsmanHost(connection, { environment: {} })).toThrow(
    expect.objectContaining({ code: "REFUSED", effect: "none" }) as Error,
  );
});

test("a certificate that is none is refused", () => {
  expect(() => read({ host: "hv01", certificateFile: broken })).toThrow(/does not hold what it has to/);
  expect(() => read({ ...login, caFile: broken })).toThrow(/does not hold what it has to/);
});

test.each(["localhost", "127.0.0.1", "[::1]"])("Basic without TLS is allowed to %s", (host) => {
  expect(read({ ...login, host, auth: "basic", tls: false }).credentials.kind).toBe("basic");
});

test("one process has one keytab", () => {
  const environment: Record<string, string | undefined> = {};
  const connection = { host: "hv01", auth: "kerberos", keytab: "/etc/a.keytab" } as const;
  openWsmanHost(connection, { environment });
  openWsmanHost(connection, { environment });
  expect(environment).toEqual({ KRB5_CLIENT_KTNAME: "/etc/a.keytab" });
  expect(() => openWsmanHost({ ...connection, keytab: "/etc/b.keytab" }, { environment })).toThrow(/one keytab/);
});
