import { connect } from "node:net";
import { duplexPair } from "node:stream";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { SimulatedHost } from "../../../../provider/simulator/forDoors";
import { WsmanDoor } from "../../../../provider/simulator/server/wsmanDoor";
import {
  closeLabs,
  elementsOf,
  getEnvelope,
  machineId,
  oneConnection,
  openLab,
  queryEnvelope,
  resynchronizeEnvelope,
  send,
  textsOf,
} from "./doorLab";

afterEach(closeLabs);

const query = queryEnvelope("SELECT * FROM Msvm_ComputerSystem");
const identify =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>' +
  '<i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>';

/** Calls of `Resynchronize` that the host has seen. */
async function callsSeen({ administration }: Awaited<ReturnType<typeof openLab>>): Promise<number> {
  return (await administration.readJournal()).filter(({ operation }) => operation === "Resynchronize").length;
}

test("a host that cannot be reached breaks the connection, before it asks who is there", async () => {
  const { send: ask, administration } = await openLab();
  await administration.setReachable(false);
  await expect(ask(query)).rejects.toThrow(/ECONNRESET|socket hang up/);
  await expect(ask(query, { headers: { Authorization: undefined } })).rejects.toThrow(/ECONNRESET|socket hang up/);
  await administration.setReachable(true);
  expect((await ask(query)).status).toBe(200);
});

test.each([
  ["lostReplyBefore", 0],
  ["lostReplyAfter", 1],
] as const)("%s breaks the connection with %p calls carried out", async (kind, calls) => {
  const lab = await openLab({ faults: [{ operation: "Resynchronize", kind }] });
  await expect(lab.send(resynchronizeEnvelope())).rejects.toThrow(/ECONNRESET|socket hang up/);
  expect(await callsSeen(lab)).toBe(calls);
});

test("a slow reply takes its time on the host's clock", async () => {
  const { send: ask } = await openLab({
    clock: { start: "2030-01-07T12:00:00Z", speed: 100_000 },
    faults: [{ operation: "Resynchronize", kind: "slowReply", seconds: 3_600 }],
  });
  const answer = await ask(resynchronizeEnvelope());
  expect(Date.parse(String(answer.headers["date"]))).toBeGreaterThanOrEqual(Date.UTC(2030, 0, 7, 13));
});

test.each([
  ["unauthorized", 401],
  ["unavailable", 503],
  ["requestTooLarge", 413],
  ["notFound", 404],
  ["redirect", 302],
] as const)("%s answers %p, and the call is not carried out", async (kind, status) => {
  const lab = await openLab({ wsman: { brokenReplies: [{ operation: "Resynchronize", kind }] } });
  expect(await lab.send(resynchronizeEnvelope())).toMatchObject({ status, text: "" });
  expect(await callsSeen(lab)).toBe(0);
  expect(textsOf(await lab.send(resynchronizeEnvelope()), "ReturnValue")).toEqual(["4096"]);
});

test("a login page comes as 200 and HTML, and the call is not carried out", async () => {
  const lab = await openLab();
  lab.door.breakReply({ operation: "*", kind: "loginPage" });
  const answer = await lab.send(resynchronizeEnvelope());
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": "text/html" } });
  expect(await callsSeen(lab)).toBe(0);
});

test("half a reply ends with the connection, after the call was carried out", async () => {
  const lab = await openLab();
  lab.door.breakReply({ operation: "Resynchronize", kind: "half" });
  await expect(lab.send(resynchronizeEnvelope())).rejects.toThrow("aborted");
  expect(await callsSeen(lab)).toBe(1);
});

test("what is no XML comes under the name of it, after the call was carried out", async () => {
  const lab = await openLab();
  lab.door.breakReply({ operation: "Resynchronize", kind: "notXml" });
  const answer = await lab.send(resynchronizeEnvelope());
  expect(answer.headers["content-type"]).toBe("application/soap+xml;charset=UTF-8");
  expect(answer.text).not.toContain("<");
  expect(await callsSeen(lab)).toBe(1);
});

test("a reply in the wrong encoding is UTF-16 that calls itself UTF-8", async () => {
  const lab = await openLab();
  lab.door.breakReply({ operation: "*", kind: "wrongEncoding" });
  const answer = await lab.send(query);
  expect(answer.headers["content-type"]).toBe("application/soap+xml;charset=UTF-8");
  expect(answer.bytes.toString("utf16le")).toContain("<s:Envelope");
});

