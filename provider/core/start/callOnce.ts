import { isHostAnswer, provesNothingBegun, ReplicaResyncError } from "../errors";
import type { Observation } from "../host/observation";
import type { MethodReply } from "../host/ports";
import { isStopped, type RunContext } from "../host/runContext";
import { enabledStateName } from "../hyperv/enabledState";
import { describeState } from "../hyperv/replicationState";
import { completedWithoutJob, describeReturnCode, isAccepted, returnCodes } from "../hyperv/returnCode";
import type { ResyncRequest } from "../record/request";
import { messageOf } from "../text/messageOf";
import type { CallEnd } from "./callEnd";
import { putBack, staysSuspended } from "./putBack";
import { stoppedBefore, suspend } from "./suspend";
import { verify } from "./verify";

/**
 * Calls `Resynchronize` once, and never again: a lost reply is followed by reading. With `suspendFirst` the VM
 * is suspended before, and resumed again when nothing was begun.
 */
export async function callOnce(
  observation: Observation,
  request: Pick<ResyncRequest, "kind">,
  how: { readonly suspendFirst: boolean; readonly isSuspendedByUs?: boolean; readonly startTime?: string },
  context: RunContext,
): Promise<CallEnd> {
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
  const reject = async (error: ReplicaResyncError, isCalled: boolean): Promise<CallEnd> => ({
    kind: "rejected",
    error: isOurs ? await putBack(observation, request.kind, context, error) : error,
    isCalled,
  });
  const verified = async (error: ReplicaResyncError, reply: MethodReply | undefined): Promise<CallEnd> => {
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
    const lost = new ReplicaResyncError("JOB_LOST", `the reply to Resynchronize was lost (${messageOf(error)})`, {
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
