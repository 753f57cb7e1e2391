import type { MethodCalled, RunRecord, VerbRecord } from "./chronicle";
import { isAccepted, shownState, showsResync } from "./hostFacts";
import { group } from "./outputsRead";
import type { Request, Requests } from "./requests";
import type { Violation } from "./violation";

/** Rule 1: only create and update change anything on the host; check, diff and delete do not even query it. */
export function onlyRequestsCall(run: RunRecord): Violation[] {
  const found: Violation[] = [];
  for (const { operation, verb } of run.methods) {
    if (verb?.name === "create" || verb?.name === "update") continue;
    found.push({ rule: "1 who calls", text: `${operation} was called by ${verb?.name ?? "no verb in progress"}` });
  }
  for (const { name, hostCalls } of run.verbs) {
    if (hostCalls === 0 || name === "create" || name === "update" || name === "read") continue;
    found.push({ rule: "1 who calls", text: `${name} asked the host ${hostCalls} times` });
  }
  return found;
}

/** Rule 2: one call by one resource in one run, error hooks included, and one resync of one VM by all together. */
export function atMostOneCall({ methods }: RunRecord): Violation[] {
  const found: Violation[] = [];
  const calls = methods.filter(({ operation }) => operation === "Resynchronize");
  for (const [urn, ofOne] of Map.groupBy(calls, ({ verb }) => verb?.urn ?? "")) {
    if (ofOne.length > 1) {
      const answers = ofOne.map(({ returnValue, isCarriedOut }) =>
        String(returnValue ?? (isCarriedOut ? "a fault" : "lost before")),
      );
      const text = `${urn} called ${ofOne.length} times in one run: ${answers.join(", ")}`;
      found.push({ rule: "2 one call", text });
    }
  }
  for (const [machineId, ofOne] of Map.groupBy(calls.filter(isAccepted), (call) => call.machineId)) {
    const second = ofOne.slice(1).find((call) => call.verb?.urn !== ofOne[0]?.verb?.urn);
    if (second !== undefined) {
      const text = `${second.verb?.urn ?? ""} started ${machineId}, which another resource had started in this run`;
      found.push({ rule: "2 one start", text });
    }
  }
  return found;
}

/** Rules 3 to 5: when a verb may call. */
export function callsAreDue(verb: VerbRecord, requests: Requests): Violation[] {
  if (verb.name !== "create" && verb.name !== "update") return [];
  return verb.methods
    .filter(({ operation }) => operation === "Resynchronize")
    .flatMap((call) => [...isNotBlind(call), ...fitsPolicy(call, verb), ...isAskedFor(call, verb, requests)]);
}

/** Rule 3: what the host showed to the verb before its call was not a running resync. A later race is not a violation. */
function isNotBlind(call: MethodCalled): Violation[] {
  const { links, jobs, machineId } = call;
  if (links === undefined || jobs === undefined) return [{ rule: "3 looks first", text: "called without a look" }];
  if (!isAccepted(call) || !showsResync(links, jobs, machineId)) return [];
  return [{ rule: "3 looks first", text: "called while the host showed a running resync" }];
}

/**
 * Rule 4: state 9, under policy always also 7: found so, or suspended by the run from 3, which the host shows as 7 by
 * the time of the call.
 */
function fitsPolicy({ links, machineId }: MethodCalled, { news = {} }: VerbRecord): Violation[] {
  if (links === undefined) return [];
  const state = shownState(links, machineId);
  if (state === 9 || (state === 7 && news.policy === "always")) return [];
  return [{ rule: "4 required", text: `called under ${String(news.policy)} in state ${String(state)}` }];
}

function isAskedFor(call: MethodCalled, verb: VerbRecord, requests: Requests): Violation[] {
  const { request, isOver, hasNewTriggers } = requests.errandOf(verb);
  const { olds = {} } = verb;
  const found: Violation[] = [];
  if (isOver) found.push({ rule: "4 asked for", text: `called for a request that was ${String(olds.outcome)}` });
  const notBefore = group(olds, "failures").nextAttemptAt;
  if (!hasNewTriggers && typeof notBefore === "string" && call.before.nowMs < Date.parse(notBefore)) {
    found.push({
      rule: "4 not before",
      text: `called at ${new Date(call.before.nowMs).toISOString()}, before ${notBefore}`,
    });
  }
  if (!isRequiredAgain(call, request)) {
    found.push({
      rule: "5 once",
      text: `called again for one request, and nothing asked for that: its record was kept`,
    });
  }
  return found;
}

/**
 * Rule 5: a second call only where the VM requires it again (9, and by rule 3 nothing runs), however the first ended.
 * Under always a suspended VM is forced again only where an earlier call of the request began from there, also when the
 * run had suspended it for that, and a healthy one never; but the record of the earlier call may be lost.
 */
function isRequiredAgain(call: MethodCalled, { calls, isRecordLost }: Request): boolean {
  const earlier = calls.filter((other) => other.before.nowMs < call.before.nowMs);
  if (earlier.length === 0 || call.links === undefined || isRecordLost) return true;
  const stateAt = ({ links, machineId }: MethodCalled) => links && shownState(links, machineId);
  return stateAt(call) === 9 || (stateAt(call) === 7 && earlier.some((other) => stateAt(other) === 7));
}
