export { SimulatorAdministration, type MachineView } from "./administration";
export type { Caller, HostAnswer, HostCall } from "./call";
export { linkInstanceId, machineRef, type CimReference, type CimRow, type CimValue } from "./cimValue";
export { CimFault, cimFaultCode, HostUnreachable, LogonRefused, ReplyLost, SimulatorError } from "./errors";
export type { SimulatorOptions } from "./hostSession";
export type { JournalLine } from "./journal";
export type { FaultInput, Rights, ScenarioInput } from "./scenario";
export { SimulatedHost, type TimedAnswer } from "./simulatedHost";
