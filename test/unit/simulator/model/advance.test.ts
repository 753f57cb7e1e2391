import { advance } from "../../../../provider/simulator/model/advance";
import type { HostState } from "../../../../provider/simulator/model/hostState";
import { stopService } from "../../../../provider/simulator/model/interventions/interventions";
import { jobRow } from "../../../../provider/simulator/model/rows/jobRow";
import type { ScenarioInput } from "../../../../provider/simulator/scenario/scenarioInput";
import {
  callOn,
  hostOf,
  linkOf,
  machineOf,
  onlyJob,
  resynchronizeCall,
  returned,
  scenarioOf,
  startMs,
  web01,
} from "../lab";

type Resync = NonNullable<NonNullable<ScenarioInput["machines"]>[number]["resync"]>;

function started(resync: Resync, more: Partial<ScenarioInput> = {}): HostState {
  const host = hostOf(scenarioOf([{ ...web01, resync }], more));
  return returned(callOn(host, resynchronizeCall(host, "web01"))).host;
}

/** State of the relationship, state and percent of the job, at some seconds after the call. */
function timeline(host: HostState, seconds: readonly number[]): (readonly unknown[])[] {
  return seconds.map((second) => {
    advance(host, startMs + second * 1000);
    const [job] = host.jobs;
    const row = job === undefined ? undefined : jobRow(host, job);
    return [linkOf(host, "web01").state, row?.["JobState"], row?.["PercentComplete"]];
  });
}

test("goes from waiting over resynchronizing to replicating, and the job goes after five minutes", () => {
  expect(timeline(started({ seconds: 100 }), [0, 1, 50, 99.9, 100, 399.9, 400])).toEqual([
    [9, 3, 0],
    [10, 4, 1],
    [10, 4, 50],
    [10, 4, 99],
    [3, 7, 100],
    [3, 7, 100],
    [3, undefined, undefined],
  ]);
});

test("comes to the same whether it is looked at often or once", () => {
  const [often, once] = [started({ seconds: 100 }), started({ seconds: 100 })];
  timeline(often, [1, 2, 30, 60, 99, 100, 130, 350]);
  timeline(once, [350]);
  expect(often).toEqual(once);
});

test.each([
  ["success", 3, 7, 0],
  ["warning", 3, 32768, 0],
  ["exception", 9, 10, 32768],
  ["terminated", 9, 8, 0],
  ["killed", 9, 9, 0],
] as const)("ends with %s: relationship %i, job %i, error %i", (end, link, state, errorCode) => {
  const host = started({ seconds: 100, end });
  advance(host, startMs + 100_000);
  expect(linkOf(host, "web01")).toMatchObject({ state: link, run: null, health: link === 3 ? 1 : 3 });
  expect(onlyJob(host)).toMatchObject({ state, errorCode, endedAtMs: startMs + 100_000 });
  expect(machineOf(host, "web01").recoveryPoints).toBe(link === 3 ? 0 : 4);
});

test("gives the error code and the description of the script", () => {
  const host = started({ seconds: 1, end: "exception", errorCode: 32773, errorDescription: "Größe" });
  advance(host, startMs + 1000);
  expect(onlyJob(host)).toMatchObject({ errorCode: 32773, errorDescription: "Größe" });
});

test("falls back to the state of the script", () => {
  const host = started({ seconds: 1, end: "exception", stateAfterFailure: "critical" });
  advance(host, startMs + 1000);
  expect(linkOf(host, "web01").state).toBe(8);
});

test("stays at half for ever when it is stuck", () => {
  expect(timeline(started({ seconds: 100, end: "stuck" }), [40, 60, 1_000_000])).toEqual([
    [10, 4, 40],
    [10, 4, 50],
    [10, 4, 50],
  ]);
});

test("shows the percent of the script, also backwards", () => {
  const shown = timeline(started({ seconds: 100, percent: [10, 60, 40, 90] }), [10, 30, 60, 99, 100]);
  expect(shown.map(([, , percent]) => percent)).toEqual([10, 60, 40, 90, 100]);
});

