import { advance } from "../../../../../provider/simulator/model/advance";
import type { HostCall } from "../../../../../provider/simulator/model/call";
import { machineRef } from "../../../../../provider/simulator/model/rows/cimValue";
import type { HostState } from "../../../../../provider/simulator/model/hostState";
import { stopService } from "../../../../../provider/simulator/model/interventions/interventions";
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
import type { ScenarioInput } from "../../../../../provider/simulator/scenario/scenarioInput";

type Switches = NonNullable<ScenarioInput["switches"]>;

/** A host whose service was stopped 60 seconds after a call for a resync of 120 seconds, and started at once. */
function restarted(switches: Switches, startTime?: string): HostState {
  const before = hostOf(scenarioOf([web01], { switches }));
  const { host } = returned(callOn(before, resynchronizeCall(before, "web01", startTime)));
  advance(host, startMs + 60_000);
  stopService(host);
  host.service = "running";
  return host;
}

test("a job that is kept continues with its resync, and ends with it", () => {
  const host = restarted({ jobsAfterRestart: "kept", interruptedResync: "continues" });
  expect(onlyJob(host).state).toBe(4);
  advance(host, startMs + 120_000);
  expect([onlyJob(host).state, linkOf(host, "web01").state]).toEqual([7, 3]);
});

test("a job that is kept has failed when its resync fell back, and stays for five minutes", () => {
  const host = restarted({ jobsAfterRestart: "kept" });
  expect(onlyJob(host)).toMatchObject({ state: 10, errorCode: 32777, percent: 50, endedAtMs: startMs + 60_000 });
  advance(host, startMs + 360_000);
  expect(host.jobs).toEqual([]);
});

test("a kept job of a resync that was scheduled fails with it, or waits on", () => {
  const startTime = new Date(startMs + 3_600_000).toISOString();
  const states = (["required", "continues"] as const).map(
    (interruptedResync) => onlyJob(restarted({ jobsAfterRestart: "kept", interruptedResync }, startTime)).state,
  );
  expect(states).toEqual([10, 2]);
});

test("a job that ended before is lost, or stays until its time", () => {
  const counts = (["lost", "kept"] as const).map((jobsAfterRestart) => {
    const host = hostOf(scenarioOf([web01], { switches: { jobsAfterRestart } }));
    const after = returned(callOn(host, resynchronizeCall(host, "web01"))).host;
    advance(after, startMs + 120_000);
    stopService(after);
    return after.jobs.map(({ state }) => state);
  });
  expect(counts).toEqual([[], [7]]);
});

test("a job that ends late is lost, or ends anyway", () => {
  const ends = (["lost", "kept"] as const).map((jobsAfterRestart) => {
    const host = hostOf(scenarioOf([web01], { switches: { jobsAfterRestart, jobEnds: "late" } }));
    const after = returned(callOn(host, resynchronizeCall(host, "web01"))).host;
    advance(after, startMs + 120_000);
    stopService(after);
    advance(after, startMs + 125_000);
    return after.jobs.map(({ state }) => state);
  });
  expect(ends).toEqual([[], [7]]);
});

test("a state change whose job is kept happens when the service runs again, and is lost otherwise", () => {
  const states = (["lost", "kept"] as const).map((jobsAfterRestart) => {
    const before = hostOf(scenarioOf([{ name: "web01" }], { switches: { jobsAfterRestart, stateChange: "job" } }));
    const target = machineRef(machineOf(before, "web01").id);
    const method = "RequestReplicationStateChangeEx";
    const suspend: HostCall = {
      kind: "invoke",
      className: "Msvm_ComputerSystem",
      method,
      target,
      input: { RequestedState: 7 },
    };
    const { host } = returned(callOn(before, suspend));
    stopService(host);
    advance(host, startMs + 10_000);
    const whileStopped = linkOf(host, "web01").state;
    host.service = "running";
    advance(host, startMs + 10_000);
    return [whileStopped, linkOf(host, "web01").state, host.jobs.map(({ state }) => state)];
  });
  expect(states).toEqual([
    [3, 3, []],
    [3, 7, [7]],
  ]);
});
