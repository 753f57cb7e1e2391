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

type Machine = NonNullable<ScenarioInput["machines"]>[number];
type Switches = NonNullable<ScenarioInput["switches"]>;

const inSeconds = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();

function answer(machine: Machine, switches: Switches = {}, startTime?: string) {
  const host = hostOf(scenarioOf([machine], { switches }));
  return returned(callOn(host, resynchronizeCall(host, machine.name, startTime)));
}

test("starts a job for a relationship that requires a resync", () => {
  const { host, returnValue, jobId } = answer(web01);
  expect(returnValue).toBe(4096);
  expect(onlyJob(host)).toMatchObject({ id: jobId, type: 107, state: 3, owner: "HV01\\operator" });
});

test("works on the extended relationship of a replica", () => {
  const { host, returnValue } = answer({ ...web01, mode: "replica", extended: true });
  expect(returnValue).toBe(4096);
  expect(onlyJob(host).type).toBe(121);
  expect(machineOf(host, "web01").links.map(({ run }) => run === null)).toEqual([true, false]);
});

test.each(["suspended", "critical", "resynchronizationRequired", "resynchronizationSuspended"])(
  "is possible in state %s",
  (state) => {
    expect(answer({ name: "web01", state }).returnValue).toBe(4096);
  },
);

test.each([
  "disabled",
  "readyForReplication",
  "waitingToCompleteInitialReplication",
  "replicating",
  "syncedReplicationComplete",
  "recovered",
  "committed",
  "resynchronizing",
  "failoverInProgress",
  "failbackInProgress",
  "failbackComplete",
  "diskUpdateInProgress",
  "diskUpdateCritical",
  "unknown",
  "repurposeReplicationInProgress",
  "preparedForSyncReplication",
  "preparedForGroupReverseReplication",
  "firedrillInProgress",
  77,
])("is an invalid state in state %s", (state) => {
  expect(answer({ name: "web01", state }).returnValue).toBe(32775);
});

test.each([0, 4096, 32768, 32769, 32770, 32771, 32772, 32773, 32774, 32775, 32776, 32777, 32778, 32779, 424242])(
  "returns %i on demand",
  (returnCode) => {
    expect(answer({ ...web01, resync: { returnCode } }).returnValue).toBe(returnCode);
  },
);

test("completes at once with return value 0, and deletes the recovery points", () => {
  const { host } = answer({ ...web01, resync: { returnCode: 0 } });
  expect(linkOf(host, "web01").state).toBe(3);
  expect(machineOf(host, "web01").recoveryPoints).toBe(0);
  expect(host.jobs).toEqual([]);
});

test("begins nothing with a refusing return value", () => {
  const { host } = answer({ ...web01, resync: { returnCode: 32772 } });
  expect(host.jobs).toEqual([]);
  expect(linkOf(host, "web01").run).toBeNull();
});

test("can begin although the return value does not say so", () => {
  const { host, jobId } = answer({ ...web01, resync: { returnCode: 32772, startsAnyway: true } });
  expect(onlyJob(host).state).toBe(3);
  expect(jobId).toBeUndefined();
});

test("is accepted in any state with return value 4096 on demand", () => {
  const { host } = answer({ name: "web01", state: "replicating", resync: { returnCode: 4096 } });
  expect(linkOf(host, "web01").state).toBe(9);
});

test("takes the next script with each call, and stays with the last", () => {
  let host = hostOf(scenarioOf([{ ...web01, resync: [{ returnCode: 32774 }, { returnCode: 32777 }] }]));
  const values = [1, 2, 3].map(() => {
    const reply = returned(callOn(host, resynchronizeCall(host, "web01")));
    host = reply.host;
    return reply.returnValue;
  });
  expect(values).toEqual([32774, 32777, 32777]);
});

