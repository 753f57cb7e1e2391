import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsOf, type WsmanConnection } from "../../../../provider/transports/wsman/connection";
import { openWsmanHost } from "../../../../provider/transports/wsman/wsmanHost";
import { tlsFile } from "./fixtures";

const login = { host: "hv01", tls: true, auth: "negotiate", username: "operator", password: "secret" } as const;
const read = (connection: WsmanConnection): ReturnType<typeof settingsOf> => settingsOf(connection, {});

test("a host is reached on the port of TLS or of plain HTTP, and has a minute for an operation", () => {
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

const byCertificate = { host: "hv01", tls: true, auth: "certificate" } as const;

test("a client certificate is read with its key", () => {
  const files = { certificateFile: tlsFile("client.pem"), keyFile: tlsFile("client.key") };
  const { credentials, endpoint } = read({ ...byCertificate, ...files });
  expect(credentials).toEqual({ kind: "certificate" });
  expect(endpoint.tls?.client?.key).toContain("PRIVATE KEY");
});

test("a thumbprint is taken with colons, spaces and capitals", () => {
  const sha1 = "AB:CD ".repeat(9) + "AB:CD";
  expect(read({ ...login, certificateThumbprint: sha1 }).endpoint.tls?.thumbprint).toBe("abcd".repeat(10));
});

test("Kerberos has a principal and a keytab where they are given", () => {
  const connection = {
    host: "hv01.example.com",
    tls: true,
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
  [
    "a certificate without its key",
    { ...byCertificate, certificateFile: tlsFile("client.pem") },
    /caFile, certificateFile or keyFile cannot be used/,
  ],
  [
    "the key of another certificate",
    { ...byCertificate, certificateFile: tlsFile("client.pem"), keyFile: tlsFile("host.key") },
    /caFile, certificateFile or keyFile cannot be used/,
  ],
  [
    "a file that is not there",
    { ...login, caFile: "/no/such/file" },
    /connection\.caFile: \/no\/such\/file cannot be read/,
  ],
  [
    "a file that is not PEM",
    { ...login, caFile: join(__dirname, "../../../../package.json") },
    /connection\.caFile: .*package\.json is not a PEM file/,
  ],
])("%s is refused before anything is sent", (_, connection, says) => {
  expect(() => read(connection)).toThrow(says);
  expect(() => read(connection)).not.toThrow(/secret/);
  expect(() => openWsmanHost(connection, { environment: {} })).toThrow(
    expect.objectContaining({ code: "REFUSED", effect: "none" }) as Error,
  );
});

test("a broken certificate is refused", () => {
  expect(() => read({ ...byCertificate, certificateFile: broken })).toThrow(
    /caFile, certificateFile or keyFile cannot be used/,
  );
  expect(() => read({ ...login, caFile: broken })).toThrow(/caFile, certificateFile or keyFile cannot be used/);
});

test("one process has one keytab", () => {
  const environment: Record<string, string | undefined> = {};
  const connection = { host: "hv01", tls: true, auth: "kerberos", keytab: "/etc/a.keytab" } as const;
  openWsmanHost(connection, { environment });
  openWsmanHost(connection, { environment });
  expect(environment).toEqual({ KRB5_CLIENT_KTNAME: "/etc/a.keytab" });
  expect(() => openWsmanHost({ ...connection, keytab: "/etc/b.keytab" }, { environment })).toThrow(/one keytab/);
});
