import { advance } from "../../../../../provider/simulator/model/advance";
import type { HostCall } from "../../../../../provider/simulator/model/call";
import { linkInstanceId, machineRef } from "../../../../../provider/simulator/model/rows/cimValue";
import { SimulatorError } from "../../../../../provider/simulator/simulatorError";
import type { HostState } from "../../../../../provider/simulator/model/hostState";
import type { ScenarioInput } from "../../../../../provider/simulator/scenario/scenarioInput";
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
} from "../../lab";

function requestCall(host: HostState, RequestedState: number, link?: 0 | 1): HostCall {
  const { id } = machineOf(host, "web01");
  return {
    kind: "invoke",
    className: "Msvm_ComputerSystem",
    method: "RequestReplicationStateChangeEx",
    target: machineRef(id),
    input: { RequestedState, ...(link === undefined ? {} : { ReplicationRelationship: linkInstanceId(id, link) }) },
  };
}

function request(host: HostState, requestedState: number, afterSeconds = 0, link?: 0 | 1) {
  return returned(callOn(host, requestCall(host, requestedState, link), afterSeconds));
}

function running(more: Partial<ScenarioInput> = {}, resync = {}): HostState {
  const host = hostOf(scenarioOf([{ ...web01, resync: { seconds: 120, ...resync } }], more));
  return returned(callOn(host, resynchronizeCall(host, "web01"))).host;
}

test.each([
  ["replicating", 7, 0, 7],
  ["suspended", 3, 0, 3],
  ["critical", 3, 0, 3],
  ["resynchronizationRequired", 3, 32775, 9],
  ["resynchronizationRequired", 7, 32775, 9],
  ["resynchronizationRequired", 9, 32775, 9],
  ["replicating", 3, 32775, 3],
  ["replicating", 9, 32775, 3],
  ["suspended", 7, 32775, 7],
  ["recovered", 3, 32775, 5],
] as const)("in state %s, a request for %i returns %i and leaves %i", (state, requested, returnValue, after) => {
  const reply = request(hostOf(scenarioOf([{ name: "web01", state }])), requested);
  expect(reply.returnValue).toBe(returnValue);
  expect(linkOf(reply.host, "web01").state).toBe(after);
});

test("pauses a running resync and continues where it was", () => {
  const paused = request(running(), 7, 60).host;
  expect([linkOf(paused, "web01").state, onlyJob(paused).state]).toEqual([11, 5]);
  advance(paused, startMs + 10_000_000);
  expect(linkOf(paused, "web01").state).toBe(11);
  const resumed = request(paused, 3).host;
  expect([linkOf(resumed, "web01").state, onlyJob(resumed).state]).toEqual([10, 4]);
  advance(resumed, startMs + 10_000_000 + 59_999);
  expect(linkOf(resumed, "web01").state).toBe(10);
  advance(resumed, startMs + 10_000_000 + 60_000);
  expect(linkOf(resumed, "web01").state).toBe(3);
});

test.each([
  ["terminated", 8],
  ["killed", 9],
  ["exception", 10],
] as const)("cancels a running resync; its job ends as %s", (cancelledJob, state) => {
  const cancelled = request(running({ switches: { cancelledJob } }), 9, 60);
  expect(cancelled.returnValue).toBe(0);
  expect(linkOf(cancelled.host, "web01")).toMatchObject({ state: 9, health: 3, run: null });
  expect(onlyJob(cancelled.host)).toMatchObject({ state, percent: 50 });
});

test("cancels a paused resync", () => {
  const paused = request(running(), 7, 60).host;
  expect(linkOf(request(paused, 9).host, "web01").state).toBe(9);
});

test("cancels a scheduled resync and leaves the relationship as it is", () => {
  const host = hostOf(scenarioOf([{ name: "web01", state: "suspended" }]));
  const startTime = new Date(startMs + 3_600_000).toISOString();
  const scheduled = returned(callOn(host, resynchronizeCall(host, "web01", startTime))).host;
  const cancelled = request(scheduled, 9).host;
  expect(onlyJob(cancelled).state).toBe(8);
  expect(linkOf(cancelled, "web01").state).toBe(7);
});

