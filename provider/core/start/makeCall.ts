import type { Decision } from "../decide/decision";
import { ReplicaResyncError } from "../errors";
import { jobIdsOf, type Observation } from "../host/observation";
import type { StartMade } from "../host/startGuard";
import { needsResyncState, replicatingState } from "../hyperv/replicationState";
import { describeReturnCode } from "../hyperv/returnCode";
import { failed, withoutFailures, withReply } from "../record/ending";
import { withEvidence, withJob } from "../record/reading";
import { type ResyncRecord, withWarnings } from "../record/record";
import type { ResyncResult } from "../record/result";
import { nothingSeen } from "../wait/awaited";
import { adoptOvertaking, warn } from "./adopt";
import { type Attempt, beginRecord, type Begun } from "./attempt";
import type { CallEnd } from "./callEnd";
import { callOnce, isCarriedOut } from "./callOnce";
import { refused } from "./refused";

type Start = Extract<Decision, { action: "start" }>;
type Called = Exclude<CallEnd, { kind: "overtaken" }>;

/**
 * Makes the call that was decided, unless another resource of this run has made it, and turns its end into what is
 * waited for or kept.
 */
export async function makeCall(decision: Start, attempt: Attempt): Promise<Begun | ResyncResult> {
  const { observation, request, context } = attempt;
  const { session, progress } = context;
  const { vm, service } = observation;
  const { startTime, reason, warnings } = decision;
  const key = `${service.hostName.toLowerCase()} ${vm.vmId} ${request.kind}`;
  const made = session.guard.made.get(key);
  if (made !== undefined) {
    if (!made.isAccepted) return refused(startedElsewhere(observation), false, attempt);
    const isFresh = session.clock.now() - made.atMs < shownWithinMs;
    if (isFresh && made.startTime === startTime) return join(made, attempt);
    if (isInNeed(observation)) return refused(askedElsewhere(observation, made), false, attempt);
    return { ok: true, record: takenFromOther(beginRecord(attempt)) };
  }
  const when = startTime === undefined ? "starting now" : `scheduling it for ${startTime}`;
  progress.info(`${vm.vmName}: ${reason}; resynchronizing deletes the recovery points of its replica; ${when}`);
  warn(warnings, attempt);
  const calledAtMs = session.clock.now();
  const result = await callOnce(observation, request, decision, context);
  if (result.kind === "overtaken") return adoptOvertaking(result.now, attempt);
  if (result.kind !== "rejected") {
    const jobId = result.kind === "accepted" ? result.reply.jobId : undefined;
    session.guard.made.set(key, {
      atMs: session.clock.now(),
      ...(startTime !== undefined && { startTime }),
      ...(jobId !== undefined && { jobId }),
      isAccepted: result.kind !== "unknown",
      isTrusted: isCarriedOut(result.reply),
    });
  }
  const answeredAt = new Date(Date.parse(service.hostTime) + session.clock.now() - calledAtMs).toISOString();
  return afterCall(result, answeredAt, decision, attempt);
}

function afterCall(result: Called, answeredAt: string, decision: Start, attempt: Attempt): Begun | ResyncResult {
  const { hostTime } = attempt.observation.service;
  const begun = beginRecord(attempt);
  const suspendedByUs = decision.suspendFirst || decision.isSuspendedByUs === true;
  const before = decision.isSuspendedByUs === true ? replicatingState : begun.replicationStateBefore;
  const record = withEvidence({ ...begun, replicationStateBefore: before }, { suspendedByUs });
  const calling = withWarnings(
    { ...record, attempts: record.attempts + 1, requestedAt: hostTime },
    ...decision.warnings,
  );
  switch (result.kind) {
    case "rejected": {
      const { error, isCalled } = result;
      if (error.effect === "none") return { ...refused(error, isCalled, attempt), isRejected: isCalled };
      return { ok: false, error, record: failed(isCalled ? calling : record, error, answeredAt, "failed") };
    }
    case "unknown": {
      const { error, reply } = result;
      return { ok: false, error, record: failed(withReply(calling, reply), error, answeredAt, "unknown") };
    }
    case "foundRunning":
      return waitForFound(result, withReply(calling, result.reply), attempt);
    case "accepted":
      return waitForAccepted(result, decision, withReply(calling, result.reply), attempt);
    default:
      return result satisfies never;
  }
}

