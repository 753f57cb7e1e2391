import { neverMs } from "../platform";

/** A CIM datetime that is a timestamp: ISO 8601 UTC. Every door writes it in its own way. */
export interface CimDateTime {
  readonly dateTime: string;
}

/** A CIM datetime that is an interval, in milliseconds. */
interface CimInterval {
  readonly intervalMs: number;
}

/** A reference to an instance: its class and its key properties. */
export interface CimReference {
  readonly className: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** The value of a property or parameter, with as much type as a door needs to write it. */
export type CimValue =
  null | boolean | number | string | readonly number[] | readonly string[] | CimDateTime | CimInterval | CimReference;

/** An instance, or the output parameters of a method, by the names they have in CIM. */
export type CimRow = Readonly<Record<string, CimValue>>;

/** A timestamp as CIM has it. "Never" is not null there but the start of Windows file time, in 1601. */
export function dateTime(atMs: number | null): CimDateTime {
  return { dateTime: new Date(atMs ?? neverMs).toISOString() };
}

/** The reference to a VM. */
export function machineRef(machineId: string): CimReference {
  const className = "Msvm_ComputerSystem";
  return { className, keys: { CreationClassName: className, Name: machineId.toUpperCase() } };
}

/** The reference to a job. */
export function jobRef(jobId: string): CimReference {
  return { className: "Msvm_ConcreteJob", keys: { InstanceID: jobId } };
}

/** The `InstanceID` of a relationship and of its settings. Source: `Msvm_ReplicationRelationship.InstanceID`. */
export function linkInstanceId(machineId: string, link: number): string {
  return `Microsoft:${machineId.toUpperCase()}\\HVR\\${link}`;
}
