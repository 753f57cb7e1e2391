import type { HostEvent } from "./hostEvents";

/** A point of a run: before or after its nth call of the host, its nth call of a method, or so many seconds in. */
export type Moment =
  | { readonly at: "call"; readonly nth: number }
  | { readonly at: "Resynchronize" | "RequestReplicationStateChangeEx"; readonly nth: number }
  | { readonly at: "seconds"; readonly seconds: number };

/** What goes wrong. `before` and `after`: the call's effect on the host. */
export type Trouble =
  | { readonly kind: "lost" | "kill" | "interrupt"; readonly when: "before" | "after" }
  | { readonly kind: "slow"; readonly seconds: number }
  | { readonly kind: "event"; readonly event: HostEvent };

/** Something that goes wrong at a point of a run. */
export interface Disturbance {
  readonly moment: Moment;
  readonly trouble: Trouble;
}
