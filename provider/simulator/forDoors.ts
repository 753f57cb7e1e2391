// What a door is built on: the host in the words of CIM. A door translates and does nothing else.
export type { Caller, HostCall } from "./model/call";
export type { CimReference, CimRow, CimValue } from "./model/rows/cimValue";
export { jobRef, linkInstanceId, machineRef } from "./model/rows/cimValue";
export { CimFault, cimFaultCode, HostUnreachable, LogonRefused, ReplyLost } from "./model/hostFaults";
export { SimulatorError } from "./simulatorError";
export type { SimulatorOptions } from "./simulatorOptions";
export { type RealClock, systemClock } from "./realClock";
export { SimulatedHost, type TimedAnswer } from "./simulatedHost";
