import { ReplicaResyncError } from "../../core/errors";
import type { Clock, ReplicationHost } from "../../core/host/ports";
import { SimulatedHost, SimulatorError, type SimulatorOptions } from "../forDoors";
import { CimHost } from "../../transports/cim/cimHost";
import { InProcessClient, type Credentials } from "./inProcessClient";

/** Which simulated host, and who calls. */
export interface SimulatorConnection extends Credentials {
  /** Path of the scenario file. */
  readonly scenario: string;
}

/**
 * Opens the in-process door of a simulated host. The clock is the caller's: it goes as fast as the scenario says, and is
 * as far from the host's as it says (`clock.skewSeconds`).
 * @throws ReplicaResyncError when the scenario or its state file cannot be used; it says where and why.
 */
export function openSimulatorHost(
  { scenario, ...credentials }: SimulatorConnection,
  options: SimulatorOptions = {},
): { host: ReplicationHost; clock: Clock } {
  const simulated = open(scenario, options);
  return {
    host: new CimHost(new InProcessClient(simulated, credentials)),
    clock: { now: () => simulated.callerNow(), sleep: (delayMs, signal) => simulated.sleep(delayMs, signal) },
  };
}

function open(scenario: string, options: SimulatorOptions): SimulatedHost {
  try {
    return SimulatedHost.open(scenario, options);
  } catch (error) {
    if (error instanceof SimulatorError) throw new ReplicaResyncError("REFUSED", error.message, { cause: error });
    throw error;
  }
}
