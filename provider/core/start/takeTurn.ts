import { canPass, type ReplicaResyncError } from "../errors";
import { type HostSession, relationshipKey } from "../host/hostSession";
import { type HostReading, noService, type Observation, observationOf } from "../host/observation";
import { readVmByKey } from "../host/readVm";
import type { RunContext } from "../host/runContext";
import type { RelationshipKind } from "../hyperv/relationship";
import { isRunningResync } from "../hyperv/resyncJob";
import { humanDuration } from "../text/duration";

/** How long a host that cannot be read is tolerated in a row: a restart of its service must not end a whole queue. */
const patienceMs = 10 * 60_000;

/** After this time at the head of the queue something is wrong, or the host has much to do: it is said once. */
const longQueueMs = 60 * 60_000;

/** Who wants to start something, and how many resyncs may run on the host at once. */
export interface Turn {
  readonly vmId: string;
  readonly kind: RelationshipKind;
  readonly most: number;
}

/**
 * Lets one caller at a time start something on a host, in the order in which they came, and only while fewer than
 * `most` resyncs run there, whoever started them. `use` is given the VM as it was read right before. Time spent here is not
 * part of anybody's deadline.
 */
export async function takeTurn<Result>(
  turn: Turn,
  context: RunContext,
  use: (observation: Observation) => Promise<Result>,
): Promise<Result> {
  const { session, progress } = context;
  const { address } = session.host;
  return session.starts.run(
    (ahead) => {
      if (ahead > 0) progress.status(`queued behind ${ahead} on ${address}`);
    },
    async () => use(observationOf(await waitForPlace(turn, context), turn.vmId, turn.kind, address)),
  );
}

/** The head of the queue: reads its VM, and while there is no place the host, together with those who wait. */
async function waitForPlace({ vmId, most }: Turn, { session, progress, signal }: RunContext): Promise<HostReading> {
  const { clock, host, reader } = session;
  const queuedAt = clock.now();
  let readAt = queuedAt;
  let isWarned = false;
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted();
    try {
      let running = isFirst ? 0 : countRunning(await reader.next(signal), session);
      readAt = clock.now();
      if (running < most) {
        // Only what was read of the VM right before counts: a reading of the whole host may be old when it arrives.
        const ownVm = await readVmByKey(host, vmId, { signal });
        running = countRunning(ownVm, session);
        if (running < most) return ownVm;
      }
      progress.status(`queued: ${running} resynchronizations run on ${host.address}, at most ${most} at once`);
    } catch (error) {
      if (!isTolerated(error, signal, clock.now() - readAt)) throw error;
      progress.status(`queued: cannot read ${host.address}, trying again: ${error.message}`);
    }
    if (!isWarned && clock.now() - queuedAt >= longQueueMs) {
      progress.warn(
        `queued for ${humanDuration(longQueueMs)}: check whether a resynchronization on ${host.address} is paused or stuck`,
      );
      isWarned = true;
    }
    if (isFirst) reader.join();
  }
}

function isTolerated(error: unknown, signal: AbortSignal, forMs: number): error is ReplicaResyncError {
  return canPass(error) && !signal.aborted && forMs < patienceMs;
}

/** By job, and where the host shows none, as it may, by what this process waits for. */
function countRunning({ service, jobs }: HostReading, { host, waitedFor }: HostSession): number {
  if (service === undefined) throw noService(host.address);
  const running = (["primary", "extended"] as const).flatMap((kind) =>
    jobs.filter((job) => isRunningResync(job, kind, service.hostTime)).map(({ vmId }) => relationshipKey(vmId, kind)),
  );
  return new Set([...running, ...waitedFor]).size;
}
