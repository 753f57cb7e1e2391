import { HostReader } from "../../../../provider/core/host/hostReader";
import { relationshipKey, shareHost } from "../../../../provider/core/host/hostSession";
import { StartGuard } from "../../../../provider/core/host/startGuard";
import { FakeClock } from "../../../support/fakeClock";
import { FakeHost } from "../../../support/fakeHost";

test("two sessions with one guard share locks and the queue of a host", () => {
  const guard = new StartGuard();
  const clock = new FakeClock();
  const [one, two] = [1, 2].map(() => shareHost(new FakeHost(clock), clock, () => 0.5, guard));
  expect(one?.guard).toBe(two?.guard);
  expect(one?.starts).toBe(two?.starts);
  expect(guard.queueFor("hv01")).toBe(one?.starts);
});

test("sessions without a guard of their own share nothing", () => {
  const clock = new FakeClock();
  const [one, two] = [1, 2].map(() => shareHost(new FakeHost(clock), clock, () => 0.5));
  expect(one?.starts).not.toBe(two?.starts);
});

test("a session has one reader and waits for nothing at first", async () => {
  const clock = new FakeClock();
  const host = new FakeHost(clock);
  const session = shareHost(host, clock, () => 0.5);
  expect(session).toMatchObject({ host, clock, waitedFor: new Set() });
  expect(session.reader).toBeInstanceOf(HostReader);
  await session.reader.next(new AbortController().signal);
  expect(host.log.count("readService")).toBe(1);
  expect(clock.slept).toEqual([1_000]);
});

test("a relationship is told from the VM's other one, and from those of other VMs", () => {
  expect(relationshipKey("a", "primary")).toBe("a primary");
  expect(relationshipKey("a", "extended")).toBe("a extended");
});
