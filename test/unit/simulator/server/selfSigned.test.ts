import { X509Certificate } from "node:crypto";
import { connect, createServer, type TLSSocket } from "node:tls";
import { once } from "node:events";
import { channelBindingOf, channelBindingOfPem } from "../../../../provider/simulator/server/ntlm/certificateBinding";
import { type CertificateWithKey, makeCertificate } from "../../../../provider/simulator/server/selfSigned";

const nowMs = Date.now();
const names = ["localhost", "HV01", "127.0.0.1", "::1", "2001:db8::12:3", "::ffff:192.0.2.1"] as const;
let pair: CertificateWithKey;
let certificate: X509Certificate;
beforeAll(async () => {
  pair = await makeCertificate([...names], nowMs);
  certificate = new X509Certificate(pair.cert);
});

test("a made certificate is signed by itself and is its own authority", () => {
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(true);
  expect(certificate.subject).toBe("CN=localhost");
});

test.each(["localhost", "HV01"])("it is for the name %s", (name) => {
  expect(certificate.checkHost(name)).toBeDefined();
});

test.each(["127.0.0.1", "::1", "2001:db8::12:3", "::ffff:192.0.2.1"])("it is for the address %s", (address) => {
  expect(certificate.checkIP(address)).toBeDefined();
});

test("it is for no other name or address", () => {
  expect(certificate.checkHost("other")).toBeUndefined();
  expect(certificate.checkIP("127.0.0.2")).toBeUndefined();
});

test("it is valid from a day before it was made, for a year", () => {
  expect(Math.abs(Date.parse(certificate.validFrom) - (nowMs - 86_400_000))).toBeLessThan(1_000);
  expect(Math.abs(Date.parse(certificate.validTo) - (nowMs + 365 * 86_400_000))).toBeLessThan(1_000);
});

test("two have different numbers and keys", async () => {
  const other = new X509Certificate((await makeCertificate(["localhost"], nowMs)).cert);
  expect(other.serialNumber).not.toBe(certificate.serialNumber);
  expect(certificate.verify(other.publicKey)).toBe(false);
});

test("a client that takes it for an authority connects and checks it", async () => {
  const server = createServer({ ...pair }, (socket: TLSSocket) => socket.end("x")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const socket = connect({ port: address.port, host: "127.0.0.1", servername: "localhost", ca: pair.cert });
  await once(socket, "secureConnect");
  expect(socket.authorized).toBe(true);
  socket.destroy();
  server.close();
});

test("an authentication is bound to its SHA-256", () => {
  expect(channelBindingOfPem(pair.cert)).toEqual(channelBindingOf(certificate.raw, "sha256"));
});
