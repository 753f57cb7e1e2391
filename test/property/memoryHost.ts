import { advance } from "../../provider/simulator/model/advance";
import { carryOut, type HostAnswer, type HostCall } from "../../provider/simulator/model/call";
import type { HostState } from "../../provider/simulator/model/hostState";
import { initialState } from "../../provider/simulator/model/setup/mergeScenario";
import { scenarioSchema } from "../../provider/simulator/scenario/scenarioSchema";
import type { ScenarioInput } from "../../provider/simulator/scenario/scenarioInput";
import { afterEvent, type HostEvent } from "./hostEvents";
import type { VirtualClock } from "./virtualClock";

/** A call as the model carried it out: the host right before a method (for a query, when it was last asked) and after. */
export interface Carried {
  readonly before: HostState;
  readonly after: HostState;
  readonly answer: HostAnswer;
}

/**
 * The simulated host in memory: the shipped model, without its files. Every state is a separate value, so
 * keeping one keeps the host as it was at that time.
 */
export class MemoryHost {
  readonly name: string;
  readonly latencyMs: number;
  #state: HostState;
  #agenda: { readonly atMs: number; readonly event: HostEvent }[] = [];
  readonly #clock: VirtualClock;
  /** What has happened without a call of the product, in order. */
  readonly happened: { readonly atMs: number; readonly event: HostEvent }[] = [];

  constructor(scenario: ScenarioInput, clock: VirtualClock) {
    const parsed = scenarioSchema.parse(scenario);
    this.name = parsed.name;
    this.latencyMs = parsed.latencyMs;
    this.#clock = clock;
    this.#state = initialState({ scenario: parsed, digest: "case" }, clock.now());
  }

  /** The host as it is now. */
  get state(): HostState {
    this.#catchUp();
    return this.#state;
  }

  /** Whether it answers at all. */
  get isReachable(): boolean {
    this.#letHappen();
    return this.#state.reachable;
  }

  /** Makes something happen, now or so many milliseconds ahead. */
  happen(event: HostEvent, aheadMs = 0): void {
    this.#agenda = [...this.#agenda, { atMs: this.#clock.now() + aheadMs, event }].sort(
      (one, other) => one.atMs - other.atMs,
    );
    if (aheadMs === 0) this.#catchUp();
  }

  /** Changes the host by hand, as an administrator at its console. */
  change(action: (host: HostState) => void): void {
    const host = structuredClone(this.state);
    action(host);
    advance(host, host.nowMs);
    this.#state = host;
  }

  /** Carries a call out. */
  carryOut(call: HostCall, user: string): Carried {
    // A query changes nothing: the model's own copy of the host is enough to let time pass.
    if (call.kind === "enumerate") this.#letHappen();
    else this.#catchUp();
    const before = this.#state;
    const { host, answer } = carryOut(before, call, { door: "in-process", user }, this.#clock.now());
    this.#state = host;
    return { before, after: host, answer };
  }

  #catchUp(): void {
    this.#letHappen();
    const nowMs = this.#clock.now();
    if (this.#state.nowMs < nowMs) {
      const host = structuredClone(this.#state);
      advance(host, nowMs);
      this.#state = host;
    }
  }

  #letHappen(): void {
    const nowMs = this.#clock.now();
    for (let due = this.#agenda[0]; due !== undefined && due.atMs <= nowMs; due = this.#agenda[0]) {
      this.#agenda.shift();
      const atMs = Math.max(due.atMs, this.#state.nowMs);
      this.#state = afterEvent(this.#state, due.event, atMs);
      this.happened.push({ atMs, event: due.event });
    }
  }
}
