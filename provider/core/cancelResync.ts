import { firstDelayMs } from "./backoff";
import { JobFailedError, JobTimeoutError, type ReplicaResyncError } from "./errors";
import { jobStates } from "./jobState";
import { isRunningResync, observe } from "./observe";
import { asRead, fromJob, type ResyncRecord } from "./record";
import { needsResyncState, replicatingState, replicationStateName } from "./replicationState";
import type { ResyncRequest } from "./request";
import { isAccepted, describeReturnCode } from "./returnCode";
import { completion, type WaitContext } from "./waitForResync";

/** `RequestedState` that cancels a resync. Source: `RequestReplicationStateChangeEx`, learn.microsoft.com. */
const cancelRequest = 9;
/** How long the host may take to show that it has cancelled. */
const cancelWithinMs = 60_000;

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
): Promise<{ readonly record: ResyncRecord; readonly isCancelled: boolean; readonly error: ReplicaResyncError }> {
  const { host, clock } = session;
  const context = { host: record.hostName, vm: record.vmName, step: "cancel the resynchronization" };
  const notFinished = (what: string, remedy: string): NotCancelled => ({
    record,
    isCancelled: false,
    error: new JobTimeoutError(`not finished in time, and ${what}`, { context, cause: timeout, remedy }),
  });
  const notCancelled = (why: string): NotCancelled =>
    notFinished(`the host did not cancel it (${why}): it goes on`, "Run up again to go on waiting");
  progress.warn(
    `${record.vmName}: not finished in time, cancelling; the machine stays unprotected until it is resynchronized from the beginning`,
  );
  try {
    const reply = await host.requestReplicationState(
      { vmId: record.vmId, kind, requestedState: cancelRequest },
      { signal },
    );
    if (!isAccepted(reply.returnCode)) return notCancelled(describeReturnCode(reply.returnCode));
    const until = clock.now() + cancelWithinMs;
    let shown = "";
    while (clock.now() < until) {
      const now = await observe(host, record.vmId, kind, { signal });
      const goesOn = now.jobs.some((job) =>
        job.jobId === record.jobId
          ? jobStates.get(job.jobState)?.isTerminal !== true
          : isRunningResync(job, kind, now.service.hostTime),
      );
      if (now.link?.replicationState === needsResyncState && !goesOn) {
        const error = new JobFailedError(
          "cancelled by us, because it did not finish in time; the machine is unprotected",
          {
            context,
            cause: timeout,
            remedy: "Raise timeoutSeconds, then run up again: it starts from the beginning",
          },
        );
        const { hostTime } = now.service;
        const job = now.jobs.find(({ jobId }) => jobId === record.jobId);
        const read = { ...asRead(record, now), ...fromJob(job) };
        return { record: { ...read, ...completion(read, job, hostTime) }, isCancelled: true, error };
      }
      if (now.link?.replicationState === replicatingState && !goesOn)
        return notFinished("it ended before the host could cancel it", "Run up again: it records the end");
      shown = now.link === undefined ? "none" : replicationStateName(now.link.replicationState);
      await clock.sleep(firstDelayMs, signal);
    }
    return notCancelled(`its replication is in state ${shown} a minute later`);
  } catch (error) {
    return notCancelled(error instanceof Error ? error.message : String(error));
  }
}
