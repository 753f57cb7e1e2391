import { checkRole } from "./checkRole";
import { decideNew } from "./decideNew";
import type { Decision, EarlierRun } from "./decision";
import { endedUnseen, unseenEnd } from "../record/endedUnseen";
import { ReplicaResyncError } from "../errors";
import { longestPauseMs } from "../record/failures";
import { findRunning, type Observation } from "../host/observation";
import { isRunningResync } from "../hyperv/resyncJob";
import type { RelationshipReading } from "../host/ports";
import { isWaitedFor, reasonOf, type ResyncRecord } from "../record/record";
import {
  describeState,
  needsResyncState,
  replicatingState,
  replicationStates,
  resynchronizingState,
  suspendedState,
} from "../hyperv/replicationState";
import type { ResyncRequest } from "../record/request";

type Request = Parameters<typeof decideNew>[1];

/**
 * Decides how a request of an earlier run goes on: what runs is waited for, what is healed is done, what failed is tried
 * again, not before its time.
 */
export function decideResumed(
  observation: Observation,
  request: Request,
  { record, mayStart }: Extract<EarlierRun, { kind: "resume" }>,
): Decision {
  const { jobs, service } = observation;
  // Its own job first: one that the host is to begin after it counts as running too, once its time has come.
  const own = jobs.find(({ jobId }) => jobId === record.jobId);
  const ownRuns = own !== undefined && isRunningResync(own, request.kind, service.hostTime);
  const running = ownRuns ? own : findRunning(observation, request.kind);
  const runsAlready = running !== undefined || observation.link?.replicationState === resynchronizingState;
  if (isWaitedFor(record)) {
    if (!runsAlready && endedUnseen(record, observation, request.kind))
      return { action: "ended", end: { outcome: "failed", error: unseenEnd(record, observation) }, record };
    const jobId = running?.jobId ?? record.jobId;
    const what = jobId === undefined ? "the resynchronization" : `job ${jobId}`;
    return { action: "resumeWaiting", reason: `resuming the wait for ${what}`, job: running, record };
  }
  if (runsAlready) {
    const which = running === undefined ? "" : ` (job ${running.jobId})`;
    const reason = `a resynchronization runs${which}: waiting for it instead of starting another`;
    return { action: "adopt", reason, job: running, warnings: [] };
  }
  const { refusal, link } = checkRole(observation, request.kind);
  if (refusal !== undefined) return { action: "refuse", error: refusal, counts: false };
  if (link.replicationState === replicatingState) {
    const end = { outcome: "completed", reason: "healed meanwhile: it replicates normally" } as const;
    return { action: "ended", end, record };
  }
  if (mayStart && asksForCall(link, request, record)) {
    const further = decideFurther(observation, request, record);
    const isSuspendedByUs = link.replicationState === suspendedState && record.evidence.suspendedByUs;
    return further.action === "start" && isSuspendedByUs ? { ...further, isSuspendedByUs } : further;
  }
  const error = new ReplicaResyncError("JOB_FAILED", reasonOf(record), {
    context: contextOf(observation),
    remedy: remedyIn(link, record),
  });
  return { action: "refuse", error, counts: false };
}

/** Decides about a VM that was found to require a resync again after a request that ended well. */
export function decideHeal(observation: Observation, request: Request, record: ResyncRecord): Decision {
  const isInNeed = observation.link?.replicationState === needsResyncState;
  return isInNeed ? decideFurther(observation, request, record) : decideNew(observation, request);
}

/**
 * One more call for a VM that asks for it. After failures not before their time, so that a pipeline does not hammer
 * a host where every resync fails.
 */
function decideFurther(observation: Observation, request: Request, record: ResyncRecord): Decision {
  const { nextAttemptAt, failuresInRow, failingSince } = record;
  const decision = decideNew(observation, request);
  const aheadMs = Date.parse(nextAttemptAt ?? "") - Date.parse(observation.service.hostTime);
  // Further ahead than any pause is long: the host's clock was wrong then, and has been put right.
  const isTooEarly = aheadMs > 0 && aheadMs <= longestPauseMs;
  if (decision.action === "adopt" || !isTooEarly)
    return decision.action === "refuse" ? { ...decision, counts: true } : decision;
  const count = `${failuresInRow} in a row since ${failingSince ?? "then"}`;
  const error = new ReplicaResyncError(
    "JOB_FAILED",
    `${reasonOf(record)} (${count}); no new call before ${nextAttemptAt ?? ""}`,
    {
      context: contextOf(observation),
      remedy: "Change `triggers` to ask for one at once",
    },
  );
  return { action: "refuse", error, counts: false };
}

/**
 * Whether the state of the relationship asks for the call: in state 9, or suspended and forced, where the earlier try had
 * begun from there: it was suspended for this request then, or was found so.
 */
function asksForCall(
  { replicationState }: RelationshipReading,
  { policy }: Pick<ResyncRequest, "policy">,
  { replicationStateBefore, evidence }: ResyncRecord,
): boolean {
  if (replicationState === needsResyncState) return true;
  const beganSuspended = evidence.suspendedByUs || replicationStateBefore === suspendedState;
  return replicationState === suspendedState && policy === "always" && beganSuspended;
}

function remedyIn({ replicationState }: RelationshipReading, before: ResyncRecord): string {
  const since = before.replicationState === replicationState ? "still" : "now";
  const remedy = replicationStates.get(replicationState)?.remedy ?? "Put that right";
  return `Its replication is ${since} in state ${describeState(replicationState)}. ${remedy}, then run up again`;
}

function contextOf({ service, vm }: Observation): { host: string; vm: string; step: string } {
  return { host: service.hostName, vm: vm.vmName, step: "try again" };
}
