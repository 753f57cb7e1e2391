import { isHostAnswer, provesNothingBegun, ReplicaResyncError, withMore } from "../errors";
import type { WaitContext } from "../wait/waitForResync";
import { findJob } from "../wait/assessWait";
import { firstDelayMs, nextDelay } from "../host/backoff";
import { findRunning, observe, type Observation, sameSecond } from "../host/observe";
import type { JobReading, MethodReply } from "../host/ports";
import { resyncJobType } from "../hyperv/relationship";
import { describeState, resynchronizingState } from "../hyperv/replicationState";
import type { ResyncRequest } from "../record/request";
import { completedWithoutJob, describeReturnCode, isAccepted, returnCodes } from "../hyperv/returnCode";
import { enabledStateName } from "../hyperv/enabledState";
import { isStopped, putBack, staysSuspended, stoppedBefore, suspend, textOf } from "./suspension";

/** How the one call of a request went. */
export type StartResult =
  /** The host took it on. */
  | { readonly kind: "accepted"; readonly reply: MethodReply }
  /** The reply was lost or said nothing, and a resync was found running afterwards. */
  | {
      readonly kind: "foundRunning";
      readonly job: JobReading | undefined;
      readonly isResynchronizing: boolean;
      /** The job found waits for the start time of the request. */
      readonly scheduledFor?: string;
      readonly reply: MethodReply | undefined;
    }
  /** Nothing was called: somebody else's resync began while the machine was being suspended for ours. */
  | { readonly kind: "overtaken"; readonly now: Observation }
  /** Nothing was begun. `isCalled`: the host has answered the call, and said no. */
  | { readonly kind: "rejected"; readonly error: ReplicaResyncError; readonly isCalled: boolean }
  /** It may have been begun, and no trace of it was found. */
  | { readonly kind: "unknown"; readonly error: ReplicaResyncError; readonly reply: MethodReply | undefined };

/** How long the host is read after a lost reply, on its own clock. */
const verifyForMs = 60_000;

/**
 * Calls `Resynchronize` once, and never again: a lost reply is made up for by reading. With `suspendFirst` the machine
 * is suspended before, and resumed again when nothing was begun.
 */
export async function startResync(
  observation: Observation,
  request: Pick<ResyncRequest, "kind">,
  how: { readonly suspendFirst: boolean; readonly isSuspendedByUs?: boolean; readonly startTime?: string },
  context: WaitContext,
): Promise<StartResult> {
  const { session, signal } = context;
  const { vm, service } = observation;
  const where = { host: service.hostName, vm: vm.vmName, step: "call Resynchronize" };
  if (isStopped(signal)) return { kind: "rejected", error: stoppedBefore(where), isCalled: false };
  const isOurs = how.suspendFirst || how.isSuspendedByUs === true;
  if (how.suspendFirst) {
    const suspended = await suspend(observation, request.kind, context);
    if (suspended.kind === "overtaken") return suspended;
    if (suspended.kind === "failed") {
      const error = suspended.isAsked
        ? await putBack(observation, request.kind, context, suspended.error)
        : suspended.error;
      return { kind: "rejected", error, isCalled: false };
    }
  }
  const reject = async (error: ReplicaResyncError, isCalled: boolean): Promise<StartResult> => ({
    kind: "rejected",
    error: isOurs ? await putBack(observation, request.kind, context, error) : error,
    isCalled,
  });
  const verified = async (error: ReplicaResyncError, reply: MethodReply | undefined): Promise<StartResult> => {
    const result = await verify(observation, request.kind, how.startTime, error, reply, context);
    return result.kind === "unknown" && isOurs ? { ...result, error: staysSuspended(result.error) } : result;
  };
  if (isStopped(signal)) return reject(stoppedBefore(where), false);

  let reply: MethodReply;
  try {
    reply = await session.host.startResync(
      { vmId: vm.vmId, ...(how.startTime !== undefined && { startTime: how.startTime }) },
      { signal },
    );
  } catch (error) {
    if (provesNothingBegun(error) && (error.code === "CANCELLED" || !isStopped(signal))) {
      return reject(error, isHostAnswer(error));
    }
    const lost = new ReplicaResyncError("JOB_LOST", `the reply to Resynchronize was lost (${textOf(error)})`, {
      context: where,
      cause: error,
      remedy: "Run up again: it looks at the host before anything else is started",
    });
    return verified(lost, undefined);
  }
  if (isAccepted(reply.returnCode)) return { kind: "accepted", reply };
  const rejection = rejected(reply.returnCode, where, observation);
  return rejection.effect === "none" ? reject(rejection, true) : verified(rejection, reply);
}

/** Whether the call's answer is evidence by itself that the request was carried out. */
export function isCarriedOut(reply: MethodReply | undefined): boolean {
  return reply?.returnCode === completedWithoutJob;
}

function rejected(
  returnCode: number,
  context: { host: string; vm: string; step: string },
  { link, vm }: Observation,
): ReplicaResyncError {
  const known = returnCodes.get(returnCode);
  const state = link === undefined ? "none" : describeState(link.replicationState);
  const where = `replication state ${state}, EnabledState ${enabledStateName(vm.enabledState)}`;
  const answer = `Resynchronize returned ${describeReturnCode(returnCode)}`;
  if (known === undefined) {
    const remedy =
      "Report this as a bug of the package. A further up looks at the host before anything else is started";
    return new ReplicaResyncError("UNEXPECTED_STATE", `${answer}; ${where}`, { effect: "unknown", context, remedy });
  }
  const { meaning, effect, remedy } = known;
  return new ReplicaResyncError("REJECTED", `${answer}: ${meaning}; ${where}`, { effect, returnCode, context, remedy });
}

/** Reads the host until a resync shows itself or 60 s of its time are over. */
async function verify(
  before: Observation,
  kind: ResyncRequest["kind"],
  startTime: string | undefined,
  error: ReplicaResyncError,
  reply: MethodReply | undefined,
  { session, signal, progress }: WaitContext,
): Promise<StartResult> {
  const { clock, host } = session;
  const olderJobIds = new Set(before.jobs.map((job) => job.jobId));
  const until = clock.now() + verifyForMs;
  for (let delayMs = firstDelayMs; clock.now() < until && !signal.aborted; delayMs = nextDelay(delayMs)) {
    progress.status(
      `${reply === undefined ? "the reply was lost" : "the host could not tell"}: looking whether a resynchronization runs`,
    );
    try {
      const now = await observe(host, before.vm.vmId, kind, { signal });
      const { hostTime } = now.service;
      const job = findRunning(now, kind) ?? findJob(now.jobs, { kind, jobId: undefined, olderJobIds }, hostTime);
      const isResynchronizing = now.link?.replicationState === resynchronizingState;
      if (job !== undefined || isResynchronizing) return { kind: "foundRunning", job, isResynchronizing, reply };
      const scheduled = now.jobs.find(
        (one) => one.jobType === resyncJobType[kind] && sameSecond(one.scheduledStartTime, startTime),
      );
      if (scheduled !== undefined && startTime !== undefined) {
        return { kind: "foundRunning", job: scheduled, isResynchronizing, scheduledFor: startTime, reply };
      }
    } catch (readError) {
      progress.status(`cannot read ${host.address}, trying again: ${textOf(readError)}`);
    }
    await clock.sleep(delayMs, signal).catch(() => undefined);
  }
  const looked = isStopped(signal) ? "" : ", and a minute of looking showed no resynchronization";
  return { kind: "unknown", error: withMore(error, looked), reply };
}