function waitForFound(
  { job, scheduledFor, isResynchronizing, reply }: Extract<CallEnd, { kind: "foundRunning" }>,
  calling: ResyncRecord,
  { observation, request }: Attempt,
): Begun {
  const how = scheduledFor === undefined ? "running" : "scheduled";
  const what =
    reply === undefined
      ? "the reply of the call was lost"
      : `Resynchronize returned ${describeReturnCode(reply.returnCode)}`;
  const text = `${what}, and a resynchronization was found ${how}`;
  const record: ResyncRecord = {
    ...calling,
    outcome: scheduledFor === undefined ? "started" : "scheduled",
    adopted: true,
    reason: text,
    ...(scheduledFor !== undefined && { scheduledStartTime: scheduledFor }),
  };
  return {
    record: withWarnings(withSeen(withJob(record, job), isResynchronizing), { code: "foundRunning", text }),
    awaited: { kind: request.kind, jobId: job?.jobId, olderJobIds: jobIdsOf(observation) },
    seen: { ...nothingSeen, resynchronizing: isResynchronizing, job: job !== undefined },
  };
}

/** The record of a resync that was found, by the state of the relationship or by a job. */
function withSeen(record: ResyncRecord, isResynchronizing: boolean): ResyncRecord {
  return isResynchronizing ? withEvidence(record, { sawResync: true }) : record;
}

function waitForAccepted(
  { reply }: Extract<CallEnd, { kind: "accepted" }>,
  { startTime }: Start,
  calling: ResyncRecord,
  { observation, request, context }: Attempt,
): Begun {
  const { jobId } = reply;
  const when = startTime === undefined ? "" : ` at ${startTime}`;
  const what = jobId === undefined ? "" : ` (job ${jobId})`;
  context.progress.status(startTime === undefined ? "accepted by the host" : `scheduled for ${startTime}`);
  return {
    record: {
      ...calling,
      outcome: startTime === undefined ? "started" : "scheduled",
      reason: `the host resynchronizes it${when}${what}`,
      ...(startTime !== undefined && { scheduledStartTime: startTime }),
      ...(jobId !== undefined && { jobId }),
    },
    awaited: { kind: request.kind, jobId, olderJobIds: jobIdsOf(observation) },
    seen: {
      ...nothingSeen,
      // A relationship leaves state 9 by a resync only: seeing it healthy afterwards is proof enough, also
      // for a run that slept through the resync and the five minutes in which its job can be read.
      isTrusted: isCarriedOut(reply) || isInNeed(observation),
    },
  };
}

/** A host that took a request on shows it by then. As long as a lost reply is looked for. */
const shownWithinMs = 60_000;

/** Waits for what another resource of this run has just started, and the host does not show yet. */
function join({ startTime, jobId, isTrusted }: StartMade, attempt: Attempt): Begun {
  const { observation, request, context } = attempt;
  const which = jobId === undefined ? "" : ` (job ${jobId})`;
  const text = `another resource of this run has just started it${which}: waiting for that instead of starting a second`;
  context.progress.info(`${observation.vm.vmName}: ${text}`);
  return {
    record: {
      ...beginRecord(attempt),
      outcome: startTime === undefined ? "started" : "scheduled",
      adopted: true,
      reason: text,
      requestedAt: observation.service.hostTime,
      ...(startTime !== undefined && { scheduledStartTime: startTime }),
      ...(jobId !== undefined && { jobId }),
    },
    awaited: { kind: request.kind, jobId, olderJobIds: jobIdsOf(observation) },
    seen: { ...nothingSeen, isTrusted },
  };
}

function startedElsewhere({ service, vm }: Observation): ReplicaResyncError {
  return new ReplicaResyncError(
    "REFUSED",
    "another resource of this run may have started it: the reply to that call was lost",
    {
      context: { host: service.hostName, vm: vm.vmName, step: "decide" },
      remedy: "Run up again: it looks at the host before anything else is started",
    },
  );
}

function askedElsewhere({ service, vm }: Observation, { startTime }: StartMade): ReplicaResyncError {
  const when = startTime === undefined ? "" : ` for ${startTime}`;
  const what = `another resource of this run has asked for it already${when}, and it still requires a resynchronization`;
  return new ReplicaResyncError("REFUSED", what, {
    context: { host: service.hostName, vm: vm.vmName, step: "decide" },
    remedy: "Run up again: one run asks for a resynchronization of a VM once",
  });
}

/** Another resource of this run has already resynchronized the VM: forced twice in one run is once too many. */
function takenFromOther(record: ResyncRecord): ResyncRecord {
  const reason = "another resource of this run has resynchronized it already";
  return { ...withoutFailures(record), outcome: "skipped", reason };
}

function isInNeed({ link }: Observation): boolean {
  return link?.replicationState === needsResyncState;
}
