import { readFileSync } from "node:fs";
import type { ReplicationHost } from "../../../../provider/core/host/ports";
import { SimulatorAdministration } from "../../../../provider/simulator";
import type { BrokenReplyInput } from "../../../../provider/simulator/scenario/wsmanInput";
import { makeCertificate } from "../../../../provider/simulator/server/selfSigned";
import { WsmanDoor } from "../../../../provider/simulator/server/wsmanDoor";
import { SimulatedHost } from "../../../../provider/simulator/forDoors";
import type { WsmanConnection } from "../../../../provider/transports/wsman/connection";
import { openWsmanHost } from "../../../../provider/transports/wsman/wsmanHost";
import { FaultProxy, type ProxyFault } from "../../../support/faultProxy";
import { removeScenarioFiles, scenarioFile, scenarioOf, web01 } from "../../simulator/lab";
import { tlsFile } from "./fixtures";

const vmId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const certificate = { cert: readFileSync(tlsFile("host.pem"), "utf8"), key: readFileSync(tlsFile("host.key"), "utf8") };

/** Lets time pass at once: what waits before it reads again does not wait here. */
const hurrying = { now: () => Date.now(), sleep: () => Promise.resolve() };

/** How a host is reached; all of them authenticate by NTLM but the last one. */
const ways = {
  "plain HTTP, sealed": { tls: false, auth: "negotiate" },
  TLS: { tls: true, caFile: tlsFile("ca.pem"), auth: "negotiate" },
  "TLS with Basic": { tls: true, caFile: tlsFile("ca.pem"), auth: "basic" },
} as const satisfies Record<string, Partial<WsmanConnection>>;
type Way = keyof typeof ways;

/** What a call came to: done, or the code and the effect of its error. */
type Outcome = "done" | `${string} ${"none" | "unknown"}`;

interface Lab {
  readonly host: ReplicationHost;
  readonly proxy: FaultProxy;
  readonly door: WsmanDoor;
  readonly calls: Readonly<Record<Call, () => Promise<unknown>>>;
  /** Lines of `Resynchronize` in the journal. */
  resyncs(): Promise<number>;
}
type Call = "read" | "start";

const options = { signal: new AbortController().signal };
/** Every deadline of the client, which passes when a test says so. */
const deadlines: AbortController[] = [];
/** How far the time by which connections are idle is ahead. */
let aheadMs = 0;
const opened: { stop(): Promise<void> }[] = [];

beforeEach(() => {
  aheadMs = 0;
  const now = performance.now.bind(performance);
  jest.spyOn(performance, "now").mockImplementation(() => now() + aheadMs);
  jest.spyOn(AbortSignal, "timeout").mockImplementation(() => {
    const deadline = new AbortController();
    deadlines.push(deadline);
    return deadline.signal;
  });
});
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.stop();
  deadlines.splice(0);
  jest.restoreAllMocks();
  removeScenarioFiles();
});

/** A host with one VM, behind a proxy, and a session with it that has one connection, just used. */
async function openLab(way: Way): Promise<Lab> {
  const { tls, ...connection } = ways[way];
  const scenarioPath = scenarioFile(scenarioOf([{ ...web01, id: vmId }]));
  const administration = SimulatorAdministration.open(scenarioPath);
  const door = await WsmanDoor.open(SimulatedHost.open(scenarioPath), {
    // An authentication that is not bound to its TLS connection is refused.
    behaviour: { channelBinding: "strict" },
    ...(tls && { certificate }),
  });
  const proxy = await FaultProxy.start(door.port);
  const { host } = openWsmanHost(
    { host: "127.0.0.1", port: proxy.port, tls, username: "operator", password: "simulated", ...connection },
    { environment: {}, clock: hurrying },
  );
  opened.push(
    { stop: async () => door.close() },
    { stop: async () => proxy.stop() },
    { stop: async () => host.close() },
  );
  await host.readService(options);
  expect(proxy.connectionsMade).toBe(1);
  return {
    host,
    proxy,
    door,
    calls: {
      read: async () => host.readService(options),
      start: async () => host.startResync({ vmId }, options),
    },
    resyncs: async () =>
      (await administration.readJournal()).filter(({ operation }) => operation === "Resynchronize").length,
  };
}

async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  try {
    await call;
    return "done";
  } catch (error) {
    const { code, effect } = error as { readonly code: string; readonly effect: "none" | "unknown" };
    return `${code} ${effect}`;
  }
}

/** What must hold after a fault: another read goes well, over so many connections in all, and all of them are closed in the end. */
async function expectWell({ host, proxy, calls }: Lab, connections: number): Promise<void> {
  expect(await outcomeOf(calls.read())).toBe("done");
  expect(proxy.connectionsMade).toBe(connections);
  expect(proxy.open).toBe(1);
  await host.close();
  await proxy.allClosed();
}

