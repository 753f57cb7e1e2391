import { hyperVReplicaProviderId, replicationMode } from "../../../core/hyperv/relationship";
import { guidFrom } from "../guid";
import type { LinkNumber, LinkState, MachineState } from "../hostState";
import { healthOf, linkState } from "../platform";
import { enabledState, linkHealth } from "../../scenario/stateNames";
import { reasonsOf } from "../links/healthReasons";
import type { Scenario } from "../../scenario/scenarioSchema";
import type { ScenarioMachine } from "../../scenario/machineSchema";

/** The VMs of a scenario with the GUIDs they have: their own, or made from host, name and place among namesakes. */
export function identifiedMachines({ name, machines }: Scenario): { id: string; machine: ScenarioMachine }[] {
  const seen = new Map<string, number>();
  return machines.map((machine) => {
    const namesakes = seen.get(machine.name) ?? 0;
    seen.set(machine.name, namesakes + 1);
    return { id: machine.id ?? guidFrom(name, machine.name, String(namesakes)), machine };
  });
}

/** A VM as the scenario describes it, at the time it comes to life. */
export function initialMachine(scenario: Scenario, id: string, machine: ScenarioMachine, nowMs: number): MachineState {
  const isPrimary = machine.mode === "primary" || machine.mode === "none";
  return {
    id,
    name: machine.name,
    mode: replicationMode[machine.mode],
    enabledState: number(enabledState, machine.enabledState) ?? (isPrimary ? enabledState.running : enabledState.off),
    planned: machine.planned,
    recoveryPoints: machine.recoveryPoints,
    mostRecoveryPoints: machine.recoveryPoints,
    recoveryPointsFromMs: nowMs,
    links: linksOf(scenario, machine, nowMs),
    scripts: machine.resync,
    calls: 0,
    fromScenario: true,
  };
}

function linksOf(scenario: Scenario, machine: ScenarioMachine, nowMs: number): LinkState[] {
  const first = (link: Partial<LinkState>) => initialLink(scenario, machine, 0, machine.state, nowMs, link);
  switch (machine.mode) {
    case "none":
    case "testReplica":
      return [];
    case "primary":
      return [first(described(machine, nowMs))];
    case "replica": {
      if (!machine.extended) return [first(described(machine, nowMs))];
      const primary = initialLink(scenario, machine, 0, machine.primaryState, nowMs, {});
      const extended = described(machine, nowMs);
      return [primary, initialLink(scenario, machine, 1, machine.state, nowMs, extended)];
    }
    case "extendedReplica": {
      const link = scenario.switches.extendedReplicaLink === "extended" ? 1 : 0;
      return [initialLink(scenario, machine, link, machine.state, nowMs, described(machine, nowMs))];
    }
  }
}

function initialLink(
  { name: host }: Scenario,
  machine: ScenarioMachine,
  link: LinkNumber,
  state: number = linkState.replicating,
  nowMs: number,
  described: Partial<LinkState>,
): LinkState {
  const sends = machine.mode === "primary" || (machine.mode === "replica" && link === 1);
  const hourMs = 3_600_000;
  return {
    number: link,
    state,
    health: healthOf(state),
    healthReasons: reasonsOf(state, machine.name),
    enteredAtMs: nowMs,
    lastReplicationMs: state === linkState.replicating ? nowMs : nowMs - hourMs,
    primaryHost: sends ? host : "HVPRIMARY",
    recoveryHost: !sends ? host : link === 1 ? "HVEXTENDED" : "HVREPLICA",
    provider: machine.provider === "hyperV" ? hyperVReplicaProviderId : machine.provider,
    autoResync: null,
    run: null,
    later: [],
    ...described,
  };
}

/** What the scenario says of the one relationship that `state` belongs to. */
function described(machine: ScenarioMachine, nowMs: number): Partial<LinkState> {
  const health = number(linkHealth, machine.health);
  const { lastReplicationTime: last, autoResync } = machine;
  return {
    ...(health === undefined ? {} : { health }),
    ...(health === linkHealth.ok ? { healthReasons: [] } : {}),
    ...(machine.healthReasons === undefined ? {} : { healthReasons: machine.healthReasons }),
    ...(last === undefined ? {} : { lastReplicationMs: last === "never" ? null : Math.min(Date.parse(last), nowMs) }),
    ...(machine.primaryHost === undefined ? {} : { primaryHost: machine.primaryHost }),
    ...(machine.recoveryHost === undefined ? {} : { recoveryHost: machine.recoveryHost }),
    ...(autoResync === undefined
      ? {}
      : { autoResync: { startMinute: minuteOf(autoResync.windowStart), endMinute: minuteOf(autoResync.windowEnd) } }),
  };
}

function minuteOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(":").map(Number);
  return hours * 60 + minutes;
}

function number(table: Readonly<Record<string, number>>, name: string | undefined): number | undefined {
  return name === undefined ? undefined : table[name];
}
