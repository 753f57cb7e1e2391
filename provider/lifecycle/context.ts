import type { HostSession } from "../core/host/hostSession";
import type { ProgressSink } from "../core/host/ports";
import type { ResolvedConnection } from "../connection/defaults";
import type { ConnectionSources } from "../connection/sources";
import type { Ledger } from "./ledger";

/** Properties as the shim of the dynamic provider hands them over. */
export type Properties = Readonly<Record<string, unknown>>;

/** All that the verbs need from outside: everything that a test replaces. */
export interface LifecycleContext {
  readonly sources: ConnectionSources;
  /** Aborted when the run is stopped: Ctrl-C, a cancelled pipeline, SIGTERM. */
  readonly stopSignal: AbortSignal;
  readonly ledger: Ledger;
  /** Lines beside the resource; the URN is the internal input `__urn`. */
  readonly progressFor: (urn: unknown) => ProgressSink;
  /** The host of a connection, shared by all resources that use the same. */
  readonly openSession: (connection: ResolvedConnection) => HostSession;
  readonly newRequestId: () => string;
  /** What has been said once in this process: the creation of a resource, by URN, and warnings of a connection. */
  readonly announced: Set<string>;
}
