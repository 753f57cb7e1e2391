/** Lets one holder at a time have a key; the others wait in the order in which they came. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<unknown>>();

  /**
   * Runs `use` as soon as every earlier holder of the key is done, and tells it whether there was one; calls `onWait` first
   * when there is.
   */
  async run<Result>(key: string, use: (hasWaited: boolean) => Promise<Result>, onWait?: () => void): Promise<Result> {
    const hasWaited = this.#tails.has(key);
    const earlier = this.#tails.get(key) ?? Promise.resolve();
    if (hasWaited) onWait?.();
    const { promise: done, resolve: release } = Promise.withResolvers<undefined>();
    const tail = earlier.then(() => done);
    this.#tails.set(key, tail);
    await earlier;
    try {
      return await use(hasWaited);
    } finally {
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
