import { hasEnded, type ResyncRecord } from "../../core/record/record";
import { needsResyncState } from "../../core/hyperv/replicationState";
import { isSame } from "../../state/canonical";
import { inputDefaults, type InputName } from "../../state/inputs";
import { echoedInputs } from "../../state/outputs";
import { readState } from "../../state/readState";
import { hasUnknown } from "../../state/unknowns";
import { isGuid, toVmKey } from "../../state/vmKey";

/** What lies between the state of a resource and what its program asks for now. */
export type Change =
  | { readonly kind: "none" }
  /** Another VM or another relationship: another resource. */
  | { readonly kind: "replace"; readonly changed: readonly InputName[] }
  /** `triggers` changed: the call is made, if the policy asks for it. */
  | { readonly kind: "newRequest"; readonly changed: readonly InputName[]; readonly record: ResyncRecord }
  /** A refresh has found that the VM requires a resync again. */
  | { readonly kind: "heal"; readonly changed: readonly InputName[]; readonly record: ResyncRecord }
  /** The request has not ended: it is resumed. */
  | { readonly kind: "resume"; readonly changed: readonly InputName[]; readonly record: ResyncRecord }
  /** Only how to reach the host or how to wait: no call. */
  | { readonly kind: "settings"; readonly changed: readonly InputName[]; readonly record: ResyncRecord }
  /** The state was written by a newer version, or cannot be read. */
  | { readonly kind: "refused"; readonly reason: string };

type Properties = Readonly<Record<string, unknown>>;

const settings: readonly InputName[] = [
  "connection",
  "policy",
  "startTime",
  "wait",
  "timeoutSeconds",
  "stalledAfterSeconds",
  "onTimeout",
];

/**
 * Compares outputs and new inputs. Only the echoed inputs count: the text of the provider, the internal inputs and how a
 * value is written do not. Pure; contacts nobody.
 */
export function assessChange(olds: Properties, news: Properties): Change {
  const state = readState(olds);
  if (state.kind === "newer") {
    return {
      kind: "refused",
      reason: `the state was written by a newer version of pulumi-hyperv-replica (schemaVersion ${state.schemaVersion}): update the package; nothing was changed`,
    };
  }
  if (state.kind === "unreadable") {
    return { kind: "refused", reason: `the state cannot be read (${state.reason}); nothing was changed` };
  }
  const { record } = state;
  const before = echoedInputs(olds);
  const replaced = replacedInputs(before, record, news);
  if (replaced.length > 0) return { kind: "replace", changed: replaced };

  const changed: InputName[] = settings.filter((name) => !isSame(withDefault(name, before), withDefault(name, news)));
  if (hasUnknown(news.vm)) changed.unshift("vm");
  if (hasUnknown(news.relationship)) changed.unshift("relationship");
  const hasNewTriggers = !isSame(before.triggers, news.triggers);
  if (hasNewTriggers) changed.unshift("triggers");
  if (hasNewTriggers && news.triggers !== undefined && news.triggers !== null)
    return { kind: "newRequest", changed, record };

  const wait = withDefault("wait", news) === "started" ? "started" : "completed";
  if (!hasEnded(record.outcome, wait)) return { kind: "resume", changed, record };
  if (isInNeed(record) && withDefault("policy", news) === "ifRequired") return { kind: "heal", changed, record };
  return changed.length > 0 ? { kind: "settings", changed, record } : { kind: "none" };
}

/** Whether a request that ended well was followed by a reading that found that the VM requires a resync again. */
function isInNeed({ outcome, replicationState }: ResyncRecord): boolean {
  return (outcome === "completed" || outcome === "skipped") && replicationState === needsResyncState;
}

function replacedInputs(before: Properties, record: ResyncRecord, news: Properties): readonly InputName[] {
  const replaced: InputName[] = [];
  if (!hasUnknown(news.vm) && !isSameVm(before.vm, news.vm, record)) replaced.push("vm");
  if (!hasUnknown(news.relationship) && withDefault("relationship", before) !== withDefault("relationship", news)) {
    replaced.push("relationship");
  }
  return replaced;
}

function isSameVm(before: unknown, now: unknown, record: ResyncRecord): boolean {
  if (typeof now !== "string") return isSame(before, now);
  const wanted = toVmKey(now);
  if (wanted === record.vmId) return true;
  if (isGuid(wanted)) return false;
  return wanted === toVmKey(record.vmName) || (typeof before === "string" && wanted === toVmKey(before));
}

function withDefault(name: InputName, inputs: Properties): unknown {
  const given = inputs[name];
  if (given !== undefined && given !== null) return given;
  return name in inputDefaults ? inputDefaults[name as keyof typeof inputDefaults] : undefined;
}