test("ends the job as soon as the resync has begun when the switch says so", () => {
  expect(timeline(started({ seconds: 100 }, { switches: { jobEnds: "early" } }), [0.5, 1, 50, 100])).toEqual([
    [9, 3, 0],
    [10, 7, 100],
    [10, 7, 100],
    [3, 7, 100],
  ]);
});

test.each([
  ["success", 3, 7, 100],
  ["exception", 9, 10, 99],
] as const)(
  "ends the job five seconds after the relationship when the switch says so: %s",
  (end, link, state, percent) => {
    const host = started({ seconds: 100, end }, { switches: { jobEnds: "late" } });
    expect(timeline(host, [99, 100, 104.9, 105, 404.9, 405])).toEqual([
      [10, 4, 99],
      [link, 4, 99],
      [link, 4, 99],
      [link, state, percent],
      [link, state, percent],
      [link, undefined, undefined],
    ]);
  },
);

test("leaves a job that ends late alone when the next resync begins before", () => {
  const host = started({ seconds: 100, end: "exception" }, { switches: { jobEnds: "late" } });
  const { host: after } = returned(callOn(host, resynchronizeCall(host, "web01"), 102));
  advance(after, startMs + 105_000);
  expect(after.jobs.map(({ state }) => state)).toEqual([10, 4]);
});

test("ends at once when it takes no time", () => {
  expect(timeline(started({ seconds: 0 }), [0])).toEqual([[3, 7, 100]]);
});

test("counts replication cycles while it replicates, and stands still during a resync", () => {
  const host = started({ seconds: 1000 });
  const before = linkOf(host, "web01").lastReplicationMs;
  advance(host, startMs + 999_000);
  expect(linkOf(host, "web01").lastReplicationMs).toBe(before);
  advance(host, startMs + 1_000_000 + 620_000);
  expect(linkOf(host, "web01").lastReplicationMs).toBe(startMs + 1_000_000 + 600_000);
});

test("begins a scheduled resync at its time", () => {
  const host = hostOf(scenarioOf([web01]));
  const startTime = new Date(startMs + 3_600_000).toISOString();
  const scheduled = returned(callOn(host, resynchronizeCall(host, "web01", startTime))).host;
  expect(timeline(scheduled, [3599, 3600, 3660, 3720])).toEqual([
    [9, 2, 0],
    [9, 3, 0],
    [10, 4, 50],
    [3, 7, 100],
  ]);
  expect(onlyJob(scheduled).startedAtMs).toBe(startMs + 3_600_000);
});

test("begins a scheduled resync without a job, which appears with it, when the switch says so", () => {
  const host = hostOf(scenarioOf([web01], { switches: { scheduledStart: "noJob" } }));
  const startTime = new Date(startMs + 3_600_000).toISOString();
  const scheduled = returned(callOn(host, resynchronizeCall(host, "web01", startTime))).host;
  expect(timeline(scheduled, [3599, 3660])).toEqual([
    [9, undefined, undefined],
    [10, 4, 50],
  ]);
});

test("ends the job of a scheduled resync with an error when the relationship has gone on to another state", () => {
  const host = hostOf(scenarioOf([web01]));
  const startTime = new Date(startMs + 60_000).toISOString();
  const scheduled = returned(callOn(host, resynchronizeCall(host, "web01", startTime))).host;
  linkOf(scheduled, "web01").state = 12;
  expect(timeline(scheduled, [60])).toEqual([[12, 10, 0]]);
});

test("lets a resync wait while as many run as may, and begins it when one ends", () => {
  const machines = ["a", "b", "c"].map((name) => ({ ...web01, name }));
  let host = hostOf(scenarioOf(machines, { maximumActiveTransfers: 2 }));
  for (const { name } of machines) host = returned(callOn(host, resynchronizeCall(host, name))).host;
  expect(host.jobs.map(({ state }) => state)).toEqual([3, 3, 2]);
  advance(host, startMs + 60_000);
  expect(host.jobs.map(({ state }) => state)).toEqual([4, 4, 2]);
  advance(host, startMs + 180_000);
  expect(host.jobs.map(({ state }) => state)).toEqual([7, 7, 4]);
  expect(host.jobs[2]?.startedAtMs).toBe(startMs + 120_000);
});

