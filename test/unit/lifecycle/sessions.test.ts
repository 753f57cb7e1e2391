import { Sessions } from "../../../provider/lifecycle/sessions";
import type { Connection } from "../../../provider/connection/fields";
import { openHost } from "../../../provider/connection/openHost";
import { vmId } from "../../support/builders";
import { FakeClock } from "../../support/fakeClock";
import { FakeHost } from "../../support/fakeHost";

jest.mock("../../../provider/connection/openHost");

const opened: FakeHost[] = [];
const connection = { transport: "simulator", scenario: "lab.json" } as const;

beforeEach(() => {
  opened.length = 0;
  jest.mocked(openHost).mockImplementation(() => {
    const clock = new FakeClock();
    const host = new FakeHost(clock).add(vmId);
    opened.push(host);
    return { host, clock };
  });
});

test.each<[string, Omit<Connection, "transport">]>([
  ["the same connection", {}],
  ["its fields in another order", { scenario: "lab.json" }],
  ["another limit of resyncs", { maxConcurrentResyncs: 1 }],
])("%s shares one session", (_what, more) => {
  const sessions = new Sessions("linux");
  expect(sessions.get({ ...more, ...connection })).toBe(sessions.get(connection));
  expect(opened).toHaveLength(1);
});

test.each<[string, Omit<Connection, "transport">]>([
  ["scenario", { scenario: "other.json" }],
  ["account", { username: "other" }],
  ["password", { password: "other" }],
])("another %s opens another session, under the same locks and queue", (_what, more) => {
  const sessions = new Sessions("linux");
  const [one, other] = [sessions.get(connection), sessions.get({ ...connection, ...more })];
  expect(opened).toHaveLength(2);
  expect(one.host).not.toBe(other.host);
  expect(one.guard).toBe(other.guard);
  expect(one.starts).toBe(other.starts);
});

test("a host that cannot be opened is tried again", () => {
  const sessions = new Sessions("linux");
  jest.mocked(openHost).mockImplementationOnce(() => {
    throw new Error("no such scenario");
  });
  expect(() => sessions.get(connection)).toThrow("no such scenario");
  expect(sessions.get(connection).host).toBe(opened[0]);
});

test("all sessions are closed, though one of them fails", async () => {
  const sessions = new Sessions("linux");
  sessions.get(connection);
  sessions.get({ ...connection, scenario: "other.json" });
  const [first, second] = opened as [FakeHost, FakeHost];
  first.close = async () => Promise.reject(new Error("broken"));
  await sessions.closeAll();
  expect(second.isClosed).toBe(true);
  expect(sessions.get(connection).host).not.toBe(first);
});
