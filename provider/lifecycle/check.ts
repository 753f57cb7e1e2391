import { type CheckFailure, findFailures, toInputs } from "../state/checkFailures";
import { ConnectionFieldError, resolveConnection } from "../connection/sources";
import { hasUnknown } from "../state/unknowns";
import { findConnectionProblem } from "../connection/openHost";
import type { LifecycleContext, Properties } from "./context";
import { explainCreate } from "./explain";

/** Refuses inputs that cannot be meant. Looks at their form only: never at a clock, never at a host. */
export function check(
  olds: Properties,
  news: Properties,
  context: LifecycleContext,
): { inputs: Properties; failures: readonly CheckFailure[] } {
  const ofInputs = findFailures(news);
  const failures =
    ofInputs.length > 0 || hasUnknown(news.connection) ? ofInputs : findConnectionFailures(news, context);
  if (failures.length === 0 && Object.keys(olds).length === 0) announce(news, context);
  return { inputs: news, failures };
}

/** What is missing or contradictory once the stack's configuration and the environment have been added. */
function findConnectionFailures(news: Properties, { sources }: LifecycleContext): readonly CheckFailure[] {
  try {
    const problem = findConnectionProblem(
      resolveConnection(toInputs(news).connection ?? {}, sources),
      sources.platform,
    );
    return problem === undefined ? [] : [{ property: `connection.${problem.field}`, reason: problem.reason }];
  } catch (error) {
    if (error instanceof ConnectionFieldError)
      return [{ property: `connection.${error.field}`, reason: error.message }];
    throw error;
  }
}

/** Says what a new resource will do, once: an up asks twice, and a preview has no other place for it. */
function announce(news: Properties, { announced, progressFor }: LifecycleContext): void {
  const urn = String(news.__urn);
  if (announced.has(urn)) return;
  announced.add(urn);
  progressFor(news.__urn).status(explainCreate(news));
}