test("refuses, or runs, a resync above the limit when the switch says so", () => {
  const machines = ["a", "b"].map((name) => ({ ...web01, name }));
  const values = (["refused", "ignored"] as const).map((aboveTransferLimit) => {
    const host = hostOf(scenarioOf(machines, { maximumActiveTransfers: 1, switches: { aboveTransferLimit } }));
    const first = returned(callOn(host, resynchronizeCall(host, "a"))).host;
    const second = returned(callOn(first, resynchronizeCall(first, "b")));
    return [second.returnValue, second.host.jobs.map(({ state }) => state)];
  });
  expect(values).toEqual([
    [32774, [3]],
    [4096, [3, 3]],
  ]);
});

test("never goes back in time", () => {
  const host = started({ seconds: 100 });
  advance(host, startMs + 50_000);
  advance(host, startMs);
  expect(host.nowMs).toBe(startMs + 50_000);
});

test("has a job for a resync that ran or was paused before anybody looked, and for an initial replication", () => {
  const host = hostOf(
    scenarioOf([
      { name: "running", state: "resynchronizing" },
      { name: "paused", state: "resynchronizationSuspended" },
      { name: "seeded", state: "waitingToCompleteInitialReplication" },
    ]),
  );
  expect(host.jobs.map(({ type, state }) => [type, state])).toEqual([
    [107, 4],
    [107, 5],
    [117, 4],
  ]);
  advance(host, startMs + 60_000);
  expect(host.machines.map(({ links }) => links[0]?.state)).toEqual([3, 11, 2]);
});

test("begins the one that has waited longest first, wherever it is listed", () => {
  const machines = ["a", "b", "c"].map((name) => ({ ...web01, name }));
  let host = hostOf(scenarioOf(machines, { maximumActiveTransfers: 1 }));
  ["a", "c", "b"].forEach((name, second) => {
    host = returned(callOn(host, resynchronizeCall(host, name), Math.min(second, 1))).host;
  });
  advance(host, startMs + 130_000);
  expect(host.machines.map(({ links }) => links[0]?.run?.phase)).toEqual([undefined, "waiting", "running"]);
});

test("begins nothing that waits, and schedules nothing, while the service is stopped", () => {
  const machines = ["a", "b"].map((name) => ({ ...web01, name }));
  let host = hostOf(scenarioOf(machines, { maximumActiveTransfers: 1, switches: { interruptedResync: "continues" } }));
  for (const name of ["a", "b"]) host = returned(callOn(host, resynchronizeCall(host, name))).host;
  stopService(host);
  advance(host, startMs + 3_600_000);
  expect(host.machines.map(({ links }) => [links[0]?.state, links[0]?.run?.phase])).toEqual([
    [3, undefined],
    [9, "waiting"],
  ]);
  const autoResync = { windowStart: "18:30", windowEnd: "06:00" };
  expect(hostOf(scenarioOf([{ ...web01, autoResync }], { service: "stopped" })).jobs).toEqual([]);
});

test.each([
  ["required", 9],
  ["continues", 3],
] as const)(
  "forgets a scheduled resync over a stop of the service, or carries it out: %s",
  (interruptedResync, state) => {
    const before = hostOf(scenarioOf([web01], { switches: { interruptedResync } }));
    const startTime = new Date(startMs + 3_600_000).toISOString();
    const { host } = returned(callOn(before, resynchronizeCall(before, "web01", startTime)));
    stopService(host);
    host.service = "running";
    advance(host, startMs + 7_200_000);
    expect(linkOf(host, "web01").state).toBe(state);
  },
);

test("received its last changes when a resync ended, or in the last whole cycle before one began", () => {
  const done = started({ seconds: 100 });
  advance(done, startMs + 100_000);
  expect(linkOf(done, "web01").lastReplicationMs).toBe(startMs + 100_000);
  const healthy = hostOf(scenarioOf([{ name: "web01" }], { switches: { replicating: "accepted" } }));
  const startTime = new Date(startMs + 1_000_000).toISOString();
  const { host } = returned(callOn(healthy, resynchronizeCall(healthy, "web01", startTime)));
  advance(host, startMs + 1_030_000);
  expect(linkOf(host, "web01")).toMatchObject({ state: 10, lastReplicationMs: startMs + 900_000 });
});
