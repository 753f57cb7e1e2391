import { firstDelayMs } from "../host/backoff";
import { isReplicaResyncError, ReplicaResyncError } from "../errors";
import { findRunning, observe, type Observation } from "../host/observe";
import { replicatingState, resynchronizingState, suspendedState } from "../hyperv/replicationState";
import type { ResyncRequest } from "../record/request";
import { isAccepted, returnCodes, describeReturnCode } from "../hyperv/returnCode";
import type { WaitContext } from "../wait/waitForResync";

/** How long a machine may take to show that it is suspended, or resumed. */
const suspendWithinMs = 60_000;
/** How long putting a suspension back may take, and what is left for it once the run is stopped. */
const putBackWithinMs = 60_000;
const putBackAfterStopMs = 2_000;

/** How a suspension went. `isAsked`: the host may suspend it, now or a little later. */
export type Suspension =
  | { readonly kind: "suspended" }
  /** Somebody else has begun a resync meanwhile: to be waited for, instead of starting a second. */
  | { readonly kind: "overtaken"; readonly now: Observation }
  | { readonly kind: "failed"; readonly error: ReplicaResyncError; readonly isAsked: boolean };

/** Suspends and waits until the host shows it. */
export async function suspend(
  { vm, service }: Observation,
  kind: ResyncRequest["kind"],
  { session, signal, progress }: WaitContext,
): Promise<Suspension> {
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
      const error = new ReplicaResyncError(
        "REFUSED",
        `the host did not suspend it: ${describeReturnCode(reply.returnCode)}`,
        {
          context,
          remedy: known?.remedy ?? "Report this as a bug of the package",
        },
      );
      return { kind: "failed", error, isAsked: known?.effect !== "none" };
    }
    const until = clock.now() + suspendWithinMs;
    while (clock.now() < until) {
      const now = await observe(host, vm.vmId, kind, { signal });
      if (isResyncRunning(now, kind)) return { kind: "overtaken", now };
      if (now.link?.replicationState === suspendedState) return { kind: "suspended" };
      await clock.sleep(firstDelayMs, signal);
    }
    const error = new ReplicaResyncError(
      "REFUSED",
      "the host accepted to suspend it and did not do so within a minute",
      {
        context,
        remedy: "Look at the machine in Hyper-V Manager",
      },
    );
    return { kind: "failed", error, isAsked: true };
  } catch (thrown) {
    if (signal.aborted) return { kind: "failed", error: stoppedBefore(context), isAsked: true };
    // Whatever became of the suspension: no resync was called for.
    const isPlain = isReplicaResyncError(thrown) && thrown.effect === "none";
    const text = isReplicaResyncError(thrown) ? thrown.summary : textOf(thrown);
    const error = isPlain ? thrown : new ReplicaResyncError("REFUSED", text, { context, cause: thrown });
    return { kind: "failed", error, isAsked: true };
  }
}

function isResyncRunning(now: Observation, kind: ResyncRequest["kind"]): boolean {
  return findRunning(now, kind) !== undefined || now.link?.replicationState === resynchronizingState;
}

/**
 * Resumes what we suspended. A host that was asked may show it a little later, so it is looked for as long as there is
 * time. The error that comes back says so when that did not work.
 */
export async function putBack(
  { vm, service }: Observation,
  kind: ResyncRequest["kind"],
  { session, signal }: WaitContext,
  error: ReplicaResyncError,
): Promise<ReplicaResyncError> {
  const context = { host: service.hostName, vm: vm.vmName, step: "resume replication" };
  const { signal: ending, release } = endSoonAfter(signal);
  const options = { signal: ending };
  try {
    const { clock, host } = session;
    const until = clock.now() + (signal.aborted ? putBackAfterStopMs : putBackWithinMs);
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
    return stillSuspended(error, `resuming returned ${describeReturnCode(reply.returnCode)}`, context);
  } catch (failure) {
    return stillSuspended(error, textOf(failure), context);
  } finally {
    release();
  }
}

/** Aborted when putting back has lasted too long, which is sooner once the run is stopped. */
function endSoonAfter(stop: AbortSignal): { readonly signal: AbortSignal; readonly release: () => void } {
  if (stop.aborted) return { signal: AbortSignal.timeout(putBackAfterStopMs), release: () => undefined };
  const controller = new AbortController();
  const endWith = (limit: AbortSignal): void => {
    limit.addEventListener("abort", () => {
      controller.abort(limit.reason);
    });
  };
  endWith(AbortSignal.timeout(putBackWithinMs));
  const onStop = (): void => {
    endWith(AbortSignal.timeout(putBackAfterStopMs));
  };
  stop.addEventListener("abort", onStop);
  return {
    signal: controller.signal,
    release: () => {
      stop.removeEventListener("abort", onStop);
    },
  };
}

function stillSuspended(
  error: ReplicaResyncError,
  why: string,
  context: { host: string; vm: string; step: string },
): ReplicaResyncError {
  return new ReplicaResyncError(
    "REFUSED",
    `${error.summary}. Its replication was suspended for this and could not be resumed (${why})`,
    {
      effect: "unknown",
      context,
      cause: error,
      remedy: "Resume it: Resume-VMReplication",
    },
  );
}

/** The error of a call whose fate is unknown, for a machine that was suspended for it: resuming could end what runs. */
export function staysSuspended(error: ReplicaResyncError): ReplicaResyncError {
  return new ReplicaResyncError("JOB_LOST", `${error.summary}. Its replication was suspended for this and stays so`, {
    context: error.context,
    cause: error,
    remedy:
      "Run up again: it asks once more if nothing runs. To give up instead, resume it once it is clear that no resynchronization runs: Resume-VMReplication",
  });
}

function mayBeSuspendedYet(
  error: ReplicaResyncError,
  context: { host: string; vm: string; step: string },
): ReplicaResyncError {
  return new ReplicaResyncError(
    "REFUSED",
    `${error.summary}. The host was asked to suspend its replication and may do so yet`,
    {
      context,
      cause: error,
      remedy: "If it does, resume it: Resume-VMReplication",
    },
  );
}

/** The error of a run that was stopped before its call. */
export function stoppedBefore(context: { host: string; vm: string; step: string }): ReplicaResyncError {
  return new ReplicaResyncError("CANCELLED", "stopped before anything was started", {
    context,
    remedy: "Run up again",
  });
}

/** Asked anew every time: a stop can come at any await. */
export function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** What a thrown value says. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
