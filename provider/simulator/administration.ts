import { resolve } from "node:path";
import { type z } from "zod";
import { advance } from "./model/advance";
import { putForward } from "./model/clock";
import { SimulatorError } from "./simulatorError";
import { PersistentHost } from "./persistentHost";
import type { SimulatorOptions } from "./simulatorOptions";
import type { HostState, MachineState } from "./model/hostState";
import {
  breakLink,
  machineNamed,
  putIntoState,
  removeReplication,
  reverseReplication,
  stopService,
} from "./model/interventions/interventions";
import { bringIn, departureOf, forgetDeparture, leave, takeOut } from "./model/interventions/moves";
import { type JournalLine } from "./model/journalLine";
import { journalLineSchema } from "./files/journal";
import { faultSchema } from "./scenario/scenarioSchema";
import type { FaultInput, Rights } from "./scenario/scenarioInput";
import type { ResyncInput } from "./scenario/machineInput";
import type { MachineView } from "./machineView";
import { replicationStateField, scriptsField } from "./scenario/script";
import { problemLines } from "./scenario/zodMessages";

/**
 * What somebody at the console of a simulated host could do to it: for tests of programs that use the package, and for
 * trying things out. Works on the host's files, so it may be done from another process than the one that talks to the
 * host. VMs are named by display name (letter case ignored) or GUID. Nothing here is written into the journal.
 * Every method throws a SimulatorError for what the host does not have.
 */
export class SimulatorAdministration {
  private constructor(private readonly persistent: PersistentHost) {}

  /**
   * Opens the host that a scenario file describes.
   * @throws SimulatorError when a file cannot be read or says something that the simulator does not know.
   */
  static open(scenarioPath: string, options: SimulatorOptions = {}): SimulatorAdministration {
    return new SimulatorAdministration(new PersistentHost(scenarioPath, options));
  }

  /** The replica gets out of sync, as after a reverted disk: state 9, health critical. A resync that runs fails. */
  async breakMachine(machine: string): Promise<void> {
    await this.change((host) => {
      breakLink(host, machineNamed(host, machine));
    });
  }

  /** Puts a VM's relationship into a `ReplicationState`, by name (`suspended`) or number. */
  async setState(machine: string, state: string | number): Promise<void> {
    const value = checked(replicationStateField, state, "state");
    await this.change((host) => {
      putIntoState(host, machineNamed(host, machine), value);
    });
  }

  /** Removes the replication of a VM: it has no relationship any more. A resync that runs fails. */
  async removeReplication(machine: string): Promise<void> {
    await this.change((host) => {
      removeReplication(host, machineNamed(host, machine));
    });
  }

  /** Lets a primary and its replica change places, as after a completed failover. A resync that runs fails. */
  async reverseReplication(machine: string): Promise<void> {
    await this.change((host) => {
      reverseReplication(host, machineNamed(host, machine));
    });
  }

  /** Sets what the next resyncs of a VM do, in the form of a scenario's `resync`; calls count from here. */
  async setResync(machine: string, resync: ResyncInput | readonly ResyncInput[]): Promise<void> {
    const scripts = checked(scriptsField, resync, "resync");
    await this.change((host) => Object.assign(machineNamed(host, machine), { scripts, calls: 0 }));
  }

  /** Stops the Virtual Machine Management service: queries answer nothing. What becomes of its jobs is a switch. */
  async stopService(): Promise<void> {
    await this.change(stopService);
  }

  /** Starts the Virtual Machine Management service. */
  async startService(): Promise<void> {
    await this.change((host) => (host.service = "running"));
  }

  /** Makes the host answer, or not answer any more. */
  async setReachable(reachable: boolean): Promise<void> {
    await this.change((host) => (host.reachable = reachable));
  }

  /** Takes a VM away; it stays away until {@link reset}. */
  async removeMachine(machine: string): Promise<void> {
    await this.change((host) => {
      takeOut(host, machineNamed(host, machine));
    });
  }

