export { SimulatorAdministration } from "./administration";
export type { MachineView } from "./machineView";
export type { JournalLine } from "./model/journalLine";
export type { SimulatorOptions } from "./simulatorOptions";
export type { MachineInput, ResyncInput } from "./scenario/machineInput";
export type { ClockInput, FaultInput, Rights, ScenarioInput } from "./scenario/scenarioInput";
export type { SwitchesInput } from "./scenario/switchesInput";
export type { BrokenReplyInput, WsmanInput } from "./scenario/wsmanInput";
export { SimulatorError } from "./simulatorError";
