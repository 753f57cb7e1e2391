import { type HostSession, shareHost } from "../core/host/hostSession";
import { StartGuard } from "../core/host/startGuard";
import { canonical } from "../state/canonical";
import type { ResolvedConnection } from "../connection/defaults";
import { openHost } from "../connection/openHost";

/** Opens every host once per process and connection, and shares it among all resources. */
export class Sessions {
  readonly #open = new Map<string, HostSession>();
  readonly #guard = new StartGuard();

  /** `platform`: `process.platform`. */
  constructor(private readonly platform: string) {}

  /** @throws the errors of {@link openHost}; nothing is kept then. */
  get(connection: ResolvedConnection): HostSession {
    const { maxConcurrentResyncs: _most, ...identity } = connection;
    const key = canonical(identity);
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const { host, clock } = openHost(connection, this.platform);
    const session = shareHost(host, clock, Math.random, this.#guard);
    this.#open.set(key, session);
    return session;
  }

  /** Ends all sessions. */
  async closeAll(): Promise<void> {
    const sessions = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(sessions.map(({ host }) => host.close()));
  }
}