  /**
   * Moves a VM to another simulated host, as a live migration does. For a short time it is on neither. A move that was
   * cut off is repeated, and continues where it was; until then the host that it left remembers the VM.
   */
  async moveMachine(machine: string, toScenarioPath: string, options: SimulatorOptions = {}): Promise<void> {
    const target = SimulatorAdministration.open(toScenarioPath, options);
    const { id, isOnItsWay } = await this.change((host) => {
      const departure = departureOf(host, machine);
      return { id: (departure?.machine ?? machineNamed(host, machine)).id, isOnItsWay: departure !== undefined };
    });
    await target.change((host) => {
      if (!isOnItsWay && has(host, id)) throw new SimulatorError(`${host.name} already has the VM ${id}`);
    });
    const left = await this.change((host) => ({ name: host.name, ...leave(host, id, resolve(toScenarioPath)) }));
    await target.change((host) => {
      if (!has(host, id)) bringIn(host, { name: left.name, nowMs: left.leftAtMs }, left.machine);
    });
    await this.change((host) => {
      forgetDeparture(host, id);
    });
  }

  /** Sets what an account may do. */
  async setRights(user: string, rights: Rights): Promise<void> {
    await this.change((host) => {
      const account = host.accounts.find((one) => one.user.toLowerCase() === user.toLowerCase());
      if (account === undefined) throw new SimulatorError(`${host.name} has no account "${user}"`);
      account.rights = rights;
    });
  }

  /** Makes the next calls of an operation run into a fault. */
  async injectFault(fault: FaultInput): Promise<void> {
    const one = checked(faultSchema, fault, "fault");
    await this.change((host) => host.faults.push(one));
  }

  /** Puts the host's clock forward. */
  async advanceClock(seconds: number): Promise<void> {
    if (!(seconds >= 0)) throw new SimulatorError(`a clock is put forward by 0 seconds or more, got ${seconds}`);
    await this.change((host) => {
      host.clock = putForward(host.clock, seconds * 1000);
      advance(host, host.nowMs + seconds * 1000);
    });
  }

  /** The host's own time, ISO 8601 UTC. */
  async readClock(): Promise<string> {
    return this.change((host) => new Date(host.nowMs).toISOString());
  }

  /** A VM as it is now. */
  async readMachine(machine: string): Promise<MachineView> {
    return this.change((host) => viewOf(machineNamed(host, machine)));
  }

  /** All calls so far, in order. */
  async readJournal(): Promise<JournalLine[]> {
    const text = await this.persistent.readJournal();
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => checked(journalLineSchema, JSON.parse(line), "line of the journal"));
  }

  /** Forgets everything the host has been through: it is as the scenario file says, and the journal is empty. */
  async reset(): Promise<void> {
    await this.persistent.reset();
  }

  private async change<Value>(action: (host: HostState) => Value): Promise<Value> {
    return this.persistent.transact((host, nowMs) => {
      advance(host, nowMs);
      const value = action(host);
      advance(host, host.nowMs);
      return { state: host, value };
    });
  }
}

function has({ machines }: HostState, machineId: string): boolean {
  return machines.some(({ id }) => id === machineId);
}

function viewOf({ id, name, mode, enabledState, recoveryPoints, links }: MachineState): MachineView {
  return {
    id,
    name,
    replicationMode: mode,
    enabledState,
    recoveryPoints,
    links: links.map(({ number, state, health, lastReplicationMs }) => ({
      number,
      replicationState: state,
      replicationHealth: health,
      ...(lastReplicationMs !== null && { lastReplicationTime: new Date(lastReplicationMs).toISOString() }),
    })),
  };
}

function checked<Shape extends z.ZodType>(shape: Shape, value: unknown, what: string): z.output<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw new SimulatorError(`cannot use this ${what}: ${problemLines(result.error).join("; ")}`);
}
