import type { MachineInput } from "./machineInput";
import type { SwitchesInput } from "./switchesInput";
import type { WsmanInput } from "./wsmanInput";

/** A scenario file: what a simulated host is like at first. No other keys are accepted. */
export interface ScenarioInput {
  /** For editors; not looked at. */
  readonly $schema?: string | undefined;
  /** The computer's own name. */
  readonly name: string;
  readonly clock?: ClockInput | undefined;
  /** Who may authenticate. Default: "operator" with the password "simulated", an administrator. */
  readonly accounts?:
    readonly { readonly user: string; readonly password: string; readonly rights?: Rights }[] | undefined;
  /** The Virtual Machine Management service. Default running. */
  readonly service?: "running" | "stopped" | undefined;
  /** Whether the host answers at all. Default true. */
  readonly reachable?: boolean | undefined;
  /** How many resyncs run at once. Default 3. */
  readonly maximumActiveTransfers?: number | undefined;
  /** How long every call takes, in milliseconds of the host's own time. Default 0. */
  readonly latencyMs?: number | undefined;
  /** Faults that are there from the beginning. Default none. */
  readonly faults?: readonly FaultInput[] | undefined;
  /** Behaviours that no public source settles. */
  readonly switches?: SwitchesInput | undefined;
  /** How its WS-Management service behaves: limits, open questions of the wire, broken replies. */
  readonly wsman?: WsmanInput | undefined;
  /** Its VMs. Default none. */
  readonly machines?: readonly MachineInput[] | undefined;
}

/** The clock of a simulated host. */
export interface ClockInput {
  /** Simulated seconds per real second; 0: time stands until it is put forward. Default 1. */
  readonly speed?: number | undefined;
  /** What the clock shows at the first opening, ISO 8601 with offset. Default: the real time. */
  readonly start?: string | undefined;
  /** The host's local time, in minutes east of UTC: for the window of `autoResync`. Default 0. */
  readonly utcOffsetMinutes?: number | undefined;
  /**
   * How far the host's clock is ahead of the caller's clock, in seconds, at most a year; negative: behind. What the host
   * says is in its own time. Default 0.
   */
  readonly skewSeconds?: number | undefined;
}

/** A fault that a call runs into. */
export interface FaultInput {
  /** The operation as the journal names it, such as `Resynchronize`; `*` for any. */
  readonly operation: string;
  /**
   * `lostReplyBefore`: the connection breaks before the call is carried out; `lostReplyAfter`: after it;
   * `slowReply`: the reply takes `seconds`.
   */
  readonly kind: "lostReplyBefore" | "lostReplyAfter" | "slowReply";
  /** How many calls of the operation go well first. Default 0. */
  readonly after?: number | undefined;
  /** How many calls run into it. Default 1. */
  readonly times?: number | undefined;
  /** Delay of a slow reply, in seconds of the host's own time. Default 30. */
  readonly seconds?: number | undefined;
}

/** What an account may do: everything, read only, or nothing (it sees empty lists). */
export type Rights = "administrator" | "read" | "none";
