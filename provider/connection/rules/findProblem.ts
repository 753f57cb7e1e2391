import type { ResolvedConnection } from "../defaults";
import { findContradictions } from "./common";
import { findPowerShellProblem } from "./powershell";
import type { ConnectionProblem } from "./problem";
import { findWsmanProblem } from "./wsman";

/**
 * What keeps a complete connection from being used. Looks at the fields only, never at a file or a host. `platform`:
 * `process.platform`.
 */
export function findProblem(connection: ResolvedConnection, platform: string): ConnectionProblem | undefined {
  const [contradiction] = findContradictions(connection);
  if (contradiction !== undefined) return contradiction;
  switch (connection.transport) {
    case "simulator":
      return connection.scenario === undefined
        ? { field: "scenario", reason: "expected the path of a scenario file, got nothing" }
        : undefined;
    case "powershell":
      return findPowerShellProblem(connection, platform);
    case "wsman":
      return findWsmanProblem(connection);
    default:
      return connection satisfies never;
  }
}
