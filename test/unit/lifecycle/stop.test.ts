import { channel } from "node:diagnostics_channel";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { canSeeCancel, Stop, watchForStop } from "../../../provider/lifecycle/stop";

const cancel = { headers: { ":path": "/pulumirpc.ResourceProvider/Cancel" } };

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function watched(): { stop: Stop; signals: Map<string, () => void>; exits: number[]; ends: () => number } {
  const signals = new Map<string, () => void>();
  const exits: number[] = [];
  let ends = 0;
  const stop = watchForStop(
    {
      on: (signal, listener) => signals.set(signal, listener),
      exit: (code) => exits.push(code),
    },
    async () => {
      ends += 1;
    },
  );
  return { stop, signals, exits, ends: () => ends };
}

/** Something in progress that ends when it is told to. */
function underWay(stop: Stop): { done: Promise<string>; answer: () => Promise<string> } {
  const { promise, resolve } = Promise.withResolvers<string>();
  const done = stop.during(async () => promise);
  return {
    done,
    answer: async () => {
      resolve("answered");
      return done;
    },
  };
}

test("the engine's Cancel, seen on the server's channel, stops every wait and keeps the process", async () => {
  const { stop, exits } = watched();
  channel("http2.server.stream.start").publish(cancel);
  expect(stop.signal.aborted).toBe(true);
  expect(stop.signal.reason).toEqual(new Error("the run was cancelled"));
  await jest.runAllTimersAsync();
  expect(exits).toEqual([]);
});

test.each([
  { headers: { ":path": "/pulumirpc.ResourceProvider/Create" } },
  { headers: {} },
  { headers: null },
  {},
  null,
  "text",
])("%j on the channel stops nothing", (message) => {
  const { stop } = watched();
  channel("http2.server.stream.start").publish(message);
  expect(stop.signal.aborted).toBe(false);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])("%s stops every wait, and ends the process with %d once all has been answered", async (signal, code) => {
  const { stop, signals, exits } = watched();
  const verb = underWay(stop);
  signals.get(signal)?.();
  expect(stop.signal.aborted).toBe(true);
  await jest.runAllTimersAsync();
  expect(exits).toEqual([]);
  await verb.answer();
  expect(exits).toEqual([]);
  await jest.runAllTimersAsync();
  expect(exits).toEqual([code]);
});

test("a signal with nothing in progress ends the process, once", async () => {
  const { signals, exits, ends } = watched();
  signals.get("SIGINT")?.();
  signals.get("SIGTERM")?.();
  signals.get("SIGINT")?.();
  await jest.runAllTimersAsync();
  expect(exits).toEqual([130]);
  expect(ends()).toBeGreaterThan(0);
});

test("a signal after a Cancel ends the process as well", async () => {
  const { stop, signals, exits } = watched();
  const verb = underWay(stop);
  channel("http2.server.stream.start").publish(cancel);
  signals.get("SIGINT")?.();
  await verb.answer();
  await jest.runAllTimersAsync();
  expect(exits).toEqual([130]);
});

test("sessions are closed when the last verb in progress has answered", async () => {
  const { stop, ends } = watched();
  const [one, two] = [underWay(stop), underWay(stop)];
  stop.stop("stopped");
  await one.answer();
  expect(ends()).toBe(0);
  await two.answer();
  expect(ends()).toBe(1);
});

test.each([
  ["waits for its sessions to close", 1_500, 1_400, [], 200, [130]],
  ["does not wait forever", 60_000, 1_900, [], 200, [130]],
] as const)("a process that is to end %s", async (_, closingMs, firstMs, before, thenMs, after) => {
  const signals = new Map<string, () => void>();
  const exits: number[] = [];
  watchForStop(
    { on: (signal, listener) => signals.set(signal, listener), exit: (code) => exits.push(code) },
    async () => new Promise((resolve) => setTimeout(resolve, closingMs)),
  );
  signals.get("SIGINT")?.();
  await jest.advanceTimersByTimeAsync(firstMs);
  expect(exits).toEqual(before);
  await jest.advanceTimersByTimeAsync(thenMs);
  expect(exits).toEqual(after);
});

test("sessions stay open while nothing stops", async () => {
  const { stop, ends } = watched();
  await underWay(stop).answer();
  expect(ends()).toBe(0);
});

test("a verb that fails has answered too", async () => {
  const { stop, ends } = watched();
  stop.stop("stopped");
  const before = ends();
  await expect(stop.during(async () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(ends()).toBe(before + 1);
});

test("a second stop keeps the first reason", async () => {
  const stop = new Stop(
    () => undefined,
    async () => undefined,
  );
  stop.stop("first");
  stop.stop("second");
  expect(stop.signal.reason).toEqual(new Error("first"));
});

test.each([
  ["v20.20.2", false],
  ["v22.16.9", false],
  ["v22.17.0", true],
  ["v22.20.5", true],
  ["v23.11.0", false],
  ["v24.1.0", false],
  ["v24.2.0", true],
  ["v24.21.0", true],
  ["v25.0.0", true],
  ["v26.3.1", true],
  ["nonsense", false],
])("Node %s shows Cancel: %s", (version, expected) => {
  expect(canSeeCancel(version)).toBe(expected);
});

test("a call of Cancel to a real server in this process is seen", async () => {
  jest.useRealTimers();
  const { stop } = watched();
  const server = createServer();
  server.on("stream", (stream) => {
    stream.respond({ ":status": 200 });
    stream.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const call = client.request({ ":path": "/pulumirpc.ResourceProvider/Cancel", ":method": "POST" });
  call.end();
  await new Promise((resolve) => call.on("response", resolve));
  client.destroy();
  server.close();
  expect(stop.signal.aborted).toBe(true);
});
