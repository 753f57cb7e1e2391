import { firstDelayMs, nextDelay, withJitter } from "./backoff";
import type { HostReading } from "./observation";
import type { Clock, ReplicationHost } from "./ports";

interface Asker {
  readonly resolve: (reading: HostReading) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads a host for everybody: first looks, refreshes, the queue and waits. Whoever asks while a reading is under way gets
 * the next one, together with all others who asked by then, so that however many VMs are looked at at once, the host is
 * read twice.
 */
export class HostReader {
  readonly #host: ReplicationHost;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #asking: Askers = new Askers();
  readonly #waiting: Askers = new Askers();
  #reading: AbortController | undefined;
  #ticking: AbortController | undefined;
  #delayMs = firstDelayMs;

  constructor(host: ReplicationHost, clock: Clock, random: () => number) {
    this.#host = host;
    this.#clock = clock;
    this.#random = random;
  }

  /** The host as it is now. Rejects with the error of the reading, or as soon as the signal is aborted. */
  async now(signal: AbortSignal): Promise<HostReading> {
    const reading = this.#asking.add(signal, () => this.#reading?.abort());
    void this.#readForAll();
    return reading;
  }

  /**
   * The host at the next tick of those who wait. The pause between ticks grows, and is the shortest again once somebody
   * joins.
   */
  async next(signal: AbortSignal): Promise<HostReading> {
    const reading = this.#waiting.add(signal, () => this.#ticking?.abort());
    void this.#tick();
    return reading;
  }

  /** Somebody begins to wait: the next pause is the shortest again. */
  join(): void {
    this.#delayMs = firstDelayMs;
  }

  async #readForAll(): Promise<void> {
    if (this.#reading !== undefined) return;
    while (this.#asking.isAnybody) {
      const reading = new AbortController();
      this.#reading = reading;
      await this.#asking.answer(async () => this.#read(reading.signal));
      this.#reading = undefined;
    }
  }

  async #read(signal: AbortSignal): Promise<HostReading> {
    const options = { signal };
    // The service last: a reading that its end has torn apart is none, and no job of it began later than its time.
    const jobs = await this.#host.readResyncJobs(options);
    const vms = await this.#host.readVms(options);
    const service = await this.#host.readService(options);
    return { service, vms: service === undefined ? new Map() : vms, jobs: service === undefined ? [] : jobs };
  }

  async #tick(): Promise<void> {
    if (this.#ticking !== undefined) return;
    while (this.#waiting.isAnybody) {
      const ticking = new AbortController();
      this.#ticking = ticking;
      const delayMs = this.#delayMs;
      this.#delayMs = nextDelay(delayMs);
      const pause = this.#clock.sleep(withJitter(delayMs, this.#random()), ticking.signal);
      const isOver = await pause.then(
        () => true,
        (error: unknown) => {
          if (!ticking.signal.aborted) this.#waiting.reject(error);
          return false;
        },
      );
      if (isOver && !ticking.signal.aborted) await this.#waiting.answer(async () => this.now(ticking.signal));
      this.#ticking = undefined;
    }
  }
}

/** Those who want the same reading. One who does not want it any more leaves at once. */
class Askers {
  #askers: Asker[] = [];
  /** Those whose reading is under way. */
  #served: Asker[] = [];

  get isAnybody(): boolean {
    return this.#askers.length > 0;
  }

  /** `onNobody` is called when nobody is left of those for whom something is under way. */
  async add(signal: AbortSignal, onNobody: () => void): Promise<HostReading> {
    signal.throwIfAborted();
    return new Promise<HostReading>((resolve, reject) => {
      const asker: Asker = {
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
        const isServed = this.#served.includes(asker);
        const isBehindOthers = !isServed && this.#served.length > 0;
        this.#served = this.#served.filter((other) => other !== asker);
        this.#askers = this.#askers.filter((other) => other !== asker);
        asker.reject(signal.reason);
        const left = isServed ? this.#served : this.#askers;
        if (!isBehindOthers && left.length === 0) onNobody();
      };
      signal.addEventListener("abort", onAbort);
      this.#askers.push(asker);
    });
  }

  /** Answers all who have asked by now with one reading. */
  async answer(read: () => Promise<HostReading>): Promise<void> {
    this.#served = this.#askers.splice(0);
    try {
      const reading = await read();
      for (const asker of this.#served.splice(0)) asker.resolve(reading);
    } catch (error) {
      for (const asker of this.#served.splice(0)) asker.reject(error);
    }
  }

  reject(error: unknown): void {
    for (const asker of this.#askers.splice(0)) asker.reject(error);
  }
}
