import { KeyedLock, StartQueue } from "../../../../provider/core/host/locks";

/** A holder of a lock that stays until it is let go. */
function holder(order: string[], name: string): { use: () => Promise<void>; letGo: (value?: undefined) => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    use: async () => {
      order.push(`${name} in`);
      await promise;
      order.push(`${name} out`);
    },
    letGo: () => {
      resolve(undefined);
    },
  };
}

test("a key has one holder at a time, in the order in which they came", async () => {
  const lock = new KeyedLock();
  const order: string[] = [];
  const [one, two, three] = ["one", "two", "three"].map((name) => holder(order, name)) as [
    ReturnType<typeof holder>,
    ReturnType<typeof holder>,
    ReturnType<typeof holder>,
  ];
  const all = [one, two, three].map(async ({ use }) => lock.run("web01", use));
  three.letGo();
  two.letGo();
  one.letGo();
  await Promise.all(all);
  expect(order).toEqual(["one in", "one out", "two in", "two out", "three in", "three out"]);
});

test("a holder that has to wait is told so, the others are not", async () => {
  const lock = new KeyedLock();
  const waits: string[] = [];
  const one = holder([], "one");
  const held = lock.run("web01", one.use, () => waits.push("one"));
  const next = lock.run(
    "web01",
    async () => undefined,
    () => waits.push("two"),
  );
  await lock.run(
    "db01",
    async () => undefined,
    () => waits.push("three"),
  );
  one.letGo();
  await Promise.all([held, next]);
  expect(waits).toEqual(["two"]);
});

test("tells whether a key was released since a time, whoever has released others", async () => {
  const lock = new KeyedLock();
  const use = async (): Promise<void> => undefined;
  expect(lock.releaseCount).toBe(0);
  await lock.run("db01", use);
  const since = lock.releaseCount;
  expect([lock.wasHeldSince("web01", since), lock.wasHeldSince("db01", since)]).toEqual([false, false]);
  await lock.run("web01", use);
  expect([lock.wasHeldSince("web01", since), lock.wasHeldSince("db01", since)]).toEqual([true, false]);
  expect(lock.wasHeldSince("db01", 0)).toBe(true);
  expect(lock.wasHeldSince("web01", lock.releaseCount)).toBe(false);
});

test("another key is free meanwhile", async () => {
  const lock = new KeyedLock();
  const one = holder([], "one");
  const held = lock.run("web01", one.use);
  await expect(lock.run("db01", async () => "free")).resolves.toBe("free");
  one.letGo();
  await held;
});

test("a holder that comes while the second one holds the key waits for it", async () => {
  const lock = new KeyedLock();
  const order: string[] = [];
  const [one, two] = [holder(order, "one"), holder(order, "two")];
  const first = lock.run("web01", one.use);
  const second = lock.run("web01", two.use);
  one.letGo();
  await first;
  const third = lock.run("web01", async () => {
    order.push("three");
  });
  await Promise.resolve();
  two.letGo();
  await Promise.all([second, third]);
  expect(order).toEqual(["one in", "one out", "two in", "two out", "three"]);
});

test("a key that was let go is free: who comes then does not have to wait", async () => {
  const lock = new KeyedLock();
  await lock.run("web01", async () => undefined);
  const waits: string[] = [];
  await lock.run(
    "web01",
    async () => undefined,
    () => waits.push("two"),
  );
  expect(waits).toEqual([]);
});

test("a holder that throws lets the next one in", async () => {
  const lock = new KeyedLock();
  const broken = lock.run("web01", async () => {
    throw new Error("broken");
  });
  const next = lock.run("web01", async () => "next");
  await expect(broken).rejects.toThrow("broken");
  await expect(next).resolves.toBe("next");
});

test("everybody in a queue is told how many are ahead, and again when one goes", async () => {
  const queue = new StartQueue();
  const told: string[] = [];
  const first = holder([], "first");
  const wait = async (name: string, use: () => Promise<void>): Promise<void> =>
    queue.run((ahead) => told.push(`${name}: ${ahead}`), use);
  const all = [wait("one", first.use), wait("two", async () => undefined), wait("three", async () => undefined)];
  expect(told).toEqual(["one: 0", "two: 1", "three: 2"]);
  first.letGo();
  await Promise.all(all);
  expect(told.slice(3)).toEqual(["three: 1"]);
});