/** A fault of the proxy: what each call comes to, and how often the host has carried the start out. */
const faults: readonly { fault: ProxyFault; read: Outcome; start: Outcome; resyncs: number }[] = [
  { fault: "resetBefore", read: "SESSION_LOST none", start: "SESSION_LOST unknown", resyncs: 0 },
  { fault: "resetWithin", read: "SESSION_LOST none", start: "SESSION_LOST unknown", resyncs: 0 },
  { fault: "resetAfter", read: "SESSION_LOST none", start: "SESSION_LOST unknown", resyncs: 1 },
  { fault: "half", read: "SESSION_LOST none", start: "SESSION_LOST unknown", resyncs: 1 },
  { fault: "halfClosed", read: "SESSION_LOST none", start: "SESSION_LOST unknown", resyncs: 1 },
];

const perWay = (Object.keys(ways) as Way[]).flatMap((way) => faults.map((fault) => ({ way, ...fault })));

test.each(perWay)("$way: after $fault a read is $read", async ({ way, fault, read }) => {
  const lab = await openLab(way);
  lab.proxy.let(fault);
  expect(await outcomeOf(lab.calls.read())).toBe(read);
  await expectWell(lab, 2);
});

test.each(perWay)("$way: after $fault a start is $start, carried out $resyncs times", async (given) => {
  const lab = await openLab(given.way);
  lab.proxy.let(given.fault);
  expect(await outcomeOf(lab.calls.start())).toBe(given.start);
  await expectWell(lab, 2);
  expect(await lab.resyncs()).toBe(given.resyncs);
});

const perCall = (Object.keys(ways) as Way[]).flatMap((way) =>
  (["read", "start"] as const).map((call) => [way, call] as const),
);

test.each(perCall)("%s: a %s whose answer comes too late is lost, and carried out once", async (way, call) => {
  const lab = await openLab(way);
  lab.proxy.let("late");
  const outcome = outcomeOf(lab.calls[call]());
  await lab.proxy.held();
  for (const deadline of deadlines.splice(0)) deadline.abort(new DOMException("too late", "TimeoutError"));
  expect(await outcome).toBe(call === "read" ? "SESSION_LOST none" : "SESSION_LOST unknown");
  lab.proxy.letGo();
  await expectWell(lab, 2);
  expect(await lab.resyncs()).toBe(call === "read" ? 0 : 1);
});

test.each(perCall)("%s: a %s that is stopped while it waits frees its connection", async (way, call) => {
  const lab = await openLab(way);
  lab.proxy.let("late");
  const stop = new AbortController();
  const { signal } = stop;
  const outcome = outcomeOf(
    call === "read" ? lab.host.readService({ signal }) : lab.host.startResync({ vmId }, { signal }),
  );
  await lab.proxy.held();
  stop.abort(new Error("no more"));
  expect(await outcome).toBe(call === "read" ? "CANCELLED none" : "CANCELLED unknown");
  await expectWell(lab, 2);
  expect(await lab.resyncs()).toBe(call === "read" ? 0 : 1);
});

test.each(perCall)("%s: a %s whose answer drips goes well, on the same connection", async (way, call) => {
  const lab = await openLab(way);
  lab.proxy.let("drip");
  expect(await outcomeOf(lab.calls[call]())).toBe("done");
  await expectWell(lab, 1);
  expect(await lab.resyncs()).toBe(call === "read" ? 0 : 1);
});

test.each(perCall)("%s: a %s after the host has closed an idle connection goes over a new one", async (way, call) => {
  const lab = await openLab(way);
  await lab.proxy.closeIdle();
  expect(await outcomeOf(lab.calls[call]())).toBe("done");
  await expectWell(lab, 2);
  expect(await lab.resyncs()).toBe(call === "read" ? 0 : 1);
});

test.each(Object.keys(ways) as Way[])(
  "%s: an idle connection that breaks under a read is replaced, and under a start leaves it unknown whether it arrived",
  async (way) => {
    const lab = await openLab(way);
    aheadMs += 2_000;
    lab.proxy.let("resetBefore");
    expect(await outcomeOf(lab.calls.read())).toBe("done");
    expect(lab.proxy.connectionsMade).toBe(2);
    aheadMs += 2_000;
    lab.proxy.let("resetBefore");
    expect(await outcomeOf(lab.calls.start())).toBe("SESSION_LOST unknown");
    await expectWell(lab, 3);
    expect(await lab.resyncs()).toBe(0);
  },
);

test.each(Object.keys(ways) as Way[])(
  "%s: a start does not go over a connection that was idle for long",
  async (way) => {
    const lab = await openLab(way);
    aheadMs += 6_000;
    expect(await outcomeOf(lab.calls.start())).toBe("done");
    await expectWell(lab, 2);
    expect(await lab.resyncs()).toBe(1);
  },
);

/** What the door does to a reply: what each call comes to, and how often the start is carried out. */
const replies: readonly { kind: BrokenReplyInput["kind"]; read: Outcome; start: Outcome; resyncs: number }[] = [
  // Without a seal it may be anybody's: a start is not sent again for it.
  { kind: "unauthorized", read: "done", start: "AUTH_FAILED unknown", resyncs: 0 },
  { kind: "unavailable", read: "done", start: "UNREACHABLE unknown", resyncs: 0 },
  { kind: "loginPage", read: "BAD_REPLY none", start: "BAD_REPLY unknown", resyncs: 0 },
  { kind: "notXml", read: "BAD_REPLY none", start: "BAD_REPLY unknown", resyncs: 1 },
  { kind: "wrongEncoding", read: "done", start: "done", resyncs: 1 },
  { kind: "tooLarge", read: "BAD_REPLY none", start: "BAD_REPLY unknown", resyncs: 1 },
];

