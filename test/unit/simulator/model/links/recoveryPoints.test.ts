import { advance } from "../../../../../provider/simulator/model/advance";
import type { HostState } from "../../../../../provider/simulator/model/hostState";
import { breakLink, putIntoState } from "../../../../../provider/simulator/model/interventions/interventions";
import type { ScenarioInput } from "../../../../../provider/simulator/scenario/scenarioInput";
import { callOn, hostOf, machineOf, resynchronizeCall, returned, scenarioOf, startMs, web01 } from "../../lab";

type Machine = NonNullable<ScenarioInput["machines"]>[number];

const hour = 3600;

/** A VM whose resync ended at {@link startMs} plus 120 seconds. */
function resynchronized(more: Partial<Machine> = {}): HostState {
  const before = hostOf(scenarioOf([{ ...web01, ...more }]));
  const { host } = returned(callOn(before, resynchronizeCall(before, "web01")));
  advance(host, startMs + 120_000);
  return host;
}

/** Recovery points at so many seconds after the end of the resync. */
function pointsAt(host: HostState, seconds: readonly number[]): number[] {
  return seconds.map((second) => {
    advance(host, startMs + 120_000 + second * 1000);
    return machineOf(host, "web01").recoveryPoints;
  });
}

test("come back one with every hour of replication, until there are as many as before", () => {
  const host = resynchronized({ recoveryPoints: 3 });
  expect(pointsAt(host, [0, hour - 1, hour, 2 * hour - 1, 2 * hour, 3 * hour, 100 * hour])).toEqual([
    0, 0, 1, 1, 2, 3, 3,
  ]);
});

test("are the same whether the host is looked at often or once", () => {
  const [often, once] = [resynchronized(), resynchronized()];
  pointsAt(often, [10, hour + 10, 2 * hour - 5, 9 * hour + 7]);
  pointsAt(once, [9 * hour + 7]);
  expect(often).toEqual(once);
});

test("do not come back while the relationship does not replicate, nor for hours that were cut off", () => {
  const host = resynchronized();
  expect(pointsAt(host, [1.5 * hour])).toEqual([1]);
  putIntoState(host, machineOf(host, "web01"), 7);
  expect(pointsAt(host, [10 * hour])).toEqual([1]);
  putIntoState(host, machineOf(host, "web01"), 3);
  expect(pointsAt(host, [11 * hour - 1, 11 * hour])).toEqual([1, 2]);
});

test("are kept when a VM gets out of sync, and are gone with the next resync", () => {
  const host = resynchronized();
  pointsAt(host, [2 * hour]);
  breakLink(host, machineOf(host, "web01"));
  expect(pointsAt(host, [3 * hour])).toEqual([2]);
  const again = returned(callOn(host, resynchronizeCall(host, "web01"))).host;
  expect(pointsAt(again, [3 * hour + 119, 3 * hour + 120, 4 * hour + 119, 4 * hour + 120])).toEqual([2, 0, 0, 1]);
});

test("stay at none where a VM keeps none", () => {
  expect(pointsAt(resynchronized({ recoveryPoints: 0 }), [5 * hour])).toEqual([0]);
});

test("build up from the end of a resync of either relationship", () => {
  const machine = {
    ...web01,
    mode: "replica",
    extended: true,
    state: "replicating",
    primaryState: "resynchronizing",
  } as const;
  const host = hostOf(scenarioOf([machine]));
  expect(pointsAt(host, [0, hour - 1, hour])).toEqual([0, 0, 1]);
});

test("follow the relationship that would be resynchronized", () => {
  const host = resynchronized({ mode: "replica", extended: true });
  const [toPrimary] = machineOf(host, "web01").links;
  expect(toPrimary?.state).toBe(3);
  breakLink(host, machineOf(host, "web01"));
  expect(pointsAt(host, [5 * hour])).toEqual([0]);
});
