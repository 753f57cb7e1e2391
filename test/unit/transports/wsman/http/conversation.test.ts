import type { Authenticator } from "../../../../../provider/transports/wsman/auth/authenticator";
import { HeaderAuthenticator } from "../../../../../provider/transports/wsman/auth/authenticator";
import { ConnectionPool, maxOperations } from "../../../../../provider/transports/wsman/http/connectionPool";
import { Conversation } from "../../../../../provider/transports/wsman/http/conversation";
import { HostConnection } from "../../../../../provider/transports/wsman/http/hostConnection";
import type { HttpFailure } from "../../../../../provider/transports/wsman/http/httpFailure";
import { type Script, ScriptedHost } from "../scriptedHost";

const { signal } = new AbortController();
const message = Buffer.from("<hello/>");
const answer: Script = (_seen, response) => void response.end("<hello/>");

const hosts: ScriptedHost[] = [];
const conversations: Conversation[] = [];
afterEach(async () => {
  for (const conversation of conversations.splice(0)) conversation.close();
  for (const host of hosts.splice(0)) await host.stop();
});

/** A conversation with a scripted host; time passes for its connections only when `clock.ms` does. */
async function converse(
  script: Script,
  wholeMs = 10_000,
  authenticator: Authenticator = new HeaderAuthenticator("Basic x"),
) {
  const server = await ScriptedHost.start(script);
  const clock = { ms: 0 };
  const endpoint = { host: "127.0.0.1", port: server.port };
  const pool = new ConnectionPool(
    (stop) => HostConnection.open(endpoint, stop),
    () => clock.ms,
  );
  const conversation = new Conversation(pool, authenticator, wholeMs);
  hosts.push(server);
  conversations.push(conversation);
  return { server, clock, conversation };
}

async function failureOf(call: Promise<unknown>): Promise<Pick<HttpFailure, "kind" | "mayHaveArrived">> {
  return call.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as HttpFailure,
  );
}

test("one message after the other goes over one connection", async () => {
  const { server, conversation } = await converse(answer);
  for (let count = 0; count < 5; count += 1) await conversation.send(message, count % 2 === 0, signal);
  expect(server.connections).toBe(1);
  expect(server.seen).toHaveLength(5);
});

test("no more than a host allows are under way at once, each on its own connection, and the others wait in line", async () => {
  const { promise: go, resolve } = Promise.withResolvers<undefined>();
  let underWay = 0;
  let most = 0;
  const { server, conversation } = await converse(async (_seen, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await go;
    underWay -= 1;
    response.end();
  });
  const stop = new AbortController();
  const sent = Array.from({ length: 20 }, () => conversation.send(message, false, signal));
  const stopped = failureOf(conversation.send(message, true, stop.signal));
  stop.abort();
  expect(await stopped).toMatchObject({ kind: "aborted", mayHaveArrived: false });
  resolve(undefined);
  await Promise.all(sent);
  expect(most).toBeLessThanOrEqual(maxOperations);
  expect(server.connections).toBe(maxOperations);
  expect(server.seen).toHaveLength(20);
});

test("no answer in time is an answer that was lost", async () => {
  const { conversation } = await converse(() => undefined, 50);
  expect(await failureOf(conversation.send(message, true, signal))).toMatchObject({
    kind: "lost",
    mayHaveArrived: true,
  });
});

test("an answer that does not come to its end in time is lost too", async () => {
  const { conversation } = await converse((_seen, response) => void response.write("<hel"), 50);
  expect(await failureOf(conversation.send(message, true, signal))).toMatchObject({
    kind: "lost",
    mayHaveArrived: true,
  });
});

/** Answers once on each connection, and breaks it under the next message. */
const breaking = (): Script => {
  const used = new Set<number>();
  return ({ connection, socket }, response) => {
    if (used.has(connection)) socket.destroy();
    else response.end();
    used.add(connection);
  };
};

test("a message that changes nothing is sent again when a connection breaks that was idle", async () => {
  const { server, clock, conversation } = await converse(breaking());
  await conversation.send(message, false, signal);
  clock.ms = 2_000;
  await conversation.send(message, false, signal);
  expect(server.seen).toHaveLength(3);
  expect(server.connections).toBe(2);
});

test("a message that changes something is never sent again once it may have arrived", async () => {
  const { server, clock, conversation } = await converse(breaking());
  await conversation.send(message, false, signal);
  clock.ms = 2_000;
  expect(await failureOf(conversation.send(message, true, signal))).toMatchObject({
    kind: "lost",
    mayHaveArrived: true,
  });
  expect(server.seen).toHaveLength(2);
});

test("a message that changes something does not go over a connection that has been idle for long", async () => {
  const { server, clock, conversation } = await converse(breaking());
  await conversation.send(message, false, signal);
  clock.ms = 6_000;
  await conversation.send(message, true, signal);
  expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
});

test("a connection that breaks without having been idle is not the connection's fault: nothing is sent again", async () => {
  const { server, conversation } = await converse(breaking());
  await conversation.send(message, false, signal);
  expect(await failureOf(conversation.send(message, false, signal))).toMatchObject({ kind: "lost" });
  expect(server.seen).toHaveLength(2);
});

test("a connection that the host has closed in between is replaced, also for what changes something", async () => {
  const { server, conversation } = await converse(
    (_seen, response) => void response.setHeader("Connection", "close").end(),
  );
  await conversation.send(message, true, signal);
  await conversation.send(message, true, signal);
  expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
});

test("the caller that stops a message under way ends its connection, and the next one has another", async () => {
  const { promise: arrived, resolve } = Promise.withResolvers<undefined>();
  const { server, conversation } = await converse(() => {
    resolve(undefined);
  });
  const stop = new AbortController();
  const sent = failureOf(conversation.send(message, true, stop.signal));
  await arrived;
  stop.abort();
  expect(await sent).toMatchObject({ kind: "aborted", mayHaveArrived: true });
  server.become(answer);
  await conversation.send(message, false, signal);
  expect(server.connections).toBe(2);
});

test("closing ends what is under way and what waits", async () => {
  const { promise: arrived, resolve } = Promise.withResolvers<undefined>();
  const { conversation, server } = await converse(() => {
    if (server.seen.length === maxOperations) resolve(undefined);
  });
  const sent = Array.from({ length: maxOperations + 1 }, () => failureOf(conversation.send(message, true, signal)));
  await arrived;
  conversation.close();
  const kinds = (await Promise.all(sent)).map(({ kind, mayHaveArrived }) => `${kind} ${mayHaveArrived}`);
  expect(kinds).toEqual([...Array.from({ length: maxOperations }, () => "lost true"), "unreachable false"]);
});
