import { ConnectionFieldError } from "./connectionFieldError";
import { type ResolvedConnection, withDefaults } from "./defaults";
import type { Connection } from "./fields";
import { findProblem } from "./rules/findProblem";
import { type ConnectionSources, mergeConnection } from "./sources";

/**
 * The connection of a resource, complete and checked: what a transport can be opened with. Looks at the fields only,
 * never at a file or a host.
 * @throws {@link ConnectionFieldError} when a source holds what cannot be read, or the fields do not fit each other.
 */
export function resolveConnection(given: Connection, sources: ConnectionSources): ResolvedConnection {
  const { connection, sourceOf } = mergeConnection(given, sources);
  const resolved = withDefaults(connection, sources.platform);
  const problem = findProblem(resolved, sources.platform);
  if (problem === undefined) return resolved;
  throw new ConnectionFieldError(problem.field, problem.reason, sourceOf(problem.field));
}
