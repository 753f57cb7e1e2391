import { ContextAuthenticator } from "../../../../../provider/transports/wsman/auth/contextAuthenticator";
import {
  openMessage,
  sealedMediaType,
  sealMessage,
} from "../../../../../provider/transports/wsman/auth/encryptedMessage";
import { HostConnection } from "../../../../../provider/transports/wsman/http/hostConnection";
import type { HttpFailure } from "../../../../../provider/transports/wsman/http/httpFailure";
import type { SecurityContext } from "../../../../../provider/transports/wsman/securityContext";
import { type Script, ScriptedHost, type Seen } from "../scriptedHost";
import { FakeContext } from "./fakeContext";
import type { ServerResponse } from "node:http";

const { signal } = new AbortController();
const message = Buffer.from("<call/>");
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A connection to a scripted host, and an authenticator whose contexts are called A, B and so on. */
async function logOn(script: Script, seals: boolean, scheme: "Negotiate" | "Kerberos" = "Negotiate") {
  const server = await ScriptedHost.start(script);
  const connection = await HostConnection.open({ host: "127.0.0.1", port: server.port }, signal);
  ends.push(
    () => {
      connection.destroy();
    },
    () => server.stop(),
  );
  const contexts: FakeContext[] = [];
  const authenticator = new ContextAuthenticator(async (): Promise<SecurityContext> => {
    const context = new FakeContext("ABC"[contexts.length] ?? "?", scheme);
    contexts.push(context);
    return context;
  }, seals);
  return {
    server,
    contexts,
    send: async (isChange = false) => authenticator.send(connection, message, isChange, signal),
  };
}

/** The host's side of the authentication; `then` answers whatever comes after it. */
function acceptor(then: (seen: Seen, response: ServerResponse, name: string) => void | Promise<void>): Script {
  let name = "";
  return (seen, response) => {
    const { authorization = "" } = seen.headers;
    const token = Buffer.from(authorization.replace(/^\w+ /, ""), "base64").toString();
    if (token.endsWith(" hello")) {
      name = token.charAt(0);
      response.writeHead(401, { "WWW-Authenticate": `Negotiate ${base64(`${name} challenge`)}` }).end("who are you");
    } else if (token !== "" && seen.body.length === 0) response.end();
    else return then(seen, response, name);
  };
}

/** Opens what was sent, and answers it, encrypted. */
const hosts = new Map<string, { incoming: FakeContext; outgoing: FakeContext }>();
const sealing = async (seen: Seen, response: ServerResponse, name: string): Promise<void> => {
  const host = hosts.get(name) ?? { incoming: new FakeContext(name), outgoing: new FakeContext(name) };
  hosts.set(name, host);
  const { body } = await openMessage(host.incoming, seen.body);
  const reply = await sealMessage(
    host.outgoing,
    Buffer.from(`${body.toString()} answered`),
    "application/soap+xml;charset=UTF-8",
  );
  response.writeHead(200, { "Content-Type": sealedMediaType(host.outgoing) }).end(reply);
};
beforeEach(() => {
  hosts.clear();
});

test("on plain HTTP it authenticates with nothing in hand, and then encrypts what it sends and opens what comes", async () => {
  const { server, send } = await logOn(acceptor(sealing), true);
  for (let count = 0; count < 3; count += 1) {
    const { status, body, mediaType } = await send();
    expect({ status, text: body.toString(), mediaType }).toEqual({
      status: 200,
      text: "<call/> answered",
      mediaType: "application/soap+xml;charset=UTF-8",
    });
  }
  expect(server.seen).toHaveLength(5);
  expect(server.seen.slice(0, 2).map(({ body }) => body.length)).toEqual([0, 0]);
  expect(server.seen.every(({ text }) => !text.includes("<call/>"))).toBe(true);
  expect(server.seen[2]?.headers.authorization).toBeUndefined();
});

