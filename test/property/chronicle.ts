import type { HostState } from "../../provider/simulator/model/hostState";

/** Properties as the engine keeps them. */
export type Properties = Readonly<Record<string, unknown>>;

export type VerbName = "check" | "diff" | "create" | "update" | "read" | "delete";

/** The host as it was when a query was answered, and the answer arrived. */
export interface Reading {
  readonly host: HostState;
  /** Whether the account was shown VMs. */
  readonly sees: boolean;
}

/** One call of a method that changes something. */
export interface MethodCalled {
  readonly operation: "Resynchronize" | "RequestReplicationStateChangeEx";
  readonly machineId: string;
  readonly requestedState: number | undefined;
  /** ISO 8601; `undefined`: at once. */
  readonly startTime: string | undefined;
  /** The verb that made it; `undefined`: no verb in progress did, which must not happen. */
  readonly verb: VerbRecord | undefined;
  readonly before: HostState;
  readonly after: HostState;
  /** `undefined`: a fault, or it never reached the host. */
  readonly returnValue: number | undefined;
  /** Whether it reached the host. */
  readonly isCarriedOut: boolean;
  /** What the verb had last read of the relationships and of the jobs by then. */
  readonly links: Reading | undefined;
  readonly jobs: Reading | undefined;
}

/** How a verb ended. */
export type VerbEnd =
  | { readonly kind: "answered"; readonly id?: string; readonly outputs?: Properties; readonly answer?: unknown }
  | {
      readonly kind: "threw";
      readonly message: string;
      readonly id?: string | undefined;
      readonly properties?: Properties | undefined;
      readonly reasons?: readonly string[] | undefined;
    }
  /** The process was killed before it had answered. */
  | { readonly kind: "lost" };

/** One verb that the engine asked for. */
export interface VerbRecord {
  readonly name: VerbName;
  readonly urn: string;
  /** 0; more for the retries of an error hook. */
  readonly attempt: number;
  readonly olds?: Properties;
  readonly news?: Properties;
  readonly beganAtMs: number;
  endedAtMs: number;
  end: VerbEnd;
  /** How often the host was asked anything. */
  hostCalls: number;
  /** What its own queries were answered with last. */
  lastLinks?: Reading;
  lastJobs?: Reading;
  /** The last reading of relationships while it was in progress, by any verb: readings of a host are shared. */
  lastShared?: Reading;
  readonly methods: MethodCalled[];
}

/** One run of the engine with its plugin. */
export interface RunRecord {
  readonly title: string;
  readonly kind: "up" | "refresh" | "preview" | "destroy";
  readonly verbs: VerbRecord[];
  /** In the order in which the host carried them out. */
  readonly methods: MethodCalled[];
  /** Every answered query for relationships, by any verb. */
  readonly readings: Reading[];
  readonly lines: string[];
  readonly hostBefore: HostState;
  hostAfter: HostState;
  isKilled: boolean;
  interruptedAtMs: number | undefined;
  endedAtMs: number;
  /** Time in which as many resyncs ran on the host as a resource allows at once: time in the queue. */
  crowdedMs: number;
  /** Seconds of slow replies. */
  slowSeconds: number;
  /** Steps that failed, as the engine would report them. */
  readonly failures: { readonly urn: string; readonly message: string }[];
  deadlock: boolean;
}
