export { SimulatorAdministration, type MachineView } from "./administration";
export { SimulatorError } from "./simulatorError";
export type { SimulatorOptions } from "./persistentHost";
export type { JournalLine } from "./model/journalLine";
export type { FaultInput, Rights, ScenarioInput } from "./scenario/scenarioSchema";
