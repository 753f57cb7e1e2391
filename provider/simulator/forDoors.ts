// What a door is built on: the host in the words of CIM. A door translates and does nothing else.
export type { Caller, HostCall } from "./call";
export type { CimReference, CimRow, CimValue } from "./cimValue";
export { jobRef, linkInstanceId, machineRef } from "./cimValue";
export { CimFault, cimFaultCode, HostUnreachable, LogonRefused, ReplyLost, SimulatorError } from "./errors";
export type { SimulatorOptions } from "./hostSession";
export { type RealClock, systemClock } from "./realClock";
export { SimulatedHost, type TimedAnswer } from "./simulatedHost";
