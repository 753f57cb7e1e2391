import type { Clock, ReplicationHost } from "../core/ports";
import { PreconditionError } from "../core/errors";
import type { Transport } from "../schema/connection";
import type { ResolvedConnection } from "../schema/resolveConnection";
import { openSimulatorHost } from "./simulator/simulatorHost";

/** A host that can be asked, with the clock that its waits go by. */
export interface OpenHost {
  readonly host: ReplicationHost;
  readonly clock: Clock;
}

/** The transports this version has. */
export const availableTransports: readonly Transport[] = ["simulator"];

/**
 * Opens the host of a connection: the only place that knows the concrete transports.
 * @throws {@link PreconditionError} when the connection lacks what its transport needs.
 */
export function openHost(connection: ResolvedConnection): OpenHost {
  const { transport, scenario, username, password } = connection;
  if (transport !== "simulator") {
    throw new PreconditionError(`transport "${transport}" is not part of this version`, {
      remedy: `Available: ${availableTransports.join(", ")}`,
    });
  }
  if (scenario === undefined) {
    throw new PreconditionError('transport "simulator" needs connection.scenario, the path of a scenario file');
  }
  return openSimulatorHost({
    scenario,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  });
}
