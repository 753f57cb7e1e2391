import { X509Certificate } from "node:crypto";
import { type CertificateWithKey, makeCertificate } from "../../../../provider/simulator/server/selfSigned";
import { closeLabs, enumerateEnvelope, faultOf, oneConnection, openLab, queryEnvelope, send, textsOf } from "./doorLab";
import { authenticateMessage, negotiateMessage, vector } from "./ntlm/vectors";

afterEach(closeLabs);

const query = queryEnvelope("SELECT * FROM Msvm_ReplicationService");
let certificate: CertificateWithKey;
beforeAll(async () => {
  certificate = await makeCertificate(["localhost"], Date.now());
});
const basic = (text: string) => ({ headers: { Authorization: `Basic ${Buffer.from(text).toString("base64")}` } });

test.each([
  ["no header", undefined],
  ["an empty header", ""],
  ["an unknown scheme", "Digest username=operator"],
  ["a wrong password", `Basic ${Buffer.from("operator:wrong").toString("base64")}`],
  ["a wrong user", `Basic ${Buffer.from("nobody:simulated").toString("base64")}`],
  ["a user of another domain", `Basic ${Buffer.from("OTHER\\operator:simulated").toString("base64")}`],
  ["no password", `Basic ${Buffer.from("operator").toString("base64")}`],
  ["a token that is none", "Negotiate abcd"],
  ["the last message without a first", `Negotiate ${vector.authenticate.toString("base64")}`],
  ["a certificate where there is no TLS", "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"],
])("%s is answered with 401 and what would do", async (_, header) => {
  const { door } = await openLab();
  const answer = await send(door.url, query, { headers: { Authorization: header } });
  expect(answer).toMatchObject({ status: 401, text: "" });
  expect(answer.headers["www-authenticate"]).toBe('Negotiate, Basic realm="WSMAN"');
});

test.each(["operator:simulated", "OPERATOR:simulated", "HV01\\operator:simulated", ".\\operator:simulated"])(
  "Basic takes %s",
  async (text) => {
    const { door } = await openLab();
    expect((await send(door.url, query, basic(text))).status).toBe(200);
  },
);

test("a password may hold colons and any letters", async () => {
  const { door } = await openLab({ accounts: [{ user: "ä", password: "a:b仮" }] });
  expect((await send(door.url, query, basic("ä:a:b仮"))).status).toBe(200);
});

test("Basic over HTTP is refused with 500 when it is right, with 401 when it is wrong, unless the door allows it", async () => {
  const { door } = await openLab({}, { allowsUnencrypted: false });
  expect(await send(door.url, query, basic("operator:simulated"))).toMatchObject({ status: 500, text: "" });
  expect((await send(door.url, query, basic("operator:wrong"))).status).toBe(401);
});

test("the first message of NTLM is answered with a challenge and nothing else", async () => {
  const { door } = await openLab();
  const headers = { Authorization: `Negotiate ${negotiateMessage().toString("base64")}` };
  const answer = await send(door.url, "", { headers });
  expect(answer.status).toBe(401);
  const [scheme, token = ""] = String(answer.headers["www-authenticate"]).split(" ");
  expect(scheme).toBe("Negotiate");
  expect(Buffer.from(token, "base64").subarray(0, 9).toString("latin1")).toBe("NTLMSSP\0\u0002");
});

test("NTLM authenticates a connection: no other, and not for longer than until the next 401", async () => {
  const { door } = await openLab();
  const agent = oneConnection();
  const without = async (body: string) => send(door.url, body, { agent, headers: { Authorization: undefined } });
  const withToken = async (token: Buffer) =>
    send(door.url, "", { agent, headers: { Authorization: `Negotiate ${token.toString("base64")}` } });
  const asked = await withToken(negotiateMessage());
  const challenge = Buffer.from(String(asked.headers["www-authenticate"]).replace("Negotiate ", ""), "base64");
  expect(await withToken(authenticateMessage(challenge, "operator", "simulated"))).toMatchObject({
    status: 200,
    text: "",
  });
  expect(textsOf(await without(query), "SystemName")).toEqual(["HV01"]);
  expect((await send(door.url, query, { headers: { Authorization: undefined } })).status).toBe(401);
  door.breakReply({ operation: "*", kind: "unauthorized" });
  expect((await without(query)).status).toBe(401);
  expect((await without(query)).status).toBe(401);
  expect((await withToken(authenticateMessage(challenge, "operator", "simulated"))).status).toBe(401);
  agent.destroy();
});

test("over TLS Basic needs no permission", async () => {
  const { door } = await openLab({}, { certificate, allowsUnencrypted: false });
  expect(door.url).toMatch(/^https:/);
  expect((await send(door.url, query, basic("operator:simulated"))).status).toBe(200);
});

describe("a client certificate", () => {
  let client: CertificateWithKey;
  beforeAll(async () => {
    client = await makeCertificate(["operator"], Date.now());
  });
  const headers = { Authorization: "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual" };

  test.each([
    ["SHA-1", "fingerprint"],
    ["SHA-256", "fingerprint256"],
  ] as const)("stands for the account that the scenario names with its %s", async (_, kind) => {
    const thumbprint = new X509Certificate(client.cert)[kind].replaceAll(":", "");
    const { door, administration } = await openLab(
      { accounts: [{ user: "reader", password: "x" }], wsman: { certificates: [{ thumbprint, user: "reader" }] } },
      { certificate },
    );
    const answer = await send(door.url, query, { headers, tls: client });
    expect(textsOf(answer, "SystemName")).toEqual(["HV01"]);
    expect(await administration.readJournal()).toHaveLength(1);
  });

  test("that stands for no account is denied access", async () => {
    const others = [{ thumbprint: "0".repeat(40), user: "operator" }];
    const { door } = await openLab({ wsman: { certificates: others } }, { certificate });
    expect(faultOf(await send(door.url, query, { headers, tls: client }))).toEqual({
      status: 500,
      number: "0x5",
      subcode: "w:AccessDenied",
    });
  });

  test("must be there", async () => {
    const { door } = await openLab({}, { certificate });
    expect((await send(door.url, query, { headers })).status).toBe(401);
  });
});

test("a sealed message of nobody is answered with 400", async () => {
  const { door } = await openLab();
  const headers = {
    ...basic("operator:simulated").headers,
    "Content-Type":
      'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"',
  };
  expect((await send(door.url, enumerateEnvelope("Msvm_ConcreteJob"), { headers })).status).toBe(400);
});
