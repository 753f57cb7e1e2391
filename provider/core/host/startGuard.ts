import { KeyedLock, StartQueue } from "./locks";

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
 * one VM must not start two resyncs either.
 */
export class StartGuard {
  /** One holder per host and VM. */
  readonly locks = new KeyedLock();
  /** The last call per host and relationship of a VM. */
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
