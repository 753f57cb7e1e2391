import { nothingSeen } from "../wait/assessWait";
import { type Attempt, beginRecord, type Begun } from "./attempt";
import type { Decision } from "../decide/decision";
import { ReplicaResyncError } from "../errors";
import type { StartMade } from "../host/hostSession";
import { jobIdsOf, type Observation } from "../host/observe";
import { failed, fromJob, type ResyncRecord, withoutFailures, withReply, withWarnings } from "../record/record";
import { refused } from "./refused";
import { describeReturnCode } from "../hyperv/returnCode";
import { needsResyncState, replicatingState, replicationStateName } from "../hyperv/replicationState";
import type { ResyncResult } from "./resyncContext";
import { isCarriedOut, startResync, type StartResult } from "./startResync";

type Start = Extract<Decision, { action: "start" }>;
type Called = Exclude<StartResult, { kind: "overtaken" }>;

/** What was seen on the host instead of calling: a resync that somebody else has begun in the last moment. */
export interface Overtaken {
  readonly overtakenBy: Observation;
}

/**
 * Makes the call that was decided, unless another resource of this run has made it, and turns its end into what is
 * waited for or kept.
 */
export async function callHost(decision: Start, attempt: Attempt): Promise<Begun | ResyncResult | Overtaken> {
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
  for (const warning of warnings) progress.warn(`${vm.vmName}: ${warning}`);
  const calledAtMs = session.clock.now();
  const result = await startResync(observation, request, decision, context);
  if (result.kind === "overtaken") return { overtakenBy: result.now };
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

/** The state in which a link was that we have suspended. */
const suspendedFrom = replicationStateName(replicatingState);

function afterCall(result: Called, answeredAt: string, decision: Start, attempt: Attempt): Begun | ResyncResult {
  const { hostTime } = attempt.observation.service;
  const begun = beginRecord(attempt);
  const record = decision.isSuspendedByUs === true ? { ...begun, replicationStateBefore: suspendedFrom } : begun;
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
  { job, scheduledFor, isResynchronizing, reply }: Extract<StartResult, { kind: "foundRunning" }>,
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
    ...fromJob(job),
  };
  return {
    record: withWarnings(record, text),
    awaited: { kind: request.kind, jobId: job?.jobId, olderJobIds: jobIdsOf(observation) },
    seen: { ...nothingSeen, resynchronizing: isResynchronizing, job: job !== undefined },
  };
}

function waitForAccepted(
  { reply }: Extract<StartResult, { kind: "accepted" }>,
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
      // A relationship in need leaves that state by a resync only: seeing it healthy afterwards is proof enough, also
      // for a run that slept through the resync and the five minutes in which its job can be read.
      isTrusted: isCarriedOut(reply) || isInNeed(observation),
    },
  };
}

/** A host that took a request on shows it by then. As long as a lost reply is looked for. */
const shownWithinMs = 60_000;

/** Waits for what another resource of this run has started a moment ago, and the host does not show yet. */
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
  const what = `another resource of this run has asked for it already${when}, and it needs a resynchronization still`;
  return new ReplicaResyncError("REFUSED", what, {
    context: { host: service.hostName, vm: vm.vmName, step: "decide" },
    remedy: "Run up again: one run asks for a resynchronization of a machine once",
  });
}

/** Another resource of this run has resynchronized the machine already: forced twice in one run is once too many. */
function takenFromOther(record: ResyncRecord): ResyncRecord {
  const reason = "another resource of this run has resynchronized it already";
  return { ...withoutFailures(record), outcome: "skipped", reason };
}

function isInNeed({ link }: Observation): boolean {
  return link?.replicationState === needsResyncState;
}
