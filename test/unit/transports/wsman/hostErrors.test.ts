import { hostError } from "../../../../provider/transports/wsman/hostErrors";
import { HttpFailure } from "../../../../provider/transports/wsman/http/httpFailure";
import { HostFault } from "../../../../provider/transports/wsman/soap/fault";
import { closeAll, failureOf, openClient, options } from "./openClient";
import { fixture } from "./fixtures";
import { healthy, messageIdOf, operationOf, reply, type Script, send, type Seen } from "./scriptedHost";
import type { ServerResponse } from "node:http";

afterEach(closeAll);

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";

/** A host that is well until it is called. */
const whenCalled =
  (script: Script): Script =>
  (seen, response) =>
    operationOf(seen) === "Resynchronize" ? script(seen, response) : healthy(seen, response);

type Answer = (response: ServerResponse, seen: Seen) => void;
const withStatus =
  (status: number, headers: Record<string, string> = {}, body = ""): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);

test.each<[string, string, string, string, RegExp]>([
  [
    "Fault_WSManFault",
    "CIM_FAULT",
    "none",
    "unknown",
    /0x80338041 \(2150858817, ERROR_WSMAN_SCHEMA_VALIDATION_ERROR\), The SOAP XML/,
  ],
  [
    "Fault_ProviderFault",
    "ACCESS_DENIED",
    "none",
    "none",
    /0x80041003 \(2147749891, WBEM_E_ACCESS_DENIED\), Access denied/,
  ],
  ["Fault_MSFT_WmiError", "NOT_FOUND", "none", "none", /0x80041002 \(2147749890, WBEM_E_NOT_FOUND\), Not found/],
  [
    "Fault_Subcode",
    "CIM_FAULT",
    "none",
    "none",
    /0x8033803F \(2150858815, ERROR_WSMAN_QUOTA_LIMIT\), The service is too busy/,
  ],
])("%s is put into its class, with the number, what it says and a remedy", async (name, code, read, called, says) => {
  const reading = await openClient((seen, response) => {
    reply(seen, response, name, 500);
  });
  const failure = await failureOf(reading.host.readService(options));
  expect(failure).toMatchObject({ code, effect: read });
  expect(failure.message).toMatch(says);
  expect(failure.remedy).toBeDefined();
  const calling = await openClient(
    whenCalled((seen, response) => {
      reply(seen, response, name, 500);
    }),
  );
  expect(await failureOf(calling.host.startResync({ vmId }, options))).toMatchObject({ code, effect: called });
});

const html = { "Content-Type": "text/html" };
const soap = { "Content-Type": "application/soap+xml;charset=UTF-8" };

