import { assessChange } from "./plan/change";
import type { LifecycleContext, Properties } from "./context";
import { explainChange } from "./plan/explain";

/**
 * Says whether something is to be done, and explains it beside the resource. Contacts nobody, and never throws: a
 * refresh asks for a diff as well, and one resource must not stop the healing of all others. State that must not be
 * touched differs, so that `update` refuses it.
 */
export function diff(
  _id: string,
  olds: Properties,
  news: Properties,
  context: LifecycleContext,
): { changes: boolean; replaces: readonly string[]; deleteBeforeReplace: boolean } {
  const change = assessChange(olds, news);
  const sentence = explainChange(change, news);
  const progress = context.progressFor(news.__urn);
  if (change.kind === "refused") progress.warn(change.reason);
  else if (sentence !== undefined) progress.status(sentence);
  return {
    changes: change.kind !== "none",
    replaces: change.kind === "replace" ? change.changed : [],
    deleteBeforeReplace: false,
  };
}
