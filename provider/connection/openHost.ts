import type { Clock, ReplicationHost } from "../core/host/ports";
import type { ResolvedConnection } from "./defaults";
import { readPassword } from "./passwordFile";

/** A host that can be asked, with the clock that its waits go by. */
export interface OpenHost {
  readonly host: ReplicationHost;
  readonly clock: Clock;
}

/**
 * Opens the host of a connection that has been checked: the only place that knows the concrete transports, and that loads
 * one when the first connection asks for it. `platform`: `process.platform`.
 * @throws ReplicaResyncError when a file that the connection names cannot be used.
 */
export function openHost(connection: ResolvedConnection, platform: string): OpenHost {
  const { scenario = "", host = "", username, password = readPassword(connection.passwordFile) } = connection;
  const credentials = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  switch (connection.transport) {
    case "simulator":
      return loadSimulator().openSimulatorHost({ scenario, ...credentials });
    case "powershell":
      return loadPowerShell().openPowerShellHost({ ...connection, ...credentials }, { platform });
    case "wsman":
      return loadWsman().openWsmanHost({ ...connection, ...credentials, host });
    default:
      return connection satisfies never;
  }
}

// By require, not import(): two resources that open a host at the same time have to get the same one.
const loadSimulator = () =>
  require("../simulator/client/simulatorHost") as typeof import("../simulator/client/simulatorHost");
const loadPowerShell = () =>
  require("../transports/powershell/powershellHost") as typeof import("../transports/powershell/powershellHost");
const loadWsman = () => require("../transports/wsman/wsmanHost") as typeof import("../transports/wsman/wsmanHost");
