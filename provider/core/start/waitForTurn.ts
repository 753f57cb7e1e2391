import { firstDelayMs, nextDelay } from "../host/backoff";
import { humanDuration } from "../text/duration";
import { canPass } from "../errors";
import { isRunningResync, readService } from "../host/observe";
import { type HostSession, linkKey } from "../host/hostSession";
import type { CallOptions, ProgressSink } from "../host/ports";

/** How long a host that cannot be read is put up with in a row: a restart of its service must not end a whole queue. */
const patienceMs = 10 * 60_000;

/** After this time at the head of the queue something is wrong, or the host has much to do: it is said once. */
const longQueueMs = 60 * 60_000;

/**
 * Lets one caller at a time start something on a host, in the order in which they came, and only while fewer than
 * `most` resyncs run there, whoever started them. Time spent here is not part of anybody's deadline.
 */
export async function waitForTurn<Result>(
  session: HostSession,
  most: number,
  { signal, progress }: CallOptions & { readonly progress: ProgressSink },
  use: () => Promise<Result>,
): Promise<Result> {
  return session.starts.run(
    (ahead) => {
      if (ahead > 0) progress.status(`queued behind ${ahead} on ${session.host.address}`);
    },
    async () => {
      const { clock, host } = session;
      let readAt = clock.now();
      const queuedAt = readAt;
      let isWarned = false;
      for (let delayMs = firstDelayMs; ; delayMs = nextDelay(delayMs)) {
        signal.throwIfAborted();
        let status: string;
        try {
          const running = await countRunning(session, { signal });
          readAt = clock.now();
          if (running < most) break;
          status = `queued: ${running} resynchronizations run on ${host.address}, at most ${most} at once`;
        } catch (error) {
          if (!canPass(error) || signal.aborted || clock.now() - readAt >= patienceMs) throw error;
          status = `queued: cannot read ${host.address}, trying again: ${error.message}`;
        }
        progress.status(status);
        if (!isWarned && clock.now() - queuedAt >= longQueueMs) {
          progress.warn(
            `queued for ${humanDuration(longQueueMs)}: look whether a resynchronization on ${host.address} is paused or stuck`,
          );
          isWarned = true;
        }
        await clock.sleep(delayMs, signal);
      }
      return use();
    },
  );
}

/** By job, and where the host shows none, as it may, by what this process waits for. */
async function countRunning({ host, waitedFor }: HostSession, options: CallOptions): Promise<number> {
  // The service last: no job began later than its time.
  const jobs = await host.readResyncJobs(options);
  const { hostTime } = await readService(host, options);
  const running = (["primary", "extended"] as const).flatMap((kind) =>
    jobs.filter((job) => isRunningResync(job, kind, hostTime)).map(({ vmId }) => linkKey(vmId, kind)),
  );
  return new Set([...running, ...waitedFor]).size;
}
