import type { HostConnection } from "./hostConnection";
import { HttpFailure } from "./httpFailure";

/** What a user of a connection has to know of it. */
export interface Lease {
  readonly connection: HostConnection;
  /** How long nothing has gone over it; `undefined`: it is new. */
  readonly idleMs: number | undefined;
}

/**
 * Operations under way at once. Hosts allow 15 a user where they are strict, and others use the same account. Source:
 * MS-WSMV, section 3.1.4.1.34.3.
 */
export const maxOperations = 8;

/**
 * Connections to one host: each carries one operation at a time, the last one used is the first to be used again, and a
 * caller that finds none free waits in line.
 */
export class ConnectionPool {
  readonly #idle: { connection: HostConnection; sinceMs: number }[] = [];
  readonly #active = new Set<HostConnection>();
  readonly #waiting: (() => void)[] = [];
  readonly #closing = new AbortController();
  #underWay = 0;

  constructor(
    private readonly open: (signal: AbortSignal) => Promise<HostConnection>,
    private readonly now: () => number,
  ) {}

  /** Lends a connection that has been idle for `maxIdleMs` at most, and takes it back when the work is done. */
  async use<Result>(maxIdleMs: number, signal: AbortSignal, work: (lease: Lease) => Promise<Result>): Promise<Result> {
    await this.#enter(signal);
    try {
      const lease = this.#takeIdle(maxIdleMs) ?? {
        connection: await this.open(this.#orClosing(signal)),
        idleMs: undefined,
      };
      const { connection } = lease;
      this.#active.add(connection);
      try {
        if (this.#closing.signal.aborted) throw closed();
        return await work(lease);
      } finally {
        this.#active.delete(connection);
        if (this.#closing.signal.aborted) connection.destroy();
        else if (connection.isOpen) this.#idle.push({ connection, sinceMs: this.now() });
      }
    } finally {
      this.#leave();
    }
  }

  /** Ends all connections, also those under way; safe to call twice. */
  close(): void {
    this.#closing.abort();
    for (const { connection } of this.#idle.splice(0)) connection.destroy();
    for (const connection of this.#active) connection.destroy();
  }

  #orClosing(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal]);
  }

  #takeIdle(maxIdleMs: number): Lease | undefined {
    const nowMs = this.now();
    let found = this.#idle.pop();
    while (found !== undefined) {
      const idleMs = nowMs - found.sinceMs;
      if (found.connection.isOpen && idleMs <= maxIdleMs) return { connection: found.connection, idleMs };
      found.connection.destroy();
      found = this.#idle.pop();
    }
    return undefined;
  }

  async #enter(signal: AbortSignal): Promise<void> {
    const either = this.#orClosing(signal);
    if (this.#closing.signal.aborted) throw closed();
    if (either.aborted) throw new HttpFailure("aborted", "stopped", { cause: signal.reason });
    if (this.#underWay < maxOperations) {
      this.#underWay += 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const enter = (): void => {
      resolve(undefined);
    };
    const giveUp = (): void => {
      const at = this.#waiting.indexOf(enter);
      // Already let in: the caller notices the abort itself.
      if (at === -1) return;
      this.#waiting.splice(at, 1);
      reject(signal.aborted ? new HttpFailure("aborted", "stopped", { cause: signal.reason }) : closed());
    };
    this.#waiting.push(enter);
    either.addEventListener("abort", giveUp, { once: true });
    await promise;
    either.removeEventListener("abort", giveUp);
  }

  /** The place goes to the next in line without becoming free in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#underWay -= 1;
    else next();
  }
}

function closed(): HttpFailure {
  return new HttpFailure("unreachable", "the session with the host is closed");
}
