import {
  createKerberosContext,
  type KerberosPackage,
  loadKerberos,
} from "../../../../../provider/transports/wsman/auth/kerberosContext";
import { tlsFile } from "../fixtures";
import { closeAll, failureOf, openClient, options } from "../openClient";
import { healthy } from "../scriptedHost";

afterEach(closeAll);

const head = Buffer.from("050406ff0000000000000000000000aa", "hex");
/** What stands behind the head of a token: confounder, data, copy of the head and checksum. */
const restOf = (message: Buffer): Buffer => Buffer.concat([Buffer.alloc(16, 1), message, Buffer.alloc(28, 2)]);

/** A package that wraps in the way of RFC 4121, without the secrecy; `wraps` stands in for one that does not. */
function fakePackage(wraps = (message: Buffer): Buffer => Buffer.concat([head, restOf(message)])) {
  const asked: unknown[] = [];
  const kerberos: KerberosPackage = {
    GSS_C_MUTUAL_FLAG: 2,
    GSS_C_REPLAY_FLAG: 4,
    GSS_C_SEQUENCE_FLAG: 8,
    GSS_C_CONF_FLAG: 16,
    GSS_C_INTEG_FLAG: 32,
    GSS_MECH_OID_KRB5: 9,
    async initializeClient(service, given) {
      asked.push(service, given);
      const client = {
        contextComplete: false,
        async step(challenge: string) {
          client.contextComplete = challenge !== "";
          return challenge === "" ? Buffer.from("ticket").toString("base64") : null;
        },
        async wrap(text: string) {
          return wraps(Buffer.from(text, "base64")).toString("base64");
        },
        async unwrap(token: string) {
          const bytes = Buffer.from(token, "base64");
          expect(bytes.subarray(0, 16)).toEqual(head);
          return bytes.subarray(32, -28).toString("base64");
        },
      };
      return client;
    },
  };
  return { kerberos, asked };
}

test("a ticket for the host's WSMAN service is asked for, with a proof of the host's in return", async () => {
  const { kerberos, asked } = fakePackage();
  const context = await createKerberosContext(kerberos, { host: "hv01.example.com", principal: "me@EXAMPLE.COM" });
  expect(asked).toEqual(["WSMAN@hv01.example.com", { flags: 62, mechOID: 9, principal: "me@EXAMPLE.COM" }]);
  expect((await context.step())?.toString()).toBe("ticket");
  expect(context.isEstablished).toBe(false);
  expect(await context.step(Buffer.from("proof"))).toBeUndefined();
  expect(context.isEstablished).toBe(true);
});

test("a token is rotated as Windows has it, with 60 bytes in front of data of the message's length", async () => {
  const context = await createKerberosContext(fakePackage().kerberos, { host: "hv01.example.com" });
  const { header, data } = await context.seal(Buffer.from("<message/>"));
  expect(header).toHaveLength(60);
  expect(header.readUInt16BE(6)).toBe(28);
  expect(header.subarray(16, 44)).toEqual(Buffer.alloc(28, 2));
  expect(header.subarray(44)).toEqual(Buffer.alloc(16, 1));
  expect(data.toString()).toBe("<message/>");
  expect((await context.unseal(header, data)).toString()).toBe("<message/>");
});

test.each<[string, (message: Buffer) => Buffer, RegExp]>([
  [
    "a package that does not wrap the whole message",
    () => Buffer.concat([head, restOf(Buffer.alloc(4))]),
    /package "kerberos"/,
  ],
  [
    "tickets of another encryption",
    (message) => Buffer.concat([head, restOf(message), Buffer.alloc(12)]),
    /AES with SHA-1/,
  ],
])("%s: nothing is sent, and TLS is named as the way", async (_, wraps, says) => {
  const { kerberos } = fakePackage(wraps);
  const { host, server } = await openClient(
    (seen, response) => {
      if (seen.headers.authorization === undefined) return healthy(seen, response);
      response.writeHead(200, { "WWW-Authenticate": `Kerberos ${Buffer.from("proof").toString("base64")}` }).end();
      return undefined;
    },
    { auth: "kerberos", host: "localhost" },
    { loadPackage: async () => kerberos },
  );
  const failure = await failureOf(host.readService(options));
  expect(failure).toMatchObject({ code: "REFUSED", effect: "none", remedy: expect.stringContaining("5986") as string });
  expect(failure.message).toMatch(says);
  expect(server.seen.map(({ text }) => text)).toEqual([""]);
});

test("a ticket that runs out under way is a matter of the authentication, and leaves open what was done", async () => {
  const { kerberos } = fakePackage();
  const expiring: KerberosPackage = {
    ...kerberos,
    async initializeClient(service, given) {
      const client = await kerberos.initializeClient(service, given);
      const step = async (challenge: string): Promise<string | null> =>
        challenge === "" ? client.step("") : Promise.reject(new Error("The referenced context has expired"));
      return { ...client, step };
    },
  };
  const { host } = await openClient(
    (seen, response) => {
      response.setHeader("WWW-Authenticate", `Kerberos ${Buffer.from("proof").toString("base64")}`);
      return healthy(seen, response);
    },
    { auth: "kerberos", host: "localhost", caFile: tlsFile("ca.pem") },
    { loadPackage: async () => expiring },
    { tls: { asksForCertificate: false } },
  );
  const request = { vmId: "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90", kind: "primary", requestedState: 7 } as const;
  expect(await failureOf(host.requestReplicationState(request, options))).toMatchObject({
    code: "AUTH_FAILED",
    effect: "unknown",
    message: expect.stringContaining("has expired") as string,
    remedy: expect.stringContaining("kinit") as string,
  });
});

test("an encrypted answer without a byte in it is refused before the package sees it", async () => {
  const context = await createKerberosContext(fakePackage().kerberos, { host: "hv01.example.com" });
  await expect(context.unseal(Buffer.alloc(60), Buffer.alloc(0))).rejects.toThrow("cut off");
});

test("without a ticket there is no authentication, and it says what to do", async () => {
  const { kerberos } = fakePackage();
  const none = {
    ...kerberos,
    initializeClient: async () => Promise.reject(new Error("No Kerberos credentials available")),
  };
  await expect(createKerberosContext(none, { host: "hv01" })).rejects.toMatchObject({
    code: "AUTH_FAILED",
    message: expect.stringMatching(/No Kerberos credentials available.*kinit/) as string,
  });
});

test("the package is asked for only when it is needed, and named when it is missing", async () => {
  const { kerberos } = fakePackage();
  expect(await loadKerberos(async () => kerberos)).toBe(kerberos);
  expect(await loadKerberos(async () => ({ default: kerberos }))).toBe(kerberos);
  await expect(loadKerberos(async () => Promise.reject(new Error("Cannot find module")))).rejects.toMatchObject({
    code: "REFUSED",
    remedy: expect.stringContaining("npm install kerberos") as string,
  });
  const loads: string[] = [];
  const load = async (name: string): Promise<unknown> => loads.push(name);
  const basic = await openClient(healthy, {}, { loadPackage: load });
  await basic.host.readService(options);
  expect(loads).toEqual([]);
});
