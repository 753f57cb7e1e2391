import type { RelationshipKind } from "../hyperv/relationship";
import { HostReader } from "./hostReader";
import type { StartQueue } from "./locks";
import type { Clock, ReplicationHost } from "./ports";
import { StartGuard } from "./startGuard";

/** One open host with all that its users share: the clock, the reader, the locks per VM, the queue of starts. */
export interface HostSession {
  readonly host: ReplicationHost;
  readonly clock: Clock;
  readonly reader: HostReader;
  readonly guard: StartGuard;
  readonly starts: StartQueue;
  /** Relationships whose resync this process waits for: the host may show no job of them. */
  readonly waitedFor: Set<string>;
}

/** One relationship of one VM, among those of a host. */
export function relationshipKey(vmId: string, kind: RelationshipKind): string {
  return `${vmId} ${kind}`;
}

/** Shares one host among all its users. `random` is from 0 to 1 and spreads the readings. */
export function shareHost(
  host: ReplicationHost,
  clock: Clock,
  random: () => number,
  guard = new StartGuard(),
): HostSession {
  return {
    host,
    clock,
    reader: new HostReader(host, clock, random),
    guard,
    starts: guard.queueFor(host.address),
    waitedFor: new Set(),
  };
}