test.each<[string, Answer, string, string]>([
  ["401", withStatus(401, { "WWW-Authenticate": 'Negotiate, Basic realm="WSMAN"' }), "AUTH_FAILED", "none"],
  ["403", withStatus(403), "ACCESS_DENIED", "none"],
  ["404", withStatus(404, html, "<html>not here</html>"), "UNREACHABLE", "none"],
  ["407", withStatus(407), "UNREACHABLE", "none"],
  ["413", withStatus(413), "CIM_FAULT", "none"],
  ["a redirect", withStatus(302, { Location: "https://elsewhere.example/wsman" }), "BAD_REPLY", "none"],
  ["500 without a fault", withStatus(500), "BAD_REPLY", "unknown"],
  ["500 with a web page", withStatus(500, html, "<html>oops</html>"), "BAD_REPLY", "unknown"],
  ["502", withStatus(502), "UNREACHABLE", "unknown"],
  ["503", withStatus(503), "UNREACHABLE", "unknown"],
  ["418", withStatus(418), "BAD_REPLY", "unknown"],
  ["a login page", withStatus(200, html, "<!DOCTYPE html><html><form>"), "BAD_REPLY", "unknown"],
  ["a login page that says it is SOAP", withStatus(200, soap, "<html><form/></html>"), "BAD_REPLY", "unknown"],
  ["nothing", withStatus(200, soap), "BAD_REPLY", "unknown"],
  ["no XML", withStatus(200, soap, "OK"), "BAD_REPLY", "unknown"],
  ["XML that is no SOAP", withStatus(200, soap, "<ok/>"), "BAD_REPLY", "unknown"],
  ["XML that is cut off", withStatus(200, soap, "<s:Envelope xmlns:s="), "BAD_REPLY", "unknown"],
  ["a document type", withStatus(200, soap, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "BAD_REPLY", "unknown"],
  ["another encoding", withStatus(200, { "Content-Type": "text/xml;charset=koi8-r" }, "x"), "BAD_REPLY", "unknown"],
  [
    "more than is taken",
    (response) => response.writeHead(200, soap).end("x".repeat(2_097_153)),
    "BAD_REPLY",
    "unknown",
  ],
  [
    "half of what it announces",
    (response, { socket }) => {
      response.writeHead(200, { ...soap, "Content-Length": "1000" });
      response.write("half", () => socket.destroy());
    },
    "SESSION_LOST",
    "unknown",
  ],
  ["a broken connection", (_response, { socket }) => socket.destroy(), "SESSION_LOST", "unknown"],
  [
    "something that is no HTTP",
    (_response, { socket }) => socket.end("220 mail.example ESMTP\r\n\r\n"),
    "BAD_REPLY",
    "unknown",
  ],
])("%s is put into its class, with what a call that got it may have done", async (_, answer, code, effect) => {
  const calling = await openClient(
    whenCalled((seen, response) => {
      answer(response, seen);
    }),
  );
  const failure = await failureOf(calling.host.startResync({ vmId }, options));
  expect(failure).toMatchObject({ code, effect });
  expect(failure.message).toMatch(/^on 127\.0\.0\.1: could not call Resynchronize: ./);
  expect(failure.message).not.toContain("pass word");
  expect(calling.server.seen.filter((seen) => operationOf(seen) === "Resynchronize")).toHaveLength(1);
  const reading = await openClient((seen, response) => {
    answer(response, seen);
  });
  expect(await failureOf(reading.host.readService(options))).toMatchObject({ code, effect: "none" });
});

test("what is larger than is taken is not read to its end", async () => {
  const { host } = await openClient((_, response) => {
    response.writeHead(200, soap).end("x".repeat(2_097_153));
  });
  expect((await failureOf(host.readService(options))).message).toContain("larger than 2097152 bytes");
});

test("an answer with the status of a fault is not a response", async () => {
  const { host } = await openClient(
    whenCalled((seen, response) => {
      reply(seen, response, "Resynchronize_Msvm_ReplicationService", 500);
    }),
  );
  expect(await failureOf(host.startResync({ vmId }, options))).toMatchObject({ code: "BAD_REPLY", effect: "unknown" });
});

test("of several numbers the innermost counts that has a name, or the innermost", async () => {
  for (const [inner, says] of [
    ["2147749891", "0x80041003"],
    ["-2147217405", "0x80041003"],
    ["0x80041003", "0x80041003"],
    ["2147946932", "0x800711B4 (2147946932)"],
  ] as const) {
    const { host } = await openClient((seen, response) => {
      send(
        response,
        fixture("Fault_ProviderFault").replace("MESSAGE-ID", messageIdOf(seen)).replace("2147749891", inner),
        500,
      );
    });
    expect((await failureOf(host.readService(options))).message).toContain(says);
  }
});

test("a refused authentication names what the host takes", async () => {
  const { host } = await openClient((_, response) => {
    withStatus(401, { "WWW-Authenticate": 'Negotiate, Basic realm="WSMAN"' })(response, {} as Seen);
  });
  expect((await failureOf(host.readService(options))).message).toContain("The host accepts Negotiate, Basic");
});

test("a text of a host is shown as one line of bounded length, without what a terminal obeys", async () => {
  const text = `\u0085a\n\tb${"x".repeat(5_000)}`;
  const { host } = await openClient((_, response) => {
    send(
      response,
      `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Reason><s:Text>${text}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
      500,
    );
  });
  const { message } = await failureOf(host.readService(options));
  expect(message).toContain("\ufffda bxxx");
  expect(message.length).toBeLessThan(700);
});

test("a host that nothing answers at is not reachable, and nothing was called", async () => {
  const { host, server } = await openClient(healthy);
  await server.stop();
  expect(await failureOf(host.readService(options))).toMatchObject({ code: "UNREACHABLE", effect: "none" });
  expect(await failureOf(host.startResync({ vmId }, options))).toMatchObject({ code: "UNREACHABLE", effect: "none" });
});

test("the caller that stops is answered at once, and knows whether the call was under way", async () => {
  const { promise: arrived, resolve } = Promise.withResolvers<undefined>();
  const { host, server } = await openClient(
    whenCalled(() => {
      resolve(undefined);
    }),
  );
  const stop = new AbortController();
  const stopped = { signal: stop.signal };
  const pending = failureOf(host.startResync({ vmId }, stopped));
  await arrived;
  stop.abort();
  expect(await pending).toMatchObject({ code: "CANCELLED", effect: "unknown" });
  expect(await failureOf(host.startResync({ vmId }, stopped))).toMatchObject({ code: "CANCELLED", effect: "none" });
  expect(await failureOf(host.readService(stopped))).toMatchObject({ code: "CANCELLED", effect: "none" });
  expect(server.seen).toHaveLength(2);
});

test("a session that is closed calls nothing any more, and can be closed again", async () => {
  const { host, server } = await openClient(healthy);
  await host.close();
  await host.close();
  expect(await failureOf(host.startResync({ vmId }, options))).toMatchObject({ code: "UNREACHABLE", effect: "none" });
  expect(server.seen).toEqual([]);
});

test.each<[string, Error, boolean]>([
  ["a host that does not answer", new HttpFailure("unreachable", "HV01 does not answer"), true],
  ["an authentication that is cut off", new HttpFailure("lost", "the connection was lost"), true],
  ["a lost reply", new HttpFailure("lost", "the connection was lost", { mayHaveArrived: true }), false],
  ["an unexpected token", new HttpFailure("badReply", "no token"), true],
  ["a fault of the host", new HostFault(0x8004_1003, "denied"), false],
])("%s: the call was not made: %s", (_, failure, isBeforeCall) => {
  const step = { host: "HV01", step: "call Resynchronize", isChange: true };
  expect(hostError(failure, step)).toMatchObject({ isBeforeCall });
});

test("an outer number that leaves the effect open counts, whatever stands within", () => {
  const step = { host: "HV01", step: "call Resynchronize", isChange: true };
  expect(hostError(new HostFault(0x8004_1002, "gone", false), step)).toMatchObject({
    code: "NOT_FOUND",
    effect: "unknown",
  });
});
