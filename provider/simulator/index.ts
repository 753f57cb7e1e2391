export { SimulatorAdministration, type MachineView } from "./administration";
export { SimulatorError } from "./errors";
export type { SimulatorOptions } from "./hostSession";
export type { JournalLine } from "./journal";
export type { FaultInput, Rights, ScenarioInput } from "./scenario";
