import { ReplicaResyncError } from "../errors";
import { firstDelayMs } from "../host/backoff";
import type { Observation } from "../host/observation";
import { observeVm } from "../host/readVm";
import type { RunContext } from "../host/runContext";
import { replicatingState, suspendedState } from "../hyperv/replicationState";
import { describeReturnCode, isAccepted } from "../hyperv/returnCode";
import type { ResyncRequest } from "../record/request";
import { messageOf } from "../text/messageOf";

/** How long putting a suspension back may take, and what is left for it once the run is stopped. */
const putBackWithinMs = 60_000;
const putBackAfterStopMs = 2_000;

/**
 * Resumes what we suspended. A host that was asked may show it a little later, so it is looked for as long as there is
 * time. The error that comes back says so when that did not work.
 */
export async function putBack(
  { vm, service }: Observation,
  kind: ResyncRequest["kind"],
  { session, signal }: RunContext,
  error: ReplicaResyncError,
): Promise<ReplicaResyncError> {
  const context = { host: service.hostName, vm: vm.vmName, step: "resume replication" };
  const { signal: ending, release } = endSoonAfter(signal);
  const options = { signal: ending };
  try {
    const { clock, host } = session;
    const until = clock.now() + (signal.aborted ? putBackAfterStopMs : putBackWithinMs);
    for (;;) {
      const { link } = await observeVm(host, vm.vmId, kind, options);
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
    return stillSuspended(error, messageOf(failure), context);
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

/** The error of a call whose fate is unknown, of a VM that was suspended for it: resuming could end what runs. */
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
