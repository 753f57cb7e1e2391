import type { CimReference, CimRow, CimValue } from "../rows/cimValue";
import { CimFault } from "../hostFaults";
import { SimulatorError } from "../../simulatorError";
import type { HostState, MachineState } from "../hostState";
import { returnValue } from "../platform";

/** What a method is given to work with. */
export interface MethodCall {
  readonly host: HostState;
  readonly owner: string;
  readonly target: CimReference | undefined;
  readonly input: CimRow;
  /** Whether the account sees VMs at all, and whether it may change anything. */
  readonly sees: boolean;
  readonly mayChange: boolean;
}

/** What a method answers. */
export interface MethodOutcome {
  readonly returnValue: number;
  readonly output?: CimRow;
  readonly jobId?: string | undefined;
}

/** A method of the model. */
export interface Method {
  /** Parameters that a call may carry; any other is refused. */
  readonly parameters: readonly string[];
  /** The VM that a call is about. */
  machineOf(call: MethodCall): MachineState | undefined;
  run(call: MethodCall, machine: MachineState | undefined): MethodOutcome;
}

/** What an account gets that may not do this. */
export function denied({ host, owner }: MethodCall): MethodOutcome {
  if (host.switches.withoutRights === "fault") throw new CimFault("accessDenied", `${owner} may not do this`);
  return { returnValue: returnValue.accessDenied };
}

/** What a method gets whose parameter names no VM of this host. */
export function noSuchMachine({ host }: MethodCall): MethodOutcome {
  if (host.switches.machineNotHere === "notFound") throw new CimFault("notFound", "there is no such virtual machine");
  return { returnValue: returnValue.invalidParameter };
}

/** The VM behind a reference; `undefined` when there is none, it is planned, or the value is no reference. */
export function machineBehind(host: HostState, reference: CimValue | undefined): MachineState | undefined {
  if (!isReference(reference) || reference.className !== "Msvm_ComputerSystem") return undefined;
  const id = reference.keys["Name"]?.toLowerCase();
  return host.machines.find((machine) => machine.id === id && !machine.planned);
}

/** The time a parameter names; `undefined` for null or a parameter that was left out. */
export function momentOf(value: CimValue | undefined, parameter: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const atMs = isDateTime(value) ? Date.parse(value.dateTime) : NaN;
  if (Number.isNaN(atMs)) throw new SimulatorError(`${parameter} is not a timestamp: ${JSON.stringify(value)}`);
  return atMs;
}

function isReference(value: CimValue | undefined): value is CimReference {
  return typeof value === "object" && value !== null && "keys" in value;
}

function isDateTime(value: CimValue): value is { dateTime: string } {
  return typeof value === "object" && value !== null && "dateTime" in value;
}