test.each([
  ["none", {}, 32775],
  ["none", { notReplicated: "notSupported" }, 32770],
  ["testReplica", {}, 32770],
  ["replica", {}, 32775],
  ["replica", { replicaWithoutExtended: "notSupported" }, 32770],
  ["extendedReplica", {}, 32775],
  ["extendedReplica", { replicaWithoutExtended: "notSupported" }, 32770],
] as const)("has no relationship to work on for mode %s (%j): %i", (mode, switches, expected) => {
  expect(answer({ name: "web01", mode }, switches).returnValue).toBe(expected);
});

test("is not supported for another provider's relationship", () => {
  expect(answer({ ...web01, provider: "00000000-1111-4222-8333-444444444444" }).returnValue).toBe(32770);
});

test("is accepted for a relationship that replicates when the switch says so, which then waits to be resynchronized", () => {
  const { host, returnValue } = answer({ name: "web01" }, { replicating: "accepted" });
  expect(returnValue).toBe(4096);
  expect(linkOf(host, "web01").state).toBe(9);
});

test.each([
  ["invalidState", 32775],
  ["inUse", 32774],
] as const)("is refused while one runs: %s", (alreadyRunning, expected) => {
  const first = answer(web01, { alreadyRunning });
  const second = returned(callOn(first.host, resynchronizeCall(first.host, "web01")));
  expect(second.returnValue).toBe(expected);
  expect(second.host.jobs).toHaveLength(1);
});

test("answers with the running job when the switch says so", () => {
  const first = answer(web01, { alreadyRunning: "sameJob" });
  const second = returned(callOn(first.host, resynchronizeCall(first.host, "web01")));
  expect(second).toMatchObject({ returnValue: 4096, jobId: first.jobId });
});

test("answers with a job that has failed when the switch says so, and the running one continues", () => {
  const first = answer(web01, { alreadyRunning: "failingJob" });
  const second = returned(callOn(first.host, resynchronizeCall(first.host, "web01"), 60));
  expect(second.host.jobs.map(({ state }) => state)).toEqual([4, 10]);
  expect(second.jobId).toBe(second.host.jobs[1]?.id);
});

test("makes a job that waits in state 2 for a start time ahead", () => {
  const { host, returnValue } = answer(web01, {}, inSeconds(3600));
  expect(returnValue).toBe(4096);
  expect(onlyJob(host)).toMatchObject({ state: 2, scheduledAtMs: startMs + 3_600_000, startedAtMs: null });
});

test("answers 0 without a job for a start time ahead when the switch says so", () => {
  const { host, returnValue } = answer(web01, { scheduledStart: "noJob" }, inSeconds(3600));
  expect(returnValue).toBe(0);
  expect(host.jobs).toEqual([]);
  expect(linkOf(host, "web01").state).toBe(9);
});

test.each([-1, 7 * 86_400 + 1])("refuses a start time %i seconds ahead", (seconds) => {
  expect(answer(web01, {}, inSeconds(seconds)).returnValue).toBe(32773);
  expect(answer(web01, { startTimeOutOfRange: "accepted" }, inSeconds(seconds)).returnValue).toBe(4096);
});

test("takes the furthest start time of 7 days", () => {
  expect(answer(web01, {}, inSeconds(7 * 86_400)).returnValue).toBe(4096);
});

test("begins at once instead of a scheduled resync, whose job goes", () => {
  const scheduled = answer(web01, {}, inSeconds(3600));
  const atOnce = returned(callOn(scheduled.host, resynchronizeCall(scheduled.host, "web01")));
  expect(onlyJob(atOnce.host)).toMatchObject({ id: atOnce.jobId, state: 3 });
});

test("does not know a planned VM", () => {
  expect(answer({ ...web01, planned: true }).returnValue).toBe(32773);
});

test.each(["read", "none"] as const)("is denied to rights %s", (rights) => {
  const accounts = [{ user: "operator", password: "x", rights }];
  const host = hostOf(scenarioOf([web01], { accounts }));
  expect(returned(callOn(host, resynchronizeCall(host, "web01"))).returnValue).toBe(32769);
});

