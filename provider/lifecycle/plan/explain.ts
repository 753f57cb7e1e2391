import { isWaitedFor, type ResyncRecord } from "../../core/record/record";
import { inputDefaults } from "../../state/inputs";
import { hasUnknown } from "../../state/unknowns";
import type { Change } from "./change";
import type { Properties } from "../context";

/** What will happen to a resource that is new, for previews. */
export function explainCreate(news: Properties): string {
  return `will ${act(news)} (${policyOf(news)})${at(news)}; ${harm}`;
}

/** What will happen to a resource whose state is known, for previews. `undefined`: nothing. */
export function explainChange(change: Change, news: Properties): string | undefined {
  switch (change.kind) {
    case "none":
      return undefined;
    case "refused":
      return change.reason;
    case "replace":
      return `${change.changed.join(" and ")} changed: another request; the old one is forgotten, nothing is undone on its host`;
    case "newRequest":
      return `will ${act(news)} (${policyOf(news)}): ${change.changed.join(", ")} changed${at(news)}; ${harm}`;
    case "heal":
      return `will resynchronize ${nameOf(news)} (${policyOf(news)}): it requires a resynchronization again${at(news)}${notBefore(change.record)}; ${harm}`;
    case "resume":
      return resumed(change, news);
    case "settings":
      return `${change.changed.join(", ")} changed, no call`;
    default:
      return change satisfies never;
  }
}

const harm = "recovery points of the replica are deleted";

function resumed({ record }: Extract<Change, { kind: "resume" }>, news: Properties): string {
  const job = record.jobId === undefined ? "the resynchronization" : `job ${record.jobId}`;
  if (isWaitedFor(record)) return `will keep waiting for ${job}`;
  return `${record.outcome} before: will look at ${nameOf(news)} and resynchronize it if it still requires it${notBefore(record)}; ${harm} then`;
}

function notBefore({ nextAttemptAt }: Pick<ResyncRecord, "nextAttemptAt">): string {
  return nextAttemptAt === undefined ? "" : `, not before ${nextAttemptAt}`;
}

function act(news: Properties): string {
  const policy = news.policy ?? inputDefaults.policy;
  return policy === "always"
    ? `resynchronize ${nameOf(news)}, suspending it first if it replicates normally`
    : `resynchronize ${nameOf(news)} if it requires it`;
}

function policyOf(news: Properties): string {
  return hasUnknown(news.policy) ? "policy not known yet" : `policy ${text(news.policy ?? inputDefaults.policy)}`;
}

function at(news: Properties): string {
  if (news.startTime === undefined || news.startTime === null) return "";
  return hasUnknown(news.startTime) ? ", at a time that is not known yet" : `, at ${text(news.startTime)}`;
}

function nameOf(news: Properties): string {
  const name = hasUnknown(news.vm) ? "a VM that is not known yet" : text(news.vm);
  return news.relationship === "extended" ? `the extended replica of ${name}` : name;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "unknown";
}
