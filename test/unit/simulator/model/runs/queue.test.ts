import { advance } from "../../../../../provider/simulator/model/advance";
import type { HostCall } from "../../../../../provider/simulator/model/call";
import { machineRef } from "../../../../../provider/simulator/model/rows/cimValue";
import type { HostState } from "../../../../../provider/simulator/model/hostState";
import {
  breakLink,
  putIntoState,
  stopService,
} from "../../../../../provider/simulator/model/interventions/interventions";
import type { ScenarioInput } from "../../../../../provider/simulator/scenario/scenarioInput";
import { callOn, hostOf, linkOf, machineOf, resynchronizeCall, returned, scenarioOf, startMs, web01 } from "../../lab";

type Machine = NonNullable<ScenarioInput["machines"]>[number];
type Switches = NonNullable<ScenarioInput["switches"]>;

const inSeconds = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();

function call(host: HostState, startTime?: string): HostState {
  return returned(callOn(host, resynchronizeCall(host, "web01", startTime))).host;
}

function request(host: HostState, RequestedState: number): HostState {
  const target = machineRef(machineOf(host, "web01").id);
  const method = "RequestReplicationStateChangeEx";
  const invoke: HostCall = {
    kind: "invoke",
    className: "Msvm_ComputerSystem",
    method,
    target,
    input: { RequestedState },
  };
  return returned(callOn(host, invoke)).host;
}

/** A resync of 120 seconds that began at {@link startMs}, with a second one behind it. */
function queued(switches: Switches = {}, machine: Partial<Machine> = {}): HostState {
  const host = hostOf(scenarioOf([{ ...web01, ...machine }], { switches: { alreadyRunning: "queued", ...switches } }));
  return call(call(host));
}

/** The relationship's state and those of all jobs, at so many seconds from the beginning. */
function timeline(host: HostState, seconds: readonly number[]): number[][] {
  return seconds.map((second) => {
    advance(host, startMs + second * 1000);
    return [linkOf(host, "web01").state, ...host.jobs.map(({ state }) => state)];
  });
}

test("begins when the one before it has ended, and runs as long", () => {
  expect(timeline(queued(), [1, 119, 120, 121, 239, 240])).toEqual([
    [10, 4, 2],
    [10, 4, 2],
    [9, 7, 3],
    [10, 7, 4],
    [10, 7, 4],
    [3, 7, 7],
  ]);
});

test("keeps the order of the calls, and the script of each", () => {
  const resync = [{ seconds: 100 }, { seconds: 10, end: "exception" as const }, { seconds: 20 }];
  const host = call(queued({}, { resync }));
  expect(timeline(host, [0, 105, 115, 130])).toEqual([
    [9, 3, 2, 2],
    [10, 7, 4, 2],
    [10, 7, 10, 4],
    [3, 7, 10, 7],
  ]);
});

test("begins after a failed, a cancelled and a broken resync too", () => {
  const failing = queued({}, { resync: [{ seconds: 50, end: "killed" }, { seconds: 100 }] });
  expect(timeline(failing, [51])).toEqual([[10, 9, 4]]);
  const host = queued();
  advance(host, startMs + 50_000);
  expect(timeline(request(host, 9), [51])).toEqual([[10, 8, 4]]);
  breakLink(host, machineOf(host, "web01"));
  expect(timeline(host, [51])).toEqual([[10, 10, 4]]);
});

test("waits at its own time when it has one", () => {
  const running = call(
    hostOf(scenarioOf([web01], { switches: { alreadyRunning: "queued", replicating: "accepted" } })),
  );
  expect(timeline(call(running, inSeconds(3600)), [120, 3599, 3601])).toEqual([
    [3, 7, 2],
    [3, 2],
    [10, 4],
  ]);
});

test("goes before one that waits for a time of its own", () => {
  const host = call(queued(), inSeconds(3600));
  expect(timeline(call(host), [121, 241])).toEqual([
    [10, 7, 4, 2, 2],
    [10, 7, 7, 2, 4],
  ]);
});

test("counts as none that runs at once", () => {
  const host = hostOf(
    scenarioOf([web01, { ...web01, name: "db01" }], {
      maximumActiveTransfers: 2,
      switches: { alreadyRunning: "queued" },
    }),
  );
  const both = returned(callOn(call(call(host)), resynchronizeCall(host, "db01"))).host;
  expect(both.jobs.map(({ state }) => state)).toEqual([3, 2, 3]);
});

test("goes without a trace when somebody puts the relationship into another state", () => {
  const host = queued();
  putIntoState(host, machineOf(host, "web01"), 7);
  expect(timeline(host, [1000])).toEqual([[7]]);
});

test("begins after a paused resync that is begun from zero", () => {
  const host = queued();
  advance(host, startMs + 60_000);
  const again = call(request(host, 7));
  expect(timeline(again, [61, 180, 181])).toEqual([
    [10, 2, 4],
    [9, 3, 7],
    [10, 4, 7],
  ]);
});

test("begins where a paused resync gives way to one at a later time", () => {
  const host = queued();
  advance(host, startMs + 60_000);
  const later = call(request(host, 7), inSeconds(3600));
  expect(timeline(later, [61, 180])).toEqual([
    [10, 4, 2],
    [3, 7, 2],
  ]);
});

test.each([
  ["required", 9],
  ["continues", 10],
] as const)("is forgotten over a stop of the service, or takes place anyway: %s", (interruptedResync, state) => {
  const host = queued({ interruptedResync });
  advance(host, startMs + 60_000);
  stopService(host);
  advance(host, startMs + 130_000);
  host.service = "running";
  advance(host, startMs + 135_000);
  expect(linkOf(host, "web01").state).toBe(state);
});

test("does not begin while the service is stopped", () => {
  const host = queued({ interruptedResync: "continues" });
  stopService(host);
  expect(timeline(host, [130, 500])).toEqual([[3], [3]]);
  host.service = "running";
  expect(timeline(host, [500, 501])).toEqual([[9], [10]]);
});

test("a resync that is scheduled stays behind an earlier one, where both take place", () => {
  const autoResync = { windowStart: "18:30", windowEnd: "06:00" };
  const host = hostOf(scenarioOf([{ ...web01, autoResync }], { switches: { alreadyScheduled: "kept" } }));
  const windowAt = 6.5 * 3600;
  const both = call(host, inSeconds(60));
  expect(timeline(both, [0, 61, 180])).toEqual([
    [9, 2, 2],
    [10, 2, 4],
    [3, 2, 7],
  ]);
  // By then there is nothing to heal, and the host refuses itself.
  expect(timeline(both, [windowAt])).toEqual([[3, 10]]);
});

test("of two that are scheduled the earlier one comes first, whichever was first asked for", () => {
  const host = hostOf(scenarioOf([web01], { switches: { alreadyScheduled: "kept", replicating: "accepted" } }));
  const both = call(call(host, inSeconds(60)), inSeconds(3600));
  expect(timeline(both, [61, 181, 3601])).toEqual([
    [10, 4, 2],
    [3, 7, 2],
    [10, 4],
  ]);
});
