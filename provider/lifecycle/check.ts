import { type CheckFailure, findFailures, toInputs } from "../state/checkFailures";
import { ConnectionFieldError } from "../connection/connectionFieldError";
import { resolveConnection } from "../connection/resolveConnection";
import { hasUnknown } from "../state/unknowns";
import type { LifecycleContext, Properties } from "./context";
import { explainCreate } from "./plan/explain";

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
    resolveConnection(toInputs(news).connection ?? {}, sources);
    return [];
  } catch (error) {
    if (error instanceof ConnectionFieldError) return [{ property: `connection.${error.field}`, reason: error.reason }];
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
