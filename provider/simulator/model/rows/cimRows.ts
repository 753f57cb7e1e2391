import { dateTime, jobRef, linkInstanceId, machineRef, type CimRow } from "./cimValue";
import type { HostState, LinkState, MachineState } from "../hostState";
import { jobRow } from "./jobRow";
import { enabledState, linkHealth } from "../../scenario/stateNames";

/** The classes that can be enumerated, each with its instances as this account sees them. */
const classes: Readonly<Record<string, (host: HostState, sees: boolean) => CimRow[]>> = {
  Msvm_ReplicationService: (host) => [serviceRow(host)],
  Msvm_ComputerSystem: (host, sees) => [hostRow(host), ...visible(host, sees).map(machineRow)],
  Msvm_ReplicationRelationship: (host, sees) =>
    visible(host, sees).flatMap((machine) => machine.links.map((link) => relationshipRow(machine, link))),
  Msvm_ReplicationSettingData: (host, sees) =>
    visible(host, sees).flatMap((machine) => machine.links.map((link) => settingRow(host, machine, link))),
  Msvm_ConcreteJob: (host, sees) => (sees ? host.jobs.map((job) => jobRow(host, job)) : []),
  Msvm_AffectedJobElement: (host, sees) =>
    sees
      ? host.jobs.map((job) => ({ AffectedElement: machineRef(job.machineId), AffectingElement: jobRef(job.id) }))
      : [],
};

/** The names of all classes that the model has. */
export const knownClasses: readonly string[] = Object.keys(classes);

/**
 * All instances of a class. While the management service is stopped there are none of any, and no error; an account
 * without rights sees no VM and nothing that belongs to one.
 */
export function rowsOf(host: HostState, className: string, sees: boolean): CimRow[] {
  return host.service === "running" ? (classes[className]?.(host, sees) ?? []) : [];
}

function visible(host: HostState, sees: boolean): MachineState[] {
  return sees ? host.machines.filter(({ planned }) => !planned) : [];
}

function serviceRow({ name }: HostState): CimRow {
  return {
    SystemCreationClassName: "Msvm_ComputerSystem",
    SystemName: name,
    CreationClassName: "Msvm_ReplicationService",
    Name: "replicasvc",
    InstanceID: null,
    ElementName: "Hyper-V Replica Service",
    OperationalStatus: [2],
  };
}

/** The host is an instance of the same class, and told apart by a `Name` that is no GUID. */
function hostRow({ name }: HostState): CimRow {
  return {
    CreationClassName: "Msvm_ComputerSystem",
    Name: name,
    ElementName: name,
    Caption: "Hosting Computer System",
    EnabledState: enabledState.running,
    ReplicationMode: null,
    ReplicationState: null,
    ReplicationHealth: null,
  };
}

function machineRow(machine: MachineState): CimRow {
  const [link] = machine.links;
  return {
    CreationClassName: "Msvm_ComputerSystem",
    Name: machine.id.toUpperCase(),
    ElementName: machine.name,
    Caption: "Virtual Machine",
    EnabledState: machine.enabledState,
    ReplicationMode: machine.mode,
    // Deprecated here, and of the first relationship only: the relationships say it better.
    ReplicationState: link?.state ?? 0,
    ReplicationHealth: link?.health ?? linkHealth.notApplicable,
    LastReplicationTime: dateTime(link?.lastReplicationMs ?? null),
  };
}

function relationshipRow(machine: MachineState, link: LinkState): CimRow {
  return {
    InstanceID: linkInstanceId(machine.id, link.number),
    ElementName: machine.name,
    ReplicationState: link.state,
    ReplicationHealth: link.health,
    FailedOverReplicationType: 0,
    LastReplicationType: link.lastReplicationMs === null ? 0 : 1,
    LastReplicationTime: dateTime(link.lastReplicationMs),
    LastApplyTime: dateTime(link.lastReplicationMs),
    LastApplicationConsistentReplicationTime: dateTime(null),
  };
}

function settingRow({ name }: HostState, machine: MachineState, link: LinkState): CimRow {
  const minuteMs = 60_000;
  // What the class has while nobody set a window: 18:30 to 06:00.
  const { startMinute, endMinute } = link.autoResync ?? { startMinute: 1110, endMinute: 360 };
  return {
    InstanceID: linkInstanceId(machine.id, link.number),
    ElementName: machine.name,
    PrimaryHostSystem: link.primaryHost,
    RecoveryHostSystem: link.recoveryHost,
    PrimaryConnectionPoint: link.primaryHost,
    RecoveryConnectionPoint: link.recoveryHost,
    ReplicationInterval: 300,
    AutoResynchronizeEnabled: link.autoResync !== null,
    AutoResynchronizeIntervalStart: { intervalMs: startMinute * minuteMs },
    AutoResynchronizeIntervalEnd: { intervalMs: endMinute * minuteMs },
    ReplicationProvider:
      `\\\\${name}\\root\\virtualization\\v2:Msvm_ReplicationProvider.CreationClassName="Msvm_ReplicationProvider",` +
      `Name="${link.provider.toUpperCase()}",SystemCreationClassName="Msvm_ComputerSystem",SystemName="${name}"`,
  };
}