test("is answered with an access-denied fault when the switch says so", () => {
  const accounts = [{ user: "operator", password: "x", rights: "read" as const }];
  const host = hostOf(scenarioOf([web01], { accounts, switches: { withoutRights: "fault" } }));
  const { answer: reply, line } = callOn(host, resynchronizeCall(host, "web01"));
  expect(reply).toMatchObject({ kind: "fault", fault: { code: 0x80041003 } });
  expect(line).toMatchObject({ operation: "Resynchronize", machine: "web01", returnValue: null });
});

test("finds no service to call while it is stopped", () => {
  const host = hostOf(scenarioOf([web01], { service: "stopped" }));
  expect(callOn(host, resynchronizeCall(host, "web01")).answer).toMatchObject({
    kind: "fault",
    fault: { code: 0x80041002 },
  });
});

test("changes nothing in the state it was given", () => {
  const host = hostOf(scenarioOf([web01]));
  const before = JSON.stringify(host);
  callOn(host, resynchronizeCall(host, "web01"), 30);
  expect(JSON.stringify(host)).toBe(before);
});

test("begins nothing new behind a return value of 0 while one runs", () => {
  const resync = [{ seconds: 100 }, { returnCode: 0 }];
  const first = answer({ ...web01, resync }, { returnZero: "begun" });
  const second = returned(callOn(first.host, resynchronizeCall(first.host, "web01"), 10));
  expect(second.returnValue).toBe(0);
  expect(onlyJob(second.host)).toMatchObject({ id: first.jobId, state: 4 });
});

test("gives a paused resync that continues without its job a new one", () => {
  const host = hostOf(
    scenarioOf([{ ...web01, state: "resynchronizationSuspended" }], { switches: { pausedResync: "continues" } }),
  );
  const run = linkOf(host, "web01").run;
  if (run !== null) run.jobId = null;
  const { returnValue, jobId, host: after } = returned(callOn(host, resynchronizeCall(host, "web01")));
  expect(returnValue).toBe(4096);
  expect(after.jobs.find(({ id }) => id === jobId)).toMatchObject({ state: 4, type: 107 });
});

test("begins a paused resync from zero at a start time ahead, whatever a call without one would do", () => {
  const { host } = answer(
    { ...web01, state: "resynchronizationSuspended" },
    { pausedResync: "continues" },
    inSeconds(60),
  );
  expect(onlyJob(host)).toMatchObject({ state: 2, scheduledAtMs: startMs + 60_000 });
});

test("takes the digits of a start time for its local time when the switch says so, and refuses them by that", () => {
  const at = (utcOffsetMinutes: number) => {
    const host = hostOf(
      scenarioOf([web01], {
        clock: { start: inSeconds(0), utcOffsetMinutes },
        switches: { startTimeZone: "hostLocal" },
      }),
    );
    return returned(callOn(host, resynchronizeCall(host, "web01", inSeconds(1800)))).returnValue;
  };
  expect([at(-60), at(0), at(29), at(31)]).toEqual([4096, 4096, 4096, 32773]);
});

test("refuses a VM that is off only when nothing is wrong with the call itself", () => {
  const off = { ...web01, enabledState: "off" } as const;
  expect(answer(off, { machineNotRunning: "refused" }, inSeconds(-1)).returnValue).toBe(32773);
  expect(answer({ ...off, resync: { returnCode: 4096 } }, { machineNotRunning: "refused" }).returnValue).toBe(4096);
});

test("does not begin a second time behind a return value that does not say so", () => {
  const first = answer({ ...web01, resync: { returnCode: 32771, startsAnyway: true } });
  const second = returned(callOn(first.host, resynchronizeCall(first.host, "web01"), 10));
  expect(onlyJob(second.host).submittedAtMs).toBe(startMs);
});

test("takes a scheduled resync away when it completes at once", () => {
  const autoResync = { windowStart: "18:30", windowEnd: "06:00" };
  const { host } = answer({ ...web01, autoResync, resync: { returnCode: 0 } });
  expect([host.jobs, linkOf(host, "web01").run]).toEqual([[], null]);
});
