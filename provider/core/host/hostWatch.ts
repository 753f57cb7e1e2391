import { firstDelayMs, nextDelay, withJitter } from "./backoff";
import type { Clock, JobReading, ReplicationHost, ServiceReading, VmReplicationReading } from "./ports";

/** What one tick of the watch says of one machine. */
export interface Reading {
  /** Absent while the management service does not run. */
  readonly service: ServiceReading | undefined;
  /** Absent when the machine is not on the host, or not visible. */
  readonly vm: VmReplicationReading | undefined;
  readonly jobs: readonly JobReading[];
}

interface Waiter {
  readonly vmId: string;
  readonly resolve: (reading: Reading) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads a host for everybody who waits on it: one query per class and tick, however many machines are waited for. The
 * pause between ticks grows while nothing new is asked for, and starts again at its shortest for a machine that joins.
 */
export class HostWatch {
  readonly #host: ReplicationHost;
  readonly #clock: Clock;
  readonly #random: () => number;
  #waiters: Waiter[] = [];
  #delayMs = firstDelayMs;
  #ticking: AbortController | undefined;

  constructor(host: ReplicationHost, clock: Clock, random: () => number) {
    this.#host = host;
    this.#clock = clock;
    this.#random = random;
  }

  /** A machine joins: the next pause is the shortest again. */
  join(): void {
    this.#delayMs = firstDelayMs;
  }

  /** The reading of the next tick. Rejects with the error of the tick, or as soon as the signal is aborted. */
  async next(vmId: string, signal: AbortSignal): Promise<Reading> {
    signal.throwIfAborted();
    return new Promise<Reading>((resolve, reject) => {
      const waiter: Waiter = {
        vmId,
        resolve: (reading) => {
          signal.removeEventListener("abort", onAbort);
          resolve(reading);
        },
        reject: (error) => {
          signal.removeEventListener("abort", onAbort);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      const onAbort = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        waiter.reject(signal.reason);
        if (this.#waiters.length === 0) this.#ticking?.abort();
      };
      signal.addEventListener("abort", onAbort);
      this.#waiters.push(waiter);
      void this.#tick();
    });
  }

  async #tick(): Promise<void> {
    if (this.#ticking !== undefined) return;
    const ticking = new AbortController();
    this.#ticking = ticking;
    try {
      while (this.#waiters.length > 0) {
        const delayMs = this.#delayMs;
        this.#delayMs = nextDelay(delayMs);
        await this.#clock.sleep(withJitter(delayMs, this.#random()), ticking.signal);
        await this.#readForAll(ticking.signal);
      }
    } catch (error) {
      if (!ticking.signal.aborted) for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    } finally {
      this.#ticking = undefined;
      if (this.#waiters.length > 0) void this.#tick();
    }
  }

  async #readForAll(signal: AbortSignal): Promise<void> {
    const waiters = [...this.#waiters];
    const vmIds = [...new Set(waiters.map((waiter) => waiter.vmId))];
    const settle = (answer: (waiter: Waiter) => void): void => {
      this.#waiters = this.#waiters.filter((waiter) => !waiters.includes(waiter));
      waiters.forEach(answer);
    };
    try {
      const options = { signal };
      // The service last: a reading that its end has torn apart is none, and no job of it began later than its time.
      const jobs = await this.#host.readResyncJobs(options);
      const vms = await this.#host.readReplication(vmIds, { ...options, withoutHealthReasons: true });
      const service = await this.#host.readService(options);
      settle((waiter) => {
        waiter.resolve({
          service,
          vm: service && vms.get(waiter.vmId),
          jobs: service === undefined ? [] : jobs.filter((job) => job.vmId === waiter.vmId),
        });
      });
    } catch (error) {
      settle((waiter) => {
        waiter.reject(error);
      });
    }
  }
}
