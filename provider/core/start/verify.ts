import { type ReplicaResyncError, withMore } from "../errors";
import { firstDelayMs, nextDelay } from "../host/backoff";
import { findRunning, jobIdsOf, type Observation } from "../host/observation";
import { observeVm } from "../host/readVm";
import type { MethodReply } from "../host/ports";
import { isStopped, type RunContext } from "../host/runContext";
import { resyncJobType } from "../hyperv/relationship";
import { resynchronizingState } from "../hyperv/replicationState";
import { sameSecond } from "../hyperv/resyncJob";
import type { ResyncRequest } from "../record/request";
import { messageOf } from "../text/messageOf";
import { findJob } from "../wait/awaited";
import type { CallEnd } from "./callEnd";

/** What looking after a call comes to whose answer said nothing. */
type Verified = Extract<CallEnd, { kind: "foundRunning" | "unknown" }>;

/** How long the host is read after a lost reply, on its own clock. */
const verifyForMs = 60_000;

/** Reads the host until a resync shows itself or 60 s of its time are over. */
export async function verify(
  before: Observation,
  kind: ResyncRequest["kind"],
  startTime: string | undefined,
  error: ReplicaResyncError,
  reply: MethodReply | undefined,
  { session, signal, progress }: RunContext,
): Promise<Verified> {
  const { clock, host } = session;
  const olderJobIds = jobIdsOf(before);
  const until = clock.now() + verifyForMs;
  for (let delayMs = firstDelayMs; clock.now() < until && !signal.aborted; delayMs = nextDelay(delayMs)) {
    progress.status(
      `${reply === undefined ? "the reply was lost" : "the host could not tell"}: looking whether a resynchronization runs`,
    );
    try {
      const now = await observeVm(host, before.vm.vmId, kind, { signal });
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
      progress.status(`cannot read ${host.address}, trying again: ${messageOf(readError)}`);
    }
    await clock.sleep(delayMs, signal).catch(() => undefined);
  }
  const looked = isStopped(signal) ? "" : ", and a minute of looking showed no resynchronization";
  return { kind: "unknown", error: withMore(error, looked), reply };
}
