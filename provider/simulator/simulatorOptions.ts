import type { StoreOptions } from "./files/storeOptions";
import type { RealClock } from "./realClock";

/** What a simulated host is built on; tests bring their own. */
export interface SimulatorOptions extends StoreOptions {
  /** Real time. Default: the computer's clock. */
  readonly realClock?: RealClock;
}
