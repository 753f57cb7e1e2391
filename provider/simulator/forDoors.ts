// What a door is built on: the host in the words of CIM. A door translates and does nothing else.
export type { HostCall } from "./call";
export { linkInstanceId, machineRef } from "./cimValue";
export { CimFault, cimFaultCode, HostUnreachable, LogonRefused, ReplyLost, SimulatorError } from "./errors";
export type { SimulatorOptions } from "./hostSession";
export { SimulatedHost, type TimedAnswer } from "./simulatedHost";
