import { canPass, isReplicaResyncError, ReplicaResyncError } from "../errors";
import { firstDelayMs } from "../host/backoff";
import type { Observation } from "../host/observation";
import { observeVm } from "../host/readVm";
import { isStopped, type RunContext } from "../host/runContext";
import { jobStates } from "../hyperv/jobState";
import { needsResyncState, replicatingState, replicationStateName } from "../hyperv/replicationState";
import { isRunningResync } from "../hyperv/resyncJob";
import { describeReturnCode, isAccepted } from "../hyperv/returnCode";
import { failed, withEnd } from "../record/ending";
import { asRead, withJob } from "../record/reading";
import type { ResyncRecord } from "../record/record";
import type { ResyncRequest } from "../record/request";
import type { ResyncResult } from "../record/result";
import { messageOf } from "../text/messageOf";

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
  { session, signal, progress }: RunContext,
): Promise<ResyncResult> {
  const { host, clock } = session;
  const context = { host: record.hostName, vm: record.vmName, step: "cancel the resynchronization" };
  const kept = (error: ReplicaResyncError): ResyncResult => ({
    ok: false,
    error,
    record: { ...record, reason: error.summary },
  });
  const notFinished = (what: string, remedy: string): ResyncResult =>
    kept(
      new ReplicaResyncError("JOB_TIMEOUT", `not finished in time, and ${what}`, { context, cause: timeout, remedy }),
    );
  const notCancelled = (why: string): ResyncResult =>
    notFinished(`the host did not cancel it (${why}): it is still running`, "Run up again to keep waiting");
  const notKnown = (why: string): ResyncResult =>
    notFinished(`whether the host has cancelled it is not known (${why})`, "Run up again: it looks at the host");
  const stopped = (): ResyncResult =>
    kept(
      new ReplicaResyncError(
        "CANCELLED",
        "stopped while it was being cancelled; whether the host cancels it is not known",
        {
          effect: "started",
          context,
          remedy: "Run up again: it looks at the host",
        },
      ),
    );
  progress.warn(
    `${record.vmName}: not finished in time, cancelling; the VM stays unprotected until it is resynchronized from the beginning`,
  );
  const until = clock.now() + cancelWithinMs;
  /** Why the host could not be read; absent once it was. */
  let unread: string | undefined = "the host could not be read";
  let shown: Observation["link"];
  try {
    const reply = await host.requestReplicationState(
      { vmId: record.vmId, kind, requestedState: cancelRequest },
      { signal },
    );
    if (!isAccepted(reply.returnCode)) return notCancelled(describeReturnCode(reply.returnCode));
  } catch (error) {
    if (isStopped(signal)) return stopped();
    if (!isReplicaResyncError(error) || error.effect !== "unknown") return notCancelled(messageOf(error));
    // The reply was lost: what became of the request is looked for like after an answer.
    unread = messageOf(error);
  }
  do {
    try {
      const now = await observeVm(host, record.vmId, kind, { signal });
      const end = endOf(record, kind, now);
      if (end === "cancelled") return cancelled(record, now, timeout, context);
      if (end === "completed")
        return notFinished("it ended before the host could cancel it", "Run up again: it records the end");
      shown = now.link;
      unread = undefined;
    } catch (error) {
      if (!isStopped(signal) && !canPass(error)) return notKnown(messageOf(error));
      unread = messageOf(error);
    }
    await clock.sleep(firstDelayMs, signal).catch(() => undefined);
    if (isStopped(signal)) return stopped();
  } while (clock.now() < until);
  if (unread !== undefined) return notKnown(unread);
  const state = replicationStateName(shown === undefined ? null : shown.replicationState);
  return notCancelled(`its replication is in state ${state} a minute later`);
}

/** How the resync has ended, as far as the host shows it. */
function endOf(
  record: ResyncRecord,
  kind: ResyncRequest["kind"],
  { link, jobs, service }: Observation,
): "cancelled" | "completed" | undefined {
  const isUnderWay = jobs.some((job) =>
    job.jobId === record.jobId
      ? jobStates.get(job.jobState)?.isTerminal !== true
      : isRunningResync(job, kind, service.hostTime),
  );
  if (isUnderWay) return undefined;
  if (link?.replicationState === needsResyncState) return "cancelled";
  return link?.replicationState === replicatingState ? "completed" : undefined;
}

function cancelled(
  record: ResyncRecord,
  now: Observation,
  timeout: ReplicaResyncError,
  context: { host: string; vm: string; step: string },
): ResyncResult {
  const job = now.jobs.find(({ jobId }) => jobId === record.jobId);
  const error = new ReplicaResyncError(
    "JOB_FAILED",
    "cancelled by this run, because it did not finish in time; the VM is unprotected",
    { context, cause: timeout, remedy: "Raise timeoutSeconds, then run up again: it starts from the beginning" },
  );
  const ended = withEnd(withJob(asRead(record, now), job), job, now.service.hostTime);
  return { ok: false, error, record: failed(ended, error, ended.observedAt, "cancelled") };
}