test("a 401 in the middle is followed by a new authentication, and the message is encrypted again", async () => {
  let forgets = false;
  const { server, contexts, send } = await logOn(
    acceptor((seen, response, name) => {
      if (!forgets) return sealing(seen, response, name);
      forgets = false;
      response.writeHead(401, { "WWW-Authenticate": "Negotiate" }).end();
      return undefined;
    }),
    true,
  );
  await send();
  forgets = true;
  expect((await send()).body.toString()).toBe("<call/> answered");
  expect(contexts.map(({ name }) => name)).toEqual(["A", "B"]);
  expect(server.seen.at(-1)?.body.includes("B#1")).toBe(true);
});

test("a 401 without encryption in the middle is no reason to send what changes something a second time", async () => {
  let forgets = false;
  const { server, contexts, send } = await logOn(
    acceptor((seen, response, name) => {
      if (!forgets) return sealing(seen, response, name);
      response.writeHead(401, { "WWW-Authenticate": "Negotiate" }).end();
      return undefined;
    }),
    true,
  );
  await send(true);
  const before = server.seen.length;
  forgets = true;
  expect(await send(true)).toMatchObject({ status: 401, isUnsealed: true });
  expect(server.seen).toHaveLength(before + 1);
  expect(contexts).toHaveLength(1);
});

test("an answer without encryption is marked, as anybody may have made it", async () => {
  const { send } = await logOn(
    acceptor((_seen, response) => void response.end("<call/> answered")),
    true,
  );
  expect(await send()).toMatchObject({ isUnsealed: true });
});

test("an answer that cannot be decrypted leaves open what was done, and ends the connection", async () => {
  const { send } = await logOn(
    acceptor((seen, response) => sealing({ ...seen, body: seen.body }, response, "A").then(() => undefined)),
    true,
  );
  await send();
  hosts.set("A", {
    incoming: Object.assign(new FakeContext("A"), { unseal: async () => message }),
    outgoing: new FakeContext("X"),
  });
  const failure = await send().catch((error: unknown) => error as HttpFailure);
  expect(failure).toMatchObject({
    kind: "badReply",
    mayHaveArrived: true,
    message: "the response cannot be decrypted",
  });
  expect(await send().catch((error: unknown) => error as HttpFailure)).toMatchObject({ kind: "gone" });
});

test("over TLS the message goes along with the proof, and alone after that", async () => {
  const { server, send } = await logOn(
    acceptor((_seen, response) => void response.end("<ok/>")),
    false,
  );
  await send();
  await send();
  expect(server.seen.map(({ headers, text }) => [headers.authorization !== undefined, text])).toEqual([
    [true, ""],
    [true, "<call/>"],
    [false, "<call/>"],
  ]);
});

test("Kerberos needs one token, with which the message goes along, and looks at the one that comes back", async () => {
  const { server, contexts, send } = await logOn(
    (_seen, response) =>
      void response.writeHead(200, { "WWW-Authenticate": `Kerberos ${base64("A challenge")}` }).end("<ok/>"),
    false,
    "Kerberos",
  );
  expect((await send()).status).toBe(200);
  expect(contexts[0]?.steps).toEqual([undefined, "A challenge"]);
  expect(server.seen.map(({ text }) => text)).toEqual(["<call/>"]);
  expect(server.seen[0]?.headers.authorization).toMatch(/^Kerberos /);
});

test.each<[string, Script]>([
  [
    "does not know the scheme",
    (_seen, response) => void response.writeHead(401, { "WWW-Authenticate": "Basic" }).end(),
  ],
  [
    "does not believe the proof",
    acceptor((_seen, response) => void response.writeHead(401, { "WWW-Authenticate": "Negotiate" }).end()),
  ],
])("a host that %s is not asked again", async (_, script) => {
  const { server, send } = await logOn(script, false);
  expect((await send()).status).toBe(401);
  expect(server.seen.length).toBeLessThan(3);
});

test("a host that takes half an authentication for a whole one gets no message", async () => {
  const { server, send } = await logOn((_seen, response) => void response.end(), true);
  expect(await send().catch((error: unknown) => error as HttpFailure)).toMatchObject({
    kind: "badReply",
    mayHaveArrived: false,
  });
  expect(server.seen).toHaveLength(1);
});