test("cannot cancel once the disks are being merged", () => {
  expect(request(running({}, { mergeSeconds: 30 }), 9, 89).returnValue).toBe(0);
  expect(request(running({}, { mergeSeconds: 30 }), 9, 91).returnValue).toBe(32775);
});

test("can cancel a resync that is stuck, however late", () => {
  expect(request(running({}, { end: "stuck", mergeSeconds: 30 }), 9, 100_000).returnValue).toBe(0);
});

test("works on the relationship that is named, and on the primary one otherwise", () => {
  const host = hostOf(scenarioOf([{ name: "web01", mode: "replica", extended: true }]));
  const states = ([1, undefined] as const).map((link) =>
    machineOf(request(host, 7, 0, link).host, "web01").links.map(({ state }) => state),
  );
  expect(states).toEqual([
    [3, 7],
    [7, 3],
  ]);
});

test("is done by a job a second later when the switch says so", () => {
  const host = hostOf(scenarioOf([{ name: "web01" }], { switches: { stateChange: "job" } }));
  const reply = request(host, 7);
  expect(reply.returnValue).toBe(4096);
  expect([linkOf(reply.host, "web01").state, onlyJob(reply.host).type]).toEqual([3, 96]);
  advance(reply.host, startMs + 1000);
  expect([linkOf(reply.host, "web01").state, onlyJob(reply.host).state]).toEqual([7, 7]);
});

test("fails in its job when the state has changed meanwhile", () => {
  const host = hostOf(scenarioOf([{ name: "web01" }], { switches: { stateChange: "job" } }));
  const both = request(request(host, 7).host, 7).host;
  advance(both, startMs + 1000);
  expect(both.jobs.map(({ state }) => state)).toEqual([7, 10]);
});

test("fails in its job with the code that the call would have had", () => {
  const switches = { stateChange: "job", resumeRequest: "invalidParameter" } as const;
  const host = hostOf(scenarioOf([{ name: "web01", state: "suspended" }], { switches: { stateChange: "job" } }));
  const asked = request(host, 3).host;
  Object.assign(asked.switches, switches);
  advance(asked, startMs + 1000);
  expect(onlyJob(asked)).toMatchObject({ state: 10, errorCode: 32773 });
});

test("resuming a suspended relationship forgets what was scheduled", () => {
  const host = hostOf(scenarioOf([{ name: "web01", state: "suspended" }], { switches: { alreadyScheduled: "kept" } }));
  const startTime = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();
  const once = returned(callOn(host, resynchronizeCall(host, "web01", startTime(60)))).host;
  const twice = returned(callOn(once, resynchronizeCall(once, "web01", startTime(120)))).host;
  const resumed = request(twice, 3).host;
  advance(resumed, startMs + 200_000);
  expect([resumed.jobs, linkOf(resumed, "web01").state]).toEqual([[], 3]);
});

test("refuses a VM without the relationship, an unknown request, and an account without rights", () => {
  expect(request(hostOf(scenarioOf([{ name: "web01", mode: "none" }])), 7).returnValue).toBe(32775);
  expect(request(hostOf(scenarioOf([{ name: "web01" }])), 8).returnValue).toBe(32773);
  const accounts = [{ user: "operator", password: "x", rights: "read" as const }];
  expect(request(hostOf(scenarioOf([{ name: "web01" }], { accounts })), 7).returnValue).toBe(32769);
});

test("says that it does not model the start of an initial replication", () => {
  const host = hostOf(scenarioOf([{ name: "web01" }]));
  expect(() => callOn(host, requestCall(host, 1))).toThrow(SimulatorError);
});

test("answers a VM that is not there with a fault", () => {
  const host = hostOf(scenarioOf([{ name: "web01" }]));
  const call = requestCall(host, 7);
  expect(callOn({ ...host, machines: [] }, call).answer).toMatchObject({ kind: "fault", fault: { code: 0x80041002 } });
});
