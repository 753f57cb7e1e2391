/** Lets one holder at a time have a key; the others wait in the order in which they came. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<unknown>>();
  readonly #releases = new Map<string, number>();
  #releaseCount = 0;

  /** How often any key was released by now, for {@link wasHeldSince}. */
  get releaseCount(): number {
    return this.#releaseCount;
  }

  /** Whether somebody has released the key since so many releases. */
  wasHeldSince(key: string, releaseCount: number): boolean {
    return (this.#releases.get(key) ?? 0) > releaseCount;
  }

  /** Runs `use` as soon as every earlier holder of the key is done; calls `onWait` first when there is one. */
  async run<Result>(key: string, use: () => Promise<Result>, onWait?: () => void): Promise<Result> {
    const earlier = this.#tails.get(key) ?? Promise.resolve();
    if (this.#tails.has(key)) onWait?.();
    const { promise: done, resolve: release } = Promise.withResolvers<undefined>();
    const tail = earlier.then(() => done);
    this.#tails.set(key, tail);
    await earlier;
    try {
      return await use();
    } finally {
      this.#releaseCount += 1;
      this.#releases.set(key, this.#releaseCount);
      release(undefined);
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}

/** Lets one caller at a time in, in the order in which they came, and tells the others how many are ahead. */
export class StartQueue {
  #waiting: ((ahead: number) => void)[] = [];
  readonly #lock = new KeyedLock();

  async run<Result>(onAhead: (ahead: number) => void, use: () => Promise<Result>): Promise<Result> {
    const entry = onAhead;
    this.#waiting.push(entry);
    onAhead(this.#waiting.length - 1);
    try {
      return await this.#lock.run("start", use);
    } finally {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
      this.#waiting.forEach((tell, ahead) => {
        if (ahead > 0) tell(ahead);
      });
    }
  }
}
