import type { Awaited, Seen } from "./assessWait";
import { type Decision, decideResync } from "./decideResync";
import { PreconditionError, type ReplicaResyncError } from "./errors";
import type { FailureCount } from "./failures";
import type { StartMade } from "./hostSession";
import { jobStates } from "./jobState";
import { observe, type Observation } from "./observe";
import { failed, fromJob, newRecord, type ResyncRecord, withoutFailures, withReply, withWarnings } from "./record";
import { needsResyncState, resynchronizingState, suspendedState } from "./replicationState";
import type { ResyncRequest } from "./request";
import type { ResyncContext, ResyncResult } from "./resyncContext";
import { isCarriedOut, startResync } from "./startResync";
import { waitForTurn } from "./waitForTurn";

/** A resync that was begun, by us or by somebody else, and is now to be waited for. */
export interface Begun {
  readonly record: ResyncRecord;
  readonly awaited: Awaited;
  readonly seen: Seen;
}

/** A wait that has seen nothing yet. */
export const nothingSeen: Seen = {
  resynchronizing: false,
  job: false,
  isTrusted: false,
  doneReadings: 0,
  missingReadings: 0,
};

/** Whether the state of the link asks for the call: in need, or suspended and forced. */
export function asksForCall({ link }: Observation, { policy }: Pick<ResyncRequest, "policy">): boolean {
  const state = link?.replicationState;
  return state === needsResyncState || (state === suspendedState && policy === "always");
}

/** An earlier try, whose counts go on, and what to do when the link does not ask for the call any more after the queue. */
export interface EarlierTry {
  readonly record: FailureCount & Partial<Pick<ResyncRecord, "requestId" | "attempts">>;
  readonly reconsider: (observation: Observation) => Promise<Begun | ResyncResult>;
}

/** Carries out what is decided for a request: starts, adopts, skips or refuses. */
export async function beginNew(
  observation: Observation,
  request: ResyncRequest,
  context: ResyncContext,
  earlier?: EarlierTry,
): Promise<Begun | ResyncResult> {
  const record = newRecord(observation, context.newRequestId(), earlier?.record);
  const decision = decideResync(observation, request);
  switch (decision.action) {
    case "refuse":
      return { ok: false, error: decision.error };
    case "skip":
      return {
        ok: true,
        record: withWarnings(
          {
            ...withoutFailures(record),
            ...earlierJob(observation, request),
            outcome: "skipped",
            reason: decision.reason,
          },
          ...decision.warnings,
        ),
      };
    case "adopt":
      return adopt(decision, record, observation, request, context);
    case "start":
      return start(record, observation, request, context, earlier);
    default:
      return decision satisfies never;
  }
}

function adopt(
  decision: Extract<Decision, { action: "adopt" }>,
  record: ResyncRecord,
  observation: Observation,
  request: ResyncRequest,
  context: ResyncContext,
): Begun {
  const { job, scheduledFor } = decision;
  const text = adoptionText(decision);
  context.progress.info(`${record.vmName}: ${text}`);
  const adopted: ResyncRecord = {
    ...record,
    outcome: scheduledFor === undefined ? "started" : "scheduled",
    adopted: true,
    reason: text,
    ...(scheduledFor !== undefined && { scheduledStartTime: scheduledFor }),
    ...fromJob(job),
  };
  return {
    record: withWarnings(adopted, ...decision.warnings),
    awaited: { kind: request.kind, jobId: job?.jobId, olderJobIds: jobIdsOf(observation) },
    seen: {
      ...nothingSeen,
      job: job !== undefined,
      resynchronizing: observation.link?.replicationState === resynchronizingState,
    },
  };
}

