import { advance } from "../advance";
import { simulatedNow, withSpeed } from "../clock";
import { comeToLife } from "../runs/comeToLife";
import type { HostState } from "../hostState";
import { identifiedMachines, initialMachine } from "./initialMachine";
import { stopService } from "../interventions/interventions";
import type { Scenario } from "../../scenario/scenarioSchema";
import type { ScenarioText } from "../../scenario/scenarioSchema";

/** A host at its first opening. */
export function initialState(text: ScenarioText, realNowMs: number): HostState {
  const { name, clock, service, reachable, maximumActiveTransfers, switches, faults } = text.scenario;
  const nowMs = clock.start === undefined ? realNowMs : Date.parse(clock.start);
  const empty: HostState = {
    version: 1,
    name,
    clock: { simulatedAtMs: nowMs, realAtMs: realNowMs, speed: clock.speed },
    utcOffsetMinutes: clock.utcOffsetMinutes,
    nowMs,
    service,
    reachable,
    maximumActiveTransfers,
    accounts: [],
    switches,
    faults,
    machines: [],
    removedIds: [],
    leaving: [],
    jobs: [],
    jobsMade: 0,
    pendingChanges: [],
    scenario: { digest: "", service, reachable, accounts: [] },
    journal: { bytesBefore: 0, lastLine: "" },
  };
  return mergeScenario(empty, text, realNowMs);
}

/**
 * A known host with a scenario file that may have changed since: settings are taken over, new VMs come in, those
 * that the file no longer names go, and what a VM it still names has been through stays.
 */
export function mergeScenario(before: HostState, { scenario, digest }: ScenarioText, realNowMs: number): HostState {
  const host = structuredClone(before);
  advance(host, simulatedNow(host.clock, realNowMs));
  if (host.scenario.digest === digest) return host;
  mergeSettings(host, scenario, realNowMs);
  mergeMachines(host, scenario);
  host.scenario = { digest, ...saidOf(scenario) };
  advance(host, host.nowMs);
  return host;
}

/** What can be changed from outside too: there only a change of the file counts. */
function saidOf({ service, reachable, accounts }: Scenario): Omit<HostState["scenario"], "digest"> {
  return { service, reachable, accounts: accounts.map(({ user, rights }) => ({ user, rights })) };
}

function mergeSettings(host: HostState, scenario: Scenario, realNowMs: number): void {
  const said = saidOf(scenario);
  const before = host.scenario;
  if (scenario.clock.speed !== host.clock.speed) host.clock = withSpeed(host.clock, scenario.clock.speed, realNowMs);
  if (said.service !== before.service) {
    if (said.service === "stopped") stopService(host);
    else host.service = said.service;
  }
  if (said.reachable !== before.reachable) host.reachable = said.reachable;
  host.accounts = said.accounts.map((account) => {
    const isUnchanged = before.accounts.some(({ user, rights }) => user === account.user && rights === account.rights);
    return (isUnchanged ? host.accounts.find(({ user }) => user === account.user) : undefined) ?? account;
  });
  host.name = scenario.name;
  host.utcOffsetMinutes = scenario.clock.utcOffsetMinutes;
  host.maximumActiveTransfers = scenario.maximumActiveTransfers;
  host.switches = scenario.switches;
}

function mergeMachines(host: HostState, scenario: Scenario): void {
  const listed = identifiedMachines(scenario);
  const stays = (machineId: string) =>
    host.machines.some(
      ({ id, fromScenario }) => id === machineId && (!fromScenario || listed.some((one) => one.id === id)),
    );
  host.jobs = host.jobs.filter(({ machineId }) => stays(machineId));
  host.pendingChanges = host.pendingChanges.filter(({ machineId }) => stays(machineId));
  host.machines = host.machines.filter(({ id }) => stays(id));
  for (const { id, machine } of listed) {
    if (host.removedIds.includes(id)) continue;
    const fresh = initialMachine(scenario, id, machine, host.nowMs);
    const known = host.machines.find((one) => one.id === id);
    if (known !== undefined) {
      known.name = fresh.name;
      known.scripts = fresh.scripts;
      continue;
    }
    host.machines.push(fresh);
    for (const link of fresh.links) comeToLife(host, fresh, link, host.nowMs);
  }
}
