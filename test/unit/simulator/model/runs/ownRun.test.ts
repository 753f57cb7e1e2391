import { advance } from "../../../../../provider/simulator/model/advance";
import { nextInWindow } from "../../../../../provider/simulator/model/runs/ownRun";
import { hostOf, linkOf, onlyJob, scenarioOf, startMs, web01 } from "../../lab";

const window = { startMinute: 18 * 60 + 30, endMinute: 6 * 60 };
const at = (hours: number, minutes = 0, day = 7) => Date.UTC(2030, 0, day, hours, minutes);

test.each([
  ["before the window", at(12), 0, at(18, 30)],
  ["inside it, before midnight", at(20), 0, at(20, 1)],
  ["inside it, after midnight", at(3), 0, at(3, 1)],
  ["at its end", at(6), 0, at(18, 30)],
  ["in another time zone", at(12), 540, at(12, 1)],
  ["in another time zone, before it", at(22), 540, at(9, 30, 8)],
])("finds the next time %s", (_, nowMs, offset, expected) => {
  expect(nextInWindow(window, offset, nowMs)).toBe(expected);
});

test("schedules a relationship that requires a resync for its window, and carries it out then", () => {
  const autoResync = { windowStart: "18:30", windowEnd: "06:00" };
  const host = hostOf(scenarioOf([{ ...web01, autoResync }]));
  expect(onlyJob(host)).toMatchObject({
    type: 107,
    state: 2,
    scheduledAtMs: at(18, 30),
    owner: "NT AUTHORITY\\SYSTEM",
  });
  advance(host, at(18, 31));
  expect(linkOf(host, "web01").state).toBe(10);
  advance(host, at(18, 32));
  expect(linkOf(host, "web01").state).toBe(3);
});

test("does nothing by itself without a window", () => {
  const host = hostOf(scenarioOf([web01]));
  advance(host, startMs + 10 * 86_400_000);
  expect(linkOf(host, "web01").state).toBe(9);
  expect(host.jobs).toEqual([]);
});

test("tries again after a failure inside the window", () => {
  const autoResync = { windowStart: "12:00", windowEnd: "13:00" };
  const host = hostOf(scenarioOf([{ ...web01, resync: { seconds: 120, end: "exception" }, autoResync }]));
  advance(host, at(12, 3));
  expect(host.jobs.map(({ state }) => state)).toEqual([10, 2]);
});
