import { firstDelayMs } from "../host/backoff";
import { canPass, isReplicaResyncError, ReplicaResyncError } from "../errors";
import { jobStates } from "../hyperv/jobState";
import { isRunningResync, observe, type Observation } from "../host/observe";
import { isStopped, textOf } from "../start/suspension";
import { asRead, fromJob, type ResyncRecord } from "../record/record";
import { needsResyncState, replicatingState, replicationStateName } from "../hyperv/replicationState";
import type { ResyncRequest } from "../record/request";
import { isAccepted, describeReturnCode } from "../hyperv/returnCode";
import { completion, type WaitContext } from "./waitForResync";

/** `RequestedState` that cancels a resync. Source: `RequestReplicationStateChangeEx`, learn.microsoft.com. */
const cancelRequest = 9;
/** How long the host may take to show that it has cancelled. */
const cancelWithinMs = 60_000;

interface Cancelled {
  readonly record: ResyncRecord;
  readonly isCancelled: true;
  readonly error: ReplicaResyncError;
}

interface NotCancelled {
  readonly record: ResyncRecord;
  readonly isCancelled: false;
  readonly error: ReplicaResyncError;
}

/**
 * Cancels a resync whose deadline has passed. Whether it worked is read from the host, not from the answer: once the
 * disks are being merged it cannot be cancelled any more.
 */
export async function cancelResync(
  record: ResyncRecord,
  kind: ResyncRequest["kind"],
  timeout: ReplicaResyncError,
  { session, signal, progress }: WaitContext,
): Promise<Cancelled | NotCancelled> {
  const { host, clock } = session;
  const context = { host: record.hostName, vm: record.vmName, step: "cancel the resynchronization" };
  const notFinished = (what: string, remedy: string): NotCancelled => ({
    record,
    isCancelled: false,
    error: new ReplicaResyncError("JOB_TIMEOUT", `not finished in time, and ${what}`, {
      context,
      cause: timeout,
      remedy,
    }),
  });
  const notCancelled = (why: string): NotCancelled =>
    notFinished(`the host did not cancel it (${why}): it goes on`, "Run up again to go on waiting");
  const notKnown = (why: string): NotCancelled =>
    notFinished(`whether the host has cancelled it is not known (${why})`, "Run up again: it looks at the host");
  const ended = (): NotCancelled =>
    notFinished("it ended before the host could cancel it", "Run up again: it records the end");
  const stopped = (): NotCancelled => ({
    record,
    isCancelled: false,
    error: new ReplicaResyncError(
      "CANCELLED",
      "stopped while it was being cancelled; whether the host cancels it is not known",
      {
        effect: "started",
        context,
        remedy: "Run up again: it looks at the host",
      },
    ),
  });
  const cancelled = (now: Observation): Cancelled => {
    const job = now.jobs.find(({ jobId }) => jobId === record.jobId);
    const read = { ...asRead(record, now), ...fromJob(job) };
    return {
      record: { ...read, ...completion(read, job, now.service.hostTime) },
      isCancelled: true,
      error: new ReplicaResyncError(
        "JOB_FAILED",
        "cancelled by us, because it did not finish in time; the machine is unprotected",
        {
          context,
          cause: timeout,
          remedy: "Raise timeoutSeconds, then run up again: it starts from the beginning",
        },
      ),
    };
  };
  progress.warn(
    `${record.vmName}: not finished in time, cancelling; the machine stays unprotected until it is resynchronized from the beginning`,
  );
  const until = clock.now() + cancelWithinMs;
  let shown = "the host could not be read";
  try {
    const reply = await host.requestReplicationState(
      { vmId: record.vmId, kind, requestedState: cancelRequest },
      { signal },
    );
    if (!isAccepted(reply.returnCode)) return notCancelled(describeReturnCode(reply.returnCode));
  } catch (error) {
    if (signal.aborted) return stopped();
    if (!isReplicaResyncError(error) || error.effect !== "unknown") return notCancelled(textOf(error));
    // The reply was lost: what became of the request is looked for like after an answer.
    shown = textOf(error);
  }
  do {
    try {
      const now = await observe(host, record.vmId, kind, { signal });
      const end = endOf(record, kind, now);
      if (end !== undefined) return end === "cancelled" ? cancelled(now) : ended();
      shown = `its replication is in state ${now.link === undefined ? "none" : replicationStateName(now.link.replicationState)}`;
    } catch (error) {
      if (!signal.aborted && !canPass(error)) return notKnown(textOf(error));
      shown = textOf(error);
    }
    await clock.sleep(firstDelayMs, signal).catch(() => undefined);
    if (isStopped(signal)) return stopped();
  } while (clock.now() < until);
  return shown.startsWith("its replication") ? notCancelled(`${shown} a minute later`) : notKnown(shown);
}

/** How the resync has ended, as far as the host shows it. */
function endOf(
  record: ResyncRecord,
  kind: ResyncRequest["kind"],
  { link, jobs, service }: Observation,
): "cancelled" | "completed" | undefined {
  const goesOn = jobs.some((job) =>
    job.jobId === record.jobId
      ? jobStates.get(job.jobState)?.isTerminal !== true
      : isRunningResync(job, kind, service.hostTime),
  );
  if (goesOn) return undefined;
  if (link?.replicationState === needsResyncState) return "cancelled";
  return link?.replicationState === replicatingState ? "completed" : undefined;
}
