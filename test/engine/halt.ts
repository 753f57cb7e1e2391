/** Why a run starts nothing more. */
export type HaltReason = "failed" | "canceled";

/**
 * Says that no new step may start. What is under way continues to its end: a create that has begun is always waited for,
 * so that its result is recorded.
 */
export class Halt {
  /** Resolves when the run is to end early. */
  readonly reached: Promise<undefined>;
  /** Resolves when a person has interrupted the run. */
  readonly canceled: Promise<undefined>;
  readonly #reach = Promise.withResolvers<undefined>();
  readonly #cancel = Promise.withResolvers<undefined>();
  readonly #underWay = new Set<Promise<unknown>>();
  #reason: HaltReason | undefined;
  #isAbandoned = false;

  constructor() {
    this.reached = this.#reach.promise;
    this.canceled = this.#cancel.promise;
  }

  get reason(): HaltReason | undefined {
    return this.#reason;
  }

  /** An interrupt outweighs a failure. */
  call(reason: HaltReason): void {
    if (this.#reason === undefined || reason === "canceled") this.#reason = reason;
    this.#reach.resolve(undefined);
    if (reason === "canceled") this.#cancel.resolve(undefined);
  }

  /** The process is about to end without waiting: {@link settled} resolves no more, and no result is reported. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Notes work that the run has to wait for before it may end. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    const promise = work();
    this.#underWay.add(promise);
    return await promise.finally(() => this.#underWay.delete(promise));
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    if (this.#isAbandoned) await new Promise<never>(() => undefined);
  }
}
