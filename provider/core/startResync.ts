import {
  CancelledError,
  type Effect,
  isReplicaResyncError,
  JobLostError,
  PreconditionError,
  type ReplicaResyncError,
  ResyncRejectedError,
} from "./errors";
import type { WaitContext } from "./waitForResync";
import { findJob } from "./assessWait";
import { findRunning, sameSecond } from "./decideResync";
import { firstDelayMs, nextDelay } from "./backoff";
import { observe, type Observation } from "./observe";
import type { JobReading, MethodReply } from "./ports";
import { resyncJobType } from "./relationship";
import { replicatingState, replicationStateName, resynchronizingState, suspendedState } from "./replicationState";
import type { ResyncRequest } from "./request";
import { completedWithoutJob, isAccepted, returnCodes, returnCodeName } from "./returnCode";

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
  /** Nothing was begun. */
  | { readonly kind: "rejected"; readonly error: ReplicaResyncError; readonly isCalled: boolean }
  /** It may have been begun, and no trace of it was found. */
  | { readonly kind: "unknown"; readonly error: ReplicaResyncError; readonly reply: MethodReply | undefined };

/** How long the host is read after a lost reply, on its own clock. */
const verifyForMs = 60_000;
/** How long a machine may take to show that it is suspended, or resumed. */
const suspendWithinMs = 60_000;
/** What is left for putting a suspension back after the run was stopped. */
const putBackWithinMs = 2_000;

/**
 * Calls `Resynchronize` once, and never again: a lost reply is made up for by reading. With `suspendFirst` the machine
 * is suspended before, and resumed again when nothing was begun.
 */