async function callUnder(kind: BrokenReplyInput["kind"], call: Call): Promise<{ outcome: Outcome; resyncs: number }> {
  const lab = await openLab("plain HTTP, sealed");
  lab.door.breakReply({ operation: "*", kind });
  const outcome = await outcomeOf(lab.calls[call]());
  expect(await outcomeOf(lab.calls.read())).toBe("done");
  expect(lab.proxy.open).toBe(1);
  await lab.host.close();
  await lab.proxy.allClosed();
  return { outcome, resyncs: await lab.resyncs() };
}

test.each(replies)("a read that is answered with $kind is $read", async ({ kind, read }) => {
  expect(await callUnder(kind, "read")).toEqual({ outcome: read, resyncs: 0 });
});

test.each(replies)("a start that is answered with $kind is $start, carried out $resyncs times", async (given) => {
  const { kind, start, resyncs } = given;
  expect(await callUnder(kind, "start")).toEqual({ outcome: start, resyncs });
});

test.each(perCall)(
  "%s: a %s authenticates again when the host asks for it in the middle of a conversation, but for a start without TLS",
  async (way, call) => {
    const lab = await openLab(way);
    lab.door.breakReply({ operation: "*", kind: "unauthorized" });
    const isBasic = way === "TLS with Basic";
    const isForgeable = way === "plain HTTP, sealed" && call === "start";
    // The caller that has said all he can say is refused.
    const refused = isForgeable ? "AUTH_FAILED unknown" : "AUTH_FAILED none";
    expect(await outcomeOf(lab.calls[call]())).toBe(isBasic || isForgeable ? refused : "done");
    await expectWell(lab, 1);
    expect(await lab.resyncs()).toBe(call === "read" || isBasic || isForgeable ? 0 : 1);
  },
);

test.each([["TLS"], ["TLS with Basic"]] as const)(
  "%s: a host that shows another certificate on the next connection is told nothing, until it shows the right one",
  async (way) => {
    const lab = await openLab(way);
    const other = await makeCertificate(["127.0.0.1"], Date.now());
    const scenarioPath = scenarioFile(scenarioOf([{ ...web01, id: vmId }]));
    const impostor = await WsmanDoor.open(SimulatedHost.open(scenarioPath), { certificate: other });
    opened.push({ stop: async () => impostor.close() });
    lab.proxy.leadTo(impostor.port);
    expect(await outcomeOf(lab.calls.read())).toBe("done");
    lab.proxy.let("resetBefore");
    expect(await outcomeOf(lab.calls.read())).toBe("SESSION_LOST none");
    expect(await outcomeOf(lab.calls.read())).toBe("UNREACHABLE none");
    expect(await outcomeOf(lab.calls.start())).toBe("UNREACHABLE none");
    expect(await SimulatorAdministration.open(scenarioPath).readJournal()).toEqual([]);
    lab.proxy.leadTo(lab.door.port);
    expect(await outcomeOf(lab.calls.start())).toBe("done");
    await expectWell(lab, 4);
    expect(await lab.resyncs()).toBe(1);
  },
);

test.each(perCall)(
  "%s: a %s over a new connection that breaks while it comes about reaches nobody",
  async (way, call) => {
    const lab = await openLab(way);
    for (const fault of ["resetBefore", "resetAfter"] as const) {
      aheadMs += 100_000;
      lab.proxy.let(fault);
      expect(await outcomeOf(lab.calls[call]())).toBe("UNREACHABLE none");
    }
    await expectWell(lab, 4);
    expect(await lab.resyncs()).toBe(0);
  },
);

test.each(perCall)("%s: a %s that is under way when the session is closed ends with it", async (way, call) => {
  const lab = await openLab(way);
  lab.proxy.let("late");
  const outcome = outcomeOf(lab.calls[call]());
  await lab.proxy.held();
  await lab.host.close();
  expect(await outcome).toBe(call === "read" ? "SESSION_LOST none" : "SESSION_LOST unknown");
  await lab.proxy.allClosed();
  expect(await outcomeOf(lab.calls[call]())).toBe("UNREACHABLE none");
  expect(await lab.resyncs()).toBe(call === "read" ? 0 : 1);
});

test.each(Object.keys(ways) as Way[])(
  "%s: connections of calls at once are all closed with the session",
  async (way) => {
    const lab = await openLab(way);
    await Promise.all(Array.from({ length: 20 }, async () => lab.calls.read()));
    expect(lab.proxy.connectionsMade).toBe(8);
    expect(lab.proxy.open).toBe(8);
    await lab.host.close();
    await lab.proxy.allClosed();
  },
);
