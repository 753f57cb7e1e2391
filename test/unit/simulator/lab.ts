import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carryOut, type CarriedOut, type HostCall } from "../../../provider/simulator/model/call";
import { machineRef } from "../../../provider/simulator/model/rows/cimValue";
import { initialState } from "../../../provider/simulator/model/setup/mergeScenario";
import type { HostState, JobRecord, LinkState, MachineState } from "../../../provider/simulator/model/hostState";
import type { RealClock } from "../../../provider/simulator/realClock";
import { scenarioSchema } from "../../../provider/simulator/scenario/scenarioSchema";
import type { ScenarioInput } from "../../../provider/simulator/scenario/scenarioInput";

/** What the simulated clock shows at first in every test. */
export const startMs = Date.UTC(2030, 0, 7, 12);

/** A scenario with one host and these VMs; its clock begins at {@link startMs} and runs with real time. */
export function scenarioOf(machines: ScenarioInput["machines"], more: Partial<ScenarioInput> = {}): ScenarioInput {
  return { name: "HV01", clock: { start: new Date(startMs).toISOString() }, machines, ...more };
}

/** A primary that requires a resync. */
export const web01 = { name: "web01", state: "resynchronizationRequired", resync: { seconds: 120 } } as const;

/** A host in memory. */
export function hostOf(scenario: ScenarioInput): HostState {
  return initialState({ scenario: scenarioSchema.parse(scenario), digest: "first" }, startMs);
}

/** Real time that stands still but for sleeps, which take none. */
export function fakeRealClock(): RealClock & { slept: number[]; nowMs: number } {
  const clock = {
    nowMs: startMs,
    slept: new Array<number>(),
    now: () => clock.nowMs,
    sleep: async (delayMs: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      clock.slept.push(delayMs);
      clock.nowMs += delayMs;
    },
  };
  return clock;
}

const folders: string[] = [];

/** Writes a scenario into a folder of its own, and returns its path. */
export function scenarioFile(scenario: ScenarioInput | string): string {
  const folder = mkdtempSync(join(tmpdir(), "simulated-host-"));
  folders.push(folder);
  const path = join(folder, "lab.json");
  writeFileSync(path, typeof scenario === "string" ? scenario : JSON.stringify(scenario));
  return path;
}

/** Removes the folders that this file's tests made. */
export function removeScenarioFiles(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Carries out a call on a host in memory, so many seconds after its latest time. */
export function callOn(host: HostState, call: HostCall, afterSeconds = 0, user = "operator"): CarriedOut {
  return carryOut(host, call, { door: "test", user }, host.nowMs + afterSeconds * 1000);
}

/** `Resynchronize` of the VM with this name. */
export function resynchronizeCall(host: HostState, name: string, startTime?: string): HostCall {
  return {
    kind: "invoke",
    className: "Msvm_ReplicationService",
    method: "Resynchronize",
    input: {
      ComputerSystem: machineRef(machineOf(host, name).id),
      ...(startTime === undefined ? {} : { StartTime: { dateTime: startTime } }),
    },
  };
}

/** The return value of a call, and the host afterwards. */
export function returned({ host, answer }: CarriedOut): { host: HostState; returnValue: number; jobId?: string } {
  if (answer.kind !== "returned") throw new Error(`expected a return value, got ${JSON.stringify(answer)}`);
  const { returnValue, jobId } = answer;
  return { host, returnValue, ...(jobId === undefined ? {} : { jobId }) };
}

export function machineOf(host: HostState, name: string): MachineState {
  const machine = host.machines.find((one) => one.name === name);
  if (machine === undefined) throw new Error(`no machine ${name}`);
  return machine;
}

/** The last relationship of a VM. */
export function linkOf(host: HostState, name: string): LinkState {
  const link = machineOf(host, name).links.at(-1);
  if (link === undefined) throw new Error(`no link of ${name}`);
  return link;
}

/** The host's only job. */
export function onlyJob(host: HostState): JobRecord {
  const [job, ...others] = host.jobs;
  if (job === undefined || others.length > 0) throw new Error(`expected one job, got ${host.jobs.length}`);
  return job;
}
