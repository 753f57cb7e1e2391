import type { Clock, ReplicationHost } from "../../provider/core/host/ports";
import type { ScenarioInput, SimulatorAdministration } from "../../provider/simulator";

/** A transport that talks to a simulated host, with a hand on that host from outside. */
export interface OpenedDoor {
  readonly host: ReplicationHost;
  readonly clock: Clock;
  readonly administration: SimulatorAdministration;
  /** The file that describes the host. */
  readonly scenarioPath: string;
}

/** Opens a transport to the host of a scenario; without credentials as its first account. */
export type OpenDoor = (
  scenario: ScenarioInput,
  credentials?: { readonly username: string; readonly password: string },
) => Promise<OpenedDoor>;