export async function startResync(
  observation: Observation,
  request: Pick<ResyncRequest, "kind">,
  how: { readonly suspendFirst: boolean; readonly startTime?: string },
  context: WaitContext,
): Promise<StartResult> {
  const { session, signal } = context;
  const { vm, service } = observation;
  const where = { host: service.hostName, vm: vm.vmName, step: "call Resynchronize" };
  if (isStopped(signal)) return { kind: "rejected", error: stoppedBefore(where), isCalled: false };
  if (how.suspendFirst) {
    const suspended = await suspend(observation, request.kind, context);
    if (suspended.error !== undefined) {
      const error = suspended.isAsked
        ? await putBack(observation, request.kind, context, suspended.error)
        : suspended.error;
      return { kind: "rejected", error, isCalled: false };
    }
  }
  const reject = async (error: ReplicaResyncError, isCalled: boolean): Promise<StartResult> => ({
    kind: "rejected",
    error: how.suspendFirst ? await putBack(observation, request.kind, context, error) : error,
    isCalled,
  });
  const verified = async (error: ReplicaResyncError, reply: MethodReply | undefined): Promise<StartResult> => {
    const result = await verify(observation, request.kind, how.startTime, error, reply, context);
    return result.kind === "unknown" && how.suspendFirst ? { ...result, error: staysSuspended(result.error) } : result;
  };
  if (isStopped(signal)) return reject(stoppedBefore(where), false);

  let reply: MethodReply;
  try {
    reply = await session.host.startResync(
      { vmId: vm.vmId, ...(how.startTime !== undefined && { startTime: how.startTime }) },
      { signal },
    );
  } catch (error) {
    if (isReplicaResyncError(error) && error.effect === "none" && !isStopped(signal)) return reject(error, true);
    const lost = new JobLostError(`the reply to Resynchronize was lost (${textOf(error)})`, {
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
): ResyncRejectedError {
  const known = returnCodes.get(returnCode);
  const state =
    link === undefined ? "none" : `${link.replicationState} (${replicationStateName(link.replicationState)})`;
  const effect: Effect = known?.effect ?? "unknown";
  const meaning = known?.meaning ?? "a code that is not documented";
  return new ResyncRejectedError(
    returnCode,
    `Resynchronize returned ${returnCode} (${returnCodeName(returnCode)}): ${meaning}; replication state ${state}, EnabledState ${vm.enabledState}`,
    { effect, context, remedy: known?.remedy ?? "Report this as a bug of the package" },
  );
}

function stoppedBefore(context: { host: string; vm: string; step: string }): CancelledError {
  return new CancelledError("stopped before anything was started", { context, remedy: "Run up again" });
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
      `${error.code === "REJECTED" ? "the host could not tell" : "the reply was lost"}: looking whether a resynchronization runs`,
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
  return { kind: "unknown", error, reply };
}

/** Suspends and waits until the host shows it. `isAsked`: the host may suspend it, now or a little later. */
async function suspend(
  { vm, service }: Observation,
  kind: ResyncRequest["kind"],
  { session, signal, progress }: WaitContext,
): Promise<{ readonly error?: ReplicaResyncError; readonly isAsked: boolean }> {
  const context = { host: service.hostName, vm: vm.vmName, step: "suspend replication" };
  const { clock, host } = session;
  progress.status("suspending replication: the host refuses to resynchronize a machine that replicates normally");
  try {
    const reply = await host.requestReplicationState(
      { vmId: vm.vmId, kind, requestedState: suspendedState },
      { signal },
    );
    if (!isAccepted(reply.returnCode)) {
      const known = returnCodes.get(reply.returnCode);
      const error = new PreconditionError(
        `the host did not suspend it: ${reply.returnCode} (${returnCodeName(reply.returnCode)})`,
        { context, remedy: known?.remedy ?? "Report this as a bug of the package" },
      );
      return { error, isAsked: known?.effect !== "none" };
    }
    const until = clock.now() + suspendWithinMs;
    while (clock.now() < until) {
      const now = await observe(host, vm.vmId, kind, { signal });
      if (now.link?.replicationState === suspendedState) return { isAsked: true };
      await clock.sleep(firstDelayMs, signal);
    }
    const error = new PreconditionError("the host accepted to suspend it and did not do so within a minute", {
      context,
      remedy: "Look at the machine in Hyper-V Manager",
    });
    return { error, isAsked: true };
  } catch (thrown) {
    if (signal.aborted) return { error: stoppedBefore(context), isAsked: true };
    // Whatever became of the suspension: no resync was called for.
    const isPlain = isReplicaResyncError(thrown) && thrown.effect === "none";
    const error = isPlain ? thrown : new PreconditionError(textOf(thrown), { context, cause: thrown });
    return { error, isAsked: true };
  }
}

/**
 * Resumes what we suspended. A host that was asked may show it a little later, so it is looked for as long as there is
 * time. The error that comes back says so when that did not work.
 */
async function putBack(
  { vm, service }: Observation,
  kind: ResyncRequest["kind"],
  { session }: WaitContext,
  error: ReplicaResyncError,
): Promise<ReplicaResyncError> {
  const context = { host: service.hostName, vm: vm.vmName, step: "resume replication" };
  const options = { signal: AbortSignal.timeout(putBackWithinMs) };
  try {
    const { clock, host } = session;
    const until = clock.now() + putBackWithinMs;
    for (;;) {
      const { link } = await observe(host, vm.vmId, kind, options);
      if (link?.replicationState === suspendedState) break;
      if (link?.replicationState !== replicatingState) return error;
      if (clock.now() >= until) return mayBeSuspendedYet(error, context);
      await clock.sleep(firstDelayMs, options.signal);
    }
    const requestedState = replicatingState;
    const reply = await host.requestReplicationState({ vmId: vm.vmId, kind, requestedState }, options);
    if (isAccepted(reply.returnCode)) return error;
    return stillSuspended(
      error,
      `resuming returned ${reply.returnCode} (${returnCodeName(reply.returnCode)})`,
      context,
    );
  } catch (failure) {
    return stillSuspended(error, textOf(failure), context);
  }
}

function stillSuspended(
  error: ReplicaResyncError,
  why: string,
  context: { host: string; vm: string; step: string },
): ReplicaResyncError {
  return new PreconditionError(
    `${error.message} Its replication was suspended for this and could not be resumed (${why})`,
    {
      effect: "unknown",
      context,
      cause: error,
      remedy: "Resume it: Resume-VMReplication",
    },
  );
}

function staysSuspended(error: ReplicaResyncError): ReplicaResyncError {
  return new JobLostError(`${error.message}. Its replication was suspended for this and stays so`, {
    cause: error,
    remedy: "Resume it once it is clear that no resynchronization runs: Resume-VMReplication",
  });
}

function mayBeSuspendedYet(
  error: ReplicaResyncError,
  context: { host: string; vm: string; step: string },
): ReplicaResyncError {
  return new PreconditionError(`${error.message}. The host was asked to suspend its replication and may do so yet`, {
    context,
    cause: error,
    remedy: "If it does, resume it: Resume-VMReplication",
  });
}

/** Asked anew every time: a stop can come at any await. */
function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
