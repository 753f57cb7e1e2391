import type { Clock } from "../../provider/core/host/ports";
import { SimulatedHost } from "../../provider/simulator/forDoors";

/**
 * The clock of a simulated host for a transport that has the runner's own. A test may put the host's forward at any time:
 * every look is a new one.
 */
export function hostClock(scenarioPath: string): Clock {
  return {
    now: () => SimulatedHost.open(scenarioPath).now(),
    sleep: (delayMs, signal) => SimulatedHost.open(scenarioPath).sleep(delayMs, signal),
  };
}
