import { isReplicaResyncError, ReplicaResyncError } from "../errors";
import { firstDelayMs } from "../host/backoff";
import { findRunning, type Observation } from "../host/observation";
import { observeVm } from "../host/readVm";
import type { RunContext } from "../host/runContext";
import { resynchronizingState, suspendedState } from "../hyperv/replicationState";
import { describeReturnCode, isAccepted, returnCodes } from "../hyperv/returnCode";
import type { ResyncRequest } from "../record/request";
import { messageOf } from "../text/messageOf";

/** How long a VM may take to show that it is suspended, or resumed. */
const suspendWithinMs = 60_000;
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
  { session, signal, progress }: RunContext,
): Promise<Suspension> {
  const context = { host: service.hostName, vm: vm.vmName, step: "suspend replication" };
  const { clock, host } = session;
  progress.status("suspending replication: the host refuses to resynchronize a VM that replicates normally");
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
      const now = await observeVm(host, vm.vmId, kind, { signal });
      if (isResyncRunning(now, kind)) return { kind: "overtaken", now };
      if (now.link?.replicationState === suspendedState) return { kind: "suspended" };
      await clock.sleep(firstDelayMs, signal);
    }
    const error = new ReplicaResyncError(
      "REFUSED",
      "the host accepted to suspend it and did not do so within a minute",
      {
        context,
        remedy: "Look at the VM in Hyper-V Manager",
      },
    );
    return { kind: "failed", error, isAsked: true };
  } catch (thrown) {
    if (signal.aborted) return { kind: "failed", error: stoppedBefore(context), isAsked: true };
    // Whatever became of the suspension: no resync was called for.
    const isPlain = isReplicaResyncError(thrown) && thrown.effect === "none";
    const text = isReplicaResyncError(thrown) ? thrown.summary : messageOf(thrown);
    const error = isPlain ? thrown : new ReplicaResyncError("REFUSED", text, { context, cause: thrown });
    return { kind: "failed", error, isAsked: true };
  }
}

function isResyncRunning(now: Observation, kind: ResyncRequest["kind"]): boolean {
  return findRunning(now, kind) !== undefined || now.link?.replicationState === resynchronizingState;
}

/** The error of a run that was stopped before its call. */
export function stoppedBefore(context: { host: string; vm: string; step: string }): ReplicaResyncError {
  return new ReplicaResyncError("CANCELLED", "stopped before anything was started", {
    context,
    remedy: "Run up again",
  });
}
