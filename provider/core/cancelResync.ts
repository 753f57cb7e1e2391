import { firstDelayMs } from "./backoff";
import { JobFailedError, JobTimeoutError, type ReplicaResyncError } from "./errors";
import { jobStates } from "./jobState";
import { isRunningResync, observe } from "./observe";
import { fromReading, type ResyncRecord } from "./record";
import { needsResyncState } from "./replicationState";
import type { ResyncRequest } from "./request";
import { isAccepted, returnCodeName } from "./returnCode";
import type { WaitContext } from "./waitForResync";

/** `RequestedState` that cancels a resync. Source: `RequestReplicationStateChangeEx`, learn.microsoft.com. */
const cancelRequest = 9;
/** How long the host may take to show that it has cancelled. */
const cancelWithinMs = 60_000;

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
  const notCancelled = (why: string): { record: ResyncRecord; isCancelled: false; error: ReplicaResyncError } => ({
    record,
    isCancelled: false,
    error: new JobTimeoutError(`not finished in time, and the host did not cancel it (${why}): it goes on`, {
      context,
      cause: timeout,
      remedy: "Run up again to go on waiting",
    }),
  });
  progress.warn(
    `${record.vmName}: not finished in time, cancelling; the machine stays unprotected until it is resynchronized from the beginning`,
  );
  try {
    const reply = await host.requestReplicationState(
      { vmId: record.vmId, kind, requestedState: cancelRequest },
      { signal },
    );
    if (!isAccepted(reply.returnCode)) return notCancelled(`${reply.returnCode}, ${returnCodeName(reply.returnCode)}`);
    const until = clock.now() + cancelWithinMs;
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
        const reading = fromReading(now.vm, now.link, now.service.hostTime);
        return { record: { ...record, ...reading }, isCancelled: true, error };
      }
      await clock.sleep(firstDelayMs, signal);
    }
    return notCancelled("it is not in state 9 a minute later");
  } catch (error) {
    return notCancelled(error instanceof Error ? error.message : String(error));
  }
}
