import { PreconditionError } from "../core/errors";
import { assessChange } from "./change";
import type { LifecycleContext, Properties } from "./context";
import { explainChange } from "./explain";

/**
 * Says whether something is to be done, and explains it beside the resource. Contacts nobody.
 * @throws {@link PreconditionError} when the state must not be touched.
 */
export function diff(
  _id: string,
  olds: Properties,
  news: Properties,
  context: LifecycleContext,
): { changes: boolean; replaces: readonly string[]; deleteBeforeReplace: boolean } {
  const change = assessChange(olds, news);
  const sentence = explainChange(change, news);
  if (change.kind === "refused") throw new PreconditionError(change.reason);
  if (sentence !== undefined) context.progressFor(news.__urn).status(sentence);
  return {
    changes: change.kind !== "none",
    replaces: change.kind === "replace" ? change.changed : [],
    deleteBeforeReplace: false,
  };
}