test("a reply that is too large continues for as long as somebody reads it", async () => {
  const lab = await openLab();
  lab.door.breakReply({ operation: "*", kind: "tooLarge" });
  const socket = connect(lab.door.port, "127.0.0.1");
  const authorization = `Basic ${Buffer.from("operator:simulated").toString("base64")}`;
  socket.write(
    `POST /wsman HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/soap+xml\r\n` +
      `Content-Length: ${Buffer.byteLength(query)}\r\n\r\n${query}`,
  );
  let bytes = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > 4_000_000) break;
  }
  expect(bytes).toBeGreaterThan(4_000_000);
  expect((await lab.send(query)).status).toBe(200);
});

test("a broken reply lets so many go well first, and is used up", async () => {
  const lab = await openLab({
    wsman: { brokenReplies: [{ operation: "Enumerate Msvm_ComputerSystem", kind: "unavailable", after: 1, times: 2 }] },
  });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) statuses.push((await lab.send(query)).status);
  expect(statuses).toEqual([200, 503, 503, 200]);
  expect(textsOf(await lab.send(resynchronizeEnvelope()), "ReturnValue")).toEqual(["4096"]);
});

test("the journal tells the connections apart that calls came through", async () => {
  const lab = await openLab();
  const agent = oneConnection();
  await lab.send(query, { agent });
  await lab.send(query, { agent });
  await lab.send(query);
  agent.destroy();
  expect((await lab.administration.readJournal()).map(({ connection }) => connection)).toEqual([1, 1, 2]);
  expect(lab.door.connectionsMade).toBe(2);
});

test("a Get is journalled as one", async () => {
  const lab = await openLab();
  await lab.send(query);
  await lab.send(getEnvelope("Msvm_ComputerSystem", { Name: machineId }));
  expect((await lab.administration.readJournal()).map(({ operation }) => operation)).toEqual([
    "Enumerate Msvm_ComputerSystem",
    "Get Msvm_ComputerSystem",
  ]);
});

test("an Identify without an authentication says who made it and no version, and nothing else is answered without one", async () => {
  const { door } = await openLab();
  const headers = { WSMANIDENTIFY: "unauthenticated", Authorization: undefined };
  const answer = await send(door.url, identify, { headers });
  expect(textsOf(answer, "ProductVersion")).toEqual(["OS: 0.0.0 SP: 0.0 Stack: 3.0"]);
  expect(elementsOf(answer, "SecurityProfiles")).toEqual([]);
  expect((await send(door.url, query, { headers })).status).toBe(401);
  expect((await send(door.url, identify, { headers: { Authorization: undefined } })).status).toBe(401);
});

test("an Identify of an authenticated client tells the version and the ways to authenticate", async () => {
  const { send: ask } = await openLab();
  const answer = await ask(identify);
  expect(textsOf(answer, "ProductVersion")).toEqual(["OS: 10.0.20348 SP: 0.0 Stack: 3.0"]);
  expect(textsOf(answer, "SecurityProfileName")).toHaveLength(5);
});

test("a closed door breaks what waits, and is not there any more", async () => {
  const lab = await openLab({ faults: [{ operation: "Resynchronize", kind: "slowReply", seconds: 3_600 }] });
  const { url } = lab.door;
  const waiting = lab.send(resynchronizeEnvelope());
  const broken = expect(waiting).rejects.toThrow();
  while ((await callsSeen(lab)) === 0) await setImmediate();
  await lab.door.close();
  await broken;
  await expect(send(url, query)).rejects.toThrow("ECONNREFUSED");
});

test("bytes that are no HTTP do no harm", async () => {
  const lab = await openLab();
  const socket = connect(lab.door.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.end(Buffer.alloc(4_096, 0xff));
  socket.resume();
  await once(socket, "close");
  expect((await lab.send(query)).status).toBe(200);
});

test("a door that listens nowhere serves the connections it is given, and numbers them", async () => {
  const { scenarioPath, administration } = await openLab();
  const door = WsmanDoor.unlisted(SimulatedHost.open(scenarioPath), { allowsUnencrypted: true });
  door.accept(duplexPair()[0]);
  const [client, host] = duplexPair();
  expect(door.accept(host)).toBe(2);
  const authorization = `Basic ${Buffer.from("operator:simulated").toString("base64")}`;
  client.write(
    `POST /wsman HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/soap+xml\r\n` +
      `Content-Length: ${Buffer.byteLength(query)}\r\n\r\n${query}`,
  );
  let text = "";
  for await (const chunk of client.setEncoding("utf8") as AsyncIterable<string>) {
    text += chunk;
    if (text.endsWith("</s:Envelope>")) break;
  }
  expect(text).toMatch(/^HTTP\/1.1 200 OK/);
  expect((await administration.readJournal()).map(({ connection }) => connection)).toEqual([2]);
  await door.close();
});
