import { ReplicaResyncError } from "../core/errors";
import type { Clock, ReplicationHost } from "../core/host/ports";
import type { ConnectionField, Contradiction } from "./fields";
import type { ResolvedConnection } from "./sources";
import { readPassword } from "./passwordFile";
import { openPowerShellHost } from "../transports/powershell/powershellHost";
import { findWayProblem } from "../transports/powershell/ways";
import { openSimulatorHost } from "../simulator/client/simulatorHost";
import { findWsmanProblem } from "../transports/wsman/problems";
import { openWsmanHost } from "../transports/wsman/wsmanHost";

/** A host that can be asked, with the clock that its waits go by. */
export interface OpenHost {
  readonly host: ReplicationHost;
  readonly clock: Clock;
}

/** What keeps a connection from being used, at the field to change. Looks at the fields only: never at a file or a host. */
export function findConnectionProblem(connection: ResolvedConnection, platform: string): Contradiction | undefined {
  const { transport, scenario, hosts } = connection;
  switch (transport) {
    case "simulator":
      return scenario === undefined
        ? { field: "scenario", reason: "expected the path of a scenario file, got nothing" }
        : undefined;
    case "powershell":
      return hosts === undefined
        ? findPowerShellProblem(connection, platform)
        : { field: "hosts", reason: "is not part of this version: name the node that owns the machine in host" };
    case "wsman":
      return findWsmanProblem(connection);
    default:
      return transport satisfies never;
  }
}

/** A password in a file is one: that the file can be read is seen when the host is opened. */
function findPowerShellProblem(connection: ResolvedConnection, platform: string): Contradiction | undefined {
  if (connection.passwordFile === undefined) return findWayProblem(connection, platform);
  const problem = findWayProblem({ ...connection, password: "" }, platform);
  return problem?.field === "password" ? { ...problem, field: "passwordFile" } : problem;
}

/**
 * Opens the host of a connection: the only place that knows the concrete transports. `platform`: `process.platform`.
 * @throws {@link ReplicaResyncError} when the connection lacks what its transport needs.
 */
export function openHost(connection: ResolvedConnection, platform: string): OpenHost {
  const problem = findConnectionProblem(connection, platform);
  if (problem !== undefined)
    throw new ReplicaResyncError("REFUSED", `connection.${problem.field satisfies ConnectionField}: ${problem.reason}`);
  const { transport, scenario, host, username, password = readPassword(connection.passwordFile) } = connection;
  const credentials = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  switch (transport) {
    case "simulator":
      return openSimulatorHost({ scenario: scenario ?? "", ...credentials });
    case "powershell":
      return openPowerShellHost({ ...connection, ...credentials }, { platform });
    case "wsman":
      return openWsmanHost({ ...connection, ...credentials, host: host ?? "" });
    default:
      return transport satisfies never;
  }
}
