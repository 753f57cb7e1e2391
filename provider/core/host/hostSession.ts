import { HostWatch } from "./hostWatch";
import type { Clock, ReplicationHost } from "./ports";
import type { RelationshipKind } from "../hyperv/relationship";

/** Lets one holder at a time have a key; the others wait in the order in which they came. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs `use` as soon as every earlier holder of the key is done; calls `onWait` first when there is one. */
  async run<Result>(key: string, use: () => Promise<Result>, onWait?: () => void): Promise<Result> {
    const earlier = this.#tails.get(key) ?? Promise.resolve();
    if (this.#tails.has(key)) onWait?.();
    const { promise: done, resolve: release } = Promise.withResolvers<undefined>();
    const tail = earlier.then(() => done);
    this.#tails.set(key, tail);
    await earlier;
    try {
      return await use();
    } finally {
      release(undefined);
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}

/** Lets one caller at a time in, in the order in which they came, and tells the others how many are ahead. */
export class StartQueue {
  #waiting: ((ahead: number) => void)[] = [];
  readonly #lock = new KeyedLock();

  async run<Result>(onAhead: (ahead: number) => void, use: () => Promise<Result>): Promise<Result> {
    const entry = onAhead;
    this.#waiting.push(entry);
    onAhead(this.#waiting.length - 1);
    try {
      return await this.#lock.run("start", use);
    } finally {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
      this.#waiting.forEach((tell, ahead) => {
        if (ahead > 0) tell(ahead);
      });
    }
  }
}

/** A call that this process has made, and that its host may not show yet. */
export interface StartMade {
  readonly atMs: number;
  /** Absent: at once. */
  readonly startTime?: string;
  readonly jobId?: string;
  /** Whether the host took it on. `false`: it may have reached the host, and no trace of it was found. */
  readonly isAccepted: boolean;
  /** The call's answer is evidence by itself that it was carried out. */
  readonly isTrusted: boolean;
}

/**
 * What all sessions of a process share, whichever way they reach a host: two resources with different credentials for
 * one machine must not start two resyncs either.
 */
export class StartGuard {
  /** One holder per host and machine GUID. */
  readonly locks = new KeyedLock();
  /** The last call per host and link of a machine. */
  readonly made = new Map<string, StartMade>();
  readonly #queues = new Map<string, StartQueue>();

  /** The queue of everybody who wants to start something on the host with this name. */
  queueFor(address: string): StartQueue {
    const key = address.toLowerCase();
    const queue = this.#queues.get(key) ?? new StartQueue();
    this.#queues.set(key, queue);
    return queue;
  }
}

/** One open host with all that its users share: the clock, the watch, the locks per machine, the queue of starts. */
export interface HostSession {
  readonly host: ReplicationHost;
  readonly clock: Clock;
  readonly watch: HostWatch;
  readonly guard: StartGuard;
  readonly starts: StartQueue;
  /** Links whose resync this process waits for: the host may show no job of them. */
  readonly waitedFor: Set<string>;
}

/** One link of one machine, among those of a host. */
export function linkKey(vmId: string, kind: RelationshipKind): string {
  return `${vmId} ${kind}`;
}

/** Shares one host among everybody who waits on it. `random` is from 0 to 1 and spreads the readings. */
export function shareHost(
  host: ReplicationHost,
  clock: Clock,
  random: () => number,
  guard = new StartGuard(),
): HostSession {
  return {
    host,
    clock,
    watch: new HostWatch(host, clock, random),
    guard,
    starts: guard.queueFor(host.address),
    waitedFor: new Set(),
  };
}
