import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { settingsOf } from "../../../../../provider/transports/wsman/connection";
import { HostConnection } from "../../../../../provider/transports/wsman/http/hostConnection";
import { tlsFile } from "../fixtures";
import { closeAll, failureOf, openClient, options } from "../openClient";
import { healthy } from "../scriptedHost";

afterEach(closeAll);

const { fingerprint, fingerprint256 } = new X509Certificate(readFileSync(tlsFile("host.pem")));
const withTls = { tls: { asksForCertificate: false } };
const ca = { caFile: tlsFile("ca.pem") };

test("a host whose certificate is not trusted gets nothing to read", async () => {
  const { host, server } = await openClient(healthy, {}, {}, withTls);
  const failure = await failureOf(host.readService(options));
  expect(failure).toMatchObject({ code: "UNREACHABLE", effect: "none" });
  expect(failure.message).toMatch(/certificate of 127\.0\.0\.1 is not trusted \([A-Z_]+\)/);
  expect(server.seen).toEqual([]);
});

test.each<[string, object]>([
  ["its authority", ca],
  ["the SHA-1 of its certificate", { certificateThumbprint: fingerprint }],
  ["the SHA-256 of its certificate", { certificateThumbprint: fingerprint256.replaceAll(":", "").toLowerCase() }],
  ["both", { ...ca, certificateThumbprint: fingerprint }],
  ["nothing, with the check switched off", { insecureSkipVerify: true }],
])("a host is reached by %s", async (_, how) => {
  const { host } = await openClient(healthy, how, {}, withTls);
  expect(await host.readService(options)).toBeDefined();
});

const other = "AB".repeat(20);

test.each<[string, object, RegExp]>([
  [
    "a thumbprint of another certificate",
    { certificateThumbprint: other },
    /does not have the certificate with the given thumbprint/,
  ],
  ["the authority and a thumbprint of another certificate", { ...ca, certificateThumbprint: other }, /thumbprint/],
  [
    "the right thumbprint and an authority of another host",
    { caFile: tlsFile("client.pem"), certificateThumbprint: fingerprint },
    /not trusted/,
  ],
  ["the authority of a certificate with another name", { ...ca, host: "127.0.0.2" }, /ERR_TLS_CERT_ALTNAME_INVALID/],
])("a host is not reached by %s, and gets nothing to read", async (_, how, says) => {
  const { host, server } = await openClient(healthy, how, {}, { ...withTls, address: "0.0.0.0" });
  const failure = await failureOf(host.readService(options));
  expect(failure).toMatchObject({ code: "UNREACHABLE", effect: "none" });
  expect(failure.message).toMatch(says);
  expect(server.seen).toEqual([]);
});

test.each([[{ certificateThumbprint: fingerprint }], [ca]])(
  "the certificate of the connection is at hand for every authentication over it: %j",
  async (how) => {
    const { server } = await openClient(healthy, {}, {}, withTls);
    const { endpoint } = settingsOf(
      { host: "127.0.0.1", port: server.port, tls: true, auth: "basic", username: "a", password: "b", ...how },
      {},
    );
    const connection = await HostConnection.open(endpoint, options.signal);
    const { raw } = new X509Certificate(readFileSync(tlsFile("host.pem")));
    for (let count = 0; count < 3; count += 1) expect(connection.hostCertificate).toEqual(raw);
    connection.destroy();
  },
);

test("a host that does not speak TLS is said not to, in both directions", async () => {
  const plain = await openClient(healthy, { tls: true });
  expect((await failureOf(plain.host.readService(options))).message).toContain("does not use TLS on this port");
  const secure = await openClient(healthy, { tls: false }, {}, withTls);
  expect(await failureOf(secure.host.readService(options))).toMatchObject({ effect: "none" });
});

test("a client's certificate authenticates, with the header that says so, in TLS 1.2", async () => {
  const how = {
    ...ca,
    auth: "certificate",
    certificateFile: tlsFile("client.pem"),
    keyFile: tlsFile("client.key"),
  } as const;
  const protocols: unknown[] = [];
  const { host, server } = await openClient(
    (seen, response) => {
      protocols.push((seen.socket as Socket & { getProtocol(): string }).getProtocol());
      return healthy(seen, response);
    },
    how,
    {},
    { tls: { asksForCertificate: true } },
  );
  expect(await host.readService(options)).toBeDefined();
  expect(server.seen[0]?.headers.authorization).toBe(
    "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual",
  );
  expect(protocols).toEqual(["TLSv1.2"]);
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

(hasIpv6 ? test : test.skip)("IPv6 addresses are reached, and named in brackets", async () => {
  const { host, server } = await openClient(healthy, { ...ca, host: "[::1]" }, {}, { ...withTls, address: "::1" });
  expect(await host.readService(options)).toBeDefined();
  expect(server.seen[0]?.headers.host).toBe(`[::1]:${server.port}`);
  expect(server.seen[0]?.text).toContain(`<a:To>https://[::1]:${server.port}/wsman</a:To>`);
});

/** A proxy that opens tunnels to the runner, whatever it is asked for. */
async function startProxy(
  status: number,
  target: () => number,
): Promise<{ server: Server; asked: unknown[]; port: number }> {
  const asked: unknown[] = [];
  const server = createServer();
  server.on("connect", ({ url, headers }, socket: Socket) => {
    asked.push({ url, authorization: headers["proxy-authorization"] });
    socket.on("error", () => undefined);
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const onward = connect(target(), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Yes\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    return socket.on("close", () => onward.destroy());
  });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, "127.0.0.1", () => {
    resolve(undefined);
  });
  await promise;
  return { server, asked, port: (server.address() as AddressInfo).port };
}

test("a proxy of the environment opens the tunnel, and the certificate is still the host's", async () => {
  let port = 0;
  const proxy = await startProxy(200, () => port);
  const environment = { HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxy.port}` };
  const { host, server } = await openClient(
    healthy,
    { host: "hv01.example", certificateThumbprint: fingerprint, port: 5986 },
    { environment },
    withTls,
  );
  port = server.port;
  expect(await host.readService(options)).toBeDefined();
  expect(proxy.asked).toEqual([{ url: "hv01.example:5986", authorization: "Basic bWU6c2VjcmV0" }]);
  await host.close();
  proxy.server.close();
});

test.each([407, 403, 502])("a proxy that answers %d has not let the call through", async (status) => {
  const proxy = await startProxy(status, () => 0);
  const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
  const { host } = await openClient(healthy, { host: "hv01.example" }, { environment }, withTls);
  const failure = await failureOf(host.startResync({ vmId: "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90" }, options));
  expect(failure).toMatchObject({ code: "UNREACHABLE", effect: "none" });
  expect(failure.message).toContain(`status ${status}`);
  expect(failure.remedy).toContain("NO_PROXY");
  proxy.server.close();
});