async function start(
  record: ResyncRecord,
  first: Observation,
  request: ResyncRequest,
  context: ResyncContext,
  earlier: EarlierTry | undefined,
): Promise<Begun | ResyncResult> {
  const { session, progress, signal } = context;
  return waitForTurn(session, request.maxConcurrentResyncs, { signal, progress }, async () => {
    const observation = await observe(session.host, first.vm.vmId, request.kind, { signal });
    const decision = decideResync(observation, request);
    const isInNeed = observation.link?.replicationState === needsResyncState;
    if (earlier !== undefined && !asksForCall(observation, request)) return earlier.reconsider(observation);
    if (decision.action !== "start") {
      return beginNew(observation, request, { ...context, newRequestId: () => record.requestId }, earlier);
    }

    const { vm, service } = observation;
    const key = `${service.hostName.toLowerCase()} ${vm.vmId} ${request.kind}`;
    const made = session.guard.made.get(key);
    if (made !== undefined) {
      if (!made.isAccepted) return { ok: false, error: startedElsewhere(observation) };
      const isFresh = session.clock.now() - made.atMs < shownWithinMs;
      if (isFresh && made.startTime === decision.startTime) return join(made, record, observation, request, context);
      if (!isInNeed) return { ok: true, record: takenFromOther(record) };
    }
    const calling: ResyncRecord = withWarnings(
      { ...record, attempts: record.attempts + 1, requestedAt: service.hostTime },
      ...decision.warnings,
    );
    progress.info(
      `${vm.vmName}: resynchronizing deletes the recovery points of its replica; ${decision.startTime === undefined ? "starting now" : `scheduling it for ${decision.startTime}`}`,
    );
    for (const warning of decision.warnings) progress.warn(`${vm.vmName}: ${warning}`);
    const result = await startResync(observation, request, decision, context);
    const olderJobIds = jobIdsOf(observation);
    if (result.kind !== "rejected") {
      const { startTime } = decision;
      const jobId = result.kind === "accepted" ? result.reply.jobId : undefined;
      session.guard.made.set(key, {
        atMs: session.clock.now(),
        ...(startTime !== undefined && { startTime }),
        ...(jobId !== undefined && { jobId }),
        isAccepted: result.kind !== "unknown",
        isTrusted: isCarriedOut(result.reply),
      });
    }
    switch (result.kind) {
      case "rejected":
        return result.error.effect === "none"
          ? { ok: false, error: result.error }
          : {
              ok: false,
              error: result.error,
              record: failed(result.isCalled ? calling : record, result.error, service.hostTime, "failed"),
            };
      case "unknown":
        return {
          ok: false,
          error: result.error,
          record: failed(withReply(calling, result.reply), result.error, service.hostTime, "unknown"),
        };
      case "foundRunning": {
        const { job, scheduledFor, isResynchronizing } = result;
        const text = `the reply of the call was lost, and a resynchronization was found ${scheduledFor === undefined ? "running" : "scheduled"}`;
        return {
          record: withWarnings(
            {
              ...withReply(calling, result.reply),
              outcome: scheduledFor === undefined ? "started" : "scheduled",
              adopted: true,
              reason: text,
              ...(scheduledFor !== undefined && { scheduledStartTime: scheduledFor }),
              ...fromJob(job),
            },
            text,
          ),
          awaited: { kind: request.kind, jobId: job?.jobId, olderJobIds },
          seen: { ...nothingSeen, resynchronizing: isResynchronizing, job: job !== undefined },
        };
      }
      case "accepted": {
        const { startTime } = decision;
        const { jobId } = result.reply;
        const what = jobId === undefined ? "" : ` (job ${jobId})`;
        const reason =
          startTime === undefined
            ? `the host resynchronizes it${what}`
            : `the host resynchronizes it at ${startTime}${what}`;
        progress.status(startTime === undefined ? "accepted by the host" : `scheduled for ${startTime}`);
        return {
          record: {
            ...withReply(calling, result.reply),
            outcome: startTime === undefined ? "started" : "scheduled",
            reason,
            ...(startTime !== undefined && { scheduledStartTime: startTime }),
            ...(jobId !== undefined && { jobId }),
          },
          awaited: { kind: request.kind, jobId, olderJobIds },
          seen: {
            ...nothingSeen,
            // A relationship in need leaves that state by a resync only: seeing it healthy afterwards is proof enough, also
            // for a run that slept through the resync and the five minutes in which its job can be read.
            isTrusted: isCarriedOut(result.reply) || isInNeed,
          },
        };
      }
      default:
        return result satisfies never;
    }
  });
}

/** A host that took a request on shows it by then. As long as a lost reply is looked for. */
const shownWithinMs = 60_000;

/** Waits for what another resource of this run has started a moment ago, and the host does not show yet. */
function join(
  made: StartMade,
  record: ResyncRecord,
  observation: Observation,
  request: ResyncRequest,
  { progress }: ResyncContext,
): Begun {
  const { startTime, jobId } = made;
  const text = `another resource of this run has just started it${jobId === undefined ? "" : ` (job ${jobId})`}: waiting for that instead of starting a second`;
  progress.info(`${record.vmName}: ${text}`);
  return {
    record: {
      ...record,
      outcome: startTime === undefined ? "started" : "scheduled",
      adopted: true,
      reason: text,
      ...(startTime !== undefined && { scheduledStartTime: startTime }),
      ...(jobId !== undefined && { jobId }),
    },
    awaited: { kind: request.kind, jobId, olderJobIds: jobIdsOf(observation) },
    seen: { ...nothingSeen, isTrusted: made.isTrusted },
  };
}

function startedElsewhere({ service, vm }: Observation): ReplicaResyncError {
  return new PreconditionError("another resource of this run may have started it: the reply to that call was lost", {
    context: { host: service.hostName, vm: vm.vmName, step: "decide" },
    remedy: "Run up again: it looks at the host before anything else is started",
  });
}

/** The job of the request before this one, while the host shows it: the next request must not take it for its own either. */
function earlierJob({ jobs }: Observation, { earlierJobId }: ResyncRequest): Pick<ResyncRecord, "jobId"> {
  const isShown = jobs.some(({ jobId }) => jobId === earlierJobId);
  return isShown && earlierJobId !== undefined ? { jobId: earlierJobId } : {};
}

/** Another resource of this run has resynchronized the machine already: forced twice in one run is once too many. */
function takenFromOther(record: ResyncRecord): ResyncRecord {
  const reason = "another resource of this run has resynchronized it already";
  return { ...withoutFailures(record), outcome: "skipped", reason };
}

function adoptionText({ job, scheduledFor }: Extract<Decision, { action: "adopt" }>): string {
  const which = job === undefined ? "" : ` (job ${job.jobId})`;
  if (scheduledFor !== undefined) return `a resynchronization is scheduled for ${scheduledFor} already${which}`;
  const hasEnded = job !== undefined && jobStates.get(job.jobState)?.isTerminal === true;
  return hasEnded
    ? `a resynchronization has just ended${which}: taking it instead of starting a second`
    : `a resynchronization runs already${which}: waiting for it instead of starting a second`;
}

/** Jobs that are there before the call: none of them is the one it makes. */
function jobIdsOf({ jobs }: Observation): ReadonlySet<string> {
  return new Set(jobs.map((job) => job.jobId));
}
