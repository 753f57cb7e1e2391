import type { Authenticator } from "../auth/authenticator";
import type { ConnectionPool, Lease } from "./connectionPool";
import type { HttpReply } from "./hostConnection";
import { HttpFailure } from "./httpFailure";

/** How long a host may leave a connection unused before it closes it: 120 seconds; stay well below. */
const maxIdleMs = 60_000;
/**
 * For what must not be repeated: when an idle connection is lost under the first bytes, it is unknown whether they arrived,
 * so it goes over one that was just in use, or a new one.
 */
const maxIdleForChangeMs = 5_000;
/** Connections that were idle for less are not closed by the host at the very time that they are used. */
const mayBreakAfterMs = 1_000;

/** Messages to a host and its answers, over its connections. */
export class Conversation {
  constructor(
    private readonly pool: ConnectionPool,
    private readonly authenticator: Authenticator,
    /** From the first byte to the last one of the answer, with the authentication where it is needed. */
    private readonly wholeMs: number,
  ) {}

  /**
   * Sends a message once. It is sent again only where the host cannot have got it, or, when it changes nothing, where the
   * connection was lost because it had been idle.
   * @throws {@link HttpFailure}
   */
  async send(message: Buffer, isChange: boolean, signal: AbortSignal): Promise<HttpReply> {
    try {
      return await this.#once(message, isChange, isChange ? maxIdleForChangeMs : maxIdleMs, signal);
    } catch (error) {
      if (!(error instanceof BrokenWhileIdle) || (isChange && error.failure.mayHaveArrived)) throw unwrapped(error);
    }
    try {
      return await this.#once(message, isChange, -1, signal);
    } catch (error) {
      throw unwrapped(error);
    }
  }

  close(): void {
    this.pool.close();
  }

  async #once(message: Buffer, isChange: boolean, maxIdle: number, signal: AbortSignal): Promise<HttpReply> {
    return this.pool.use(maxIdle, signal, async ({ connection, idleMs }: Lease) => {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.wholeMs)]);
      try {
        return await this.authenticator.send(connection, message, isChange, deadline);
      } catch (error) {
        connection.destroy();
        if (!(error instanceof HttpFailure)) throw error;
        const isStale =
          error.kind === "gone" || (error.kind === "lost" && !deadline.aborted && (idleMs ?? 0) >= mayBreakAfterMs);
        throw isStale ? new BrokenWhileIdle(error) : error;
      }
    });
  }
}

/** The connection was lost while idle; a new one may work. */
class BrokenWhileIdle extends Error {
  constructor(readonly failure: HttpFailure) {
    super(failure.message);
  }
}

function unwrapped(error: unknown): unknown {
  return error instanceof BrokenWhileIdle ? error.failure : error;
}
