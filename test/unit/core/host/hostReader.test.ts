import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { ReplicaResyncError } from "../../../../provider/core/errors";
import { HostReader } from "../../../../provider/core/host/hostReader";
import { type HostReading, lookAt } from "../../../../provider/core/host/observation";
import { otherVmId, vmId } from "../../../support/builders";
import { FakeClock } from "../../../support/fakeClock";
import { FakeHost } from "../../../support/fakeHost";
import { throwValue } from "../../../support/throwValue";

const never = new AbortController().signal;
const away = new ReplicaResyncError("UNREACHABLE", "the host is away");
const ids = Array.from({ length: 50 }, (_, index) => `${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`);
const oneReading = ["readResyncJobs", "readVms", "readService"];

interface Read {
  readonly host: FakeHost;
  readonly clock: FakeClock;
  readonly reader: HostReader;
}

function readerOf(vmIds: readonly string[], random = 0.5): Read {
  const clock = new FakeClock();
  const host = new FakeHost(clock);
  for (const id of vmIds) host.add(id);
  return { host, clock, reader: new HostReader(host, clock, () => random) };
}

/** Lets everything happen that is due without time passing. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}

/** A reader whose first reading stays under way until it is let go; `first` is the one who asked for it. */
function heldReader(): Read & { first: Promise<HostReading>; stopFirst: () => void; letGo: (error?: Error) => void } {
  const read = readerOf([vmId]);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  read.host.onCall = async (_call, nth) => {
    if (nth === 1) await promise;
  };
  const controller = new AbortController();
  return {
    ...read,
    first: read.reader.now(controller.signal),
    stopFirst: () => {
      controller.abort(new Error("stopped"));
    },
    letGo: (error) => {
      if (error === undefined) resolve(undefined);
      else reject(error);
    },
  };
}

describe("the host as it is now", () => {
  test("is read at once, the service last, and holds every VM and every job", async () => {
    const { host, clock, reader } = readerOf([vmId, otherVmId]);
    host.machine(vmId).play([[0, { jobs: [{ jobId: "one" }] }]]);
    const reading = await reader.now(never);
    expect(host.log.calls.map(({ operation }) => operation)).toEqual(oneReading);
    expect([...reading.vms.keys()]).toEqual([vmId, otherVmId]);
    expect(reading.jobs.map(({ jobId }) => jobId)).toEqual(["one"]);
    expect(reading.service?.hostName).toBe("HV01");
    expect(clock.slept).toEqual([]);
  });

  test("is read twice for forty who ask at once: the first has it under way, all others share the next one", async () => {
    const { host, reader } = readerOf(ids);
    const readings = await Promise.all(ids.slice(0, 40).map(async () => reader.now(never)));
    expect(host.log.calls.map(({ operation }) => operation)).toEqual([...oneReading, ...oneReading]);
    expect(new Set(readings).size).toBe(2);
    expect(new Set(readings.slice(1)).size).toBe(1);
    expect(readings[0]).not.toBe(readings[1]);
  });

  test("is read again for one who asks later", async () => {
    const { host, reader } = readerOf([vmId]);
    const first = await reader.now(never);
    expect(await reader.now(never)).not.toBe(first);
    expect(host.log.count("readService")).toBe(2);
  });

  test("is what one who asks in the middle of a reading gets with the next one", async () => {
    const { host, reader, first, letGo } = heldReader();
    const late = [reader.now(never), reader.now(never)];
    await settled();
    expect(host.log.calls).toHaveLength(1);
    letGo();
    const [one, other] = await Promise.all(late);
    expect(one).toBe(other);
    expect(one).not.toBe(await first);
    expect(host.log.count("readService")).toBe(2);
  });

  test("fails for all who asked for the reading that fails, and for no other", async () => {
    const { reader, first, letGo } = heldReader();
    const late = reader.now(never);
    letGo(away);
    await expect(first).rejects.toBe(away);
    await expect(late).resolves.toMatchObject({ service: { hostName: "HV01" } });
  });

  test("fails for everybody who shares a reading", async () => {
    const { host, reader } = readerOf([vmId]);
    host.onCall = () => {
      throw away;
    };
    const ends = await Promise.allSettled([reader.now(never), reader.now(never), reader.now(never)]);
    expect(ends).toEqual([1, 2, 3].map(() => ({ status: "rejected", reason: away })));
    expect(host.log.calls).toHaveLength(2);
  });

  test("fails with an error when what is thrown is none", async () => {
    const { host, reader } = readerOf([vmId]);
    host.onCall = async () => {
      throwValue("away");
    };
    await expect(reader.now(never)).rejects.toEqual(new Error("away"));
  });

  test("is not read for one who has stopped already", async () => {
    const { host, reader } = readerOf([vmId]);
    await expect(reader.now(AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
    expect(host.log.calls).toEqual([]);
  });

  test("is read on while one of two who asked stops", async () => {
    const { host, reader, first, letGo } = heldReader();
    const controller = new AbortController();
    const [stopped, other] = [reader.now(controller.signal), reader.now(never)];
    letGo();
    await first;
    controller.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    await expect(other).resolves.toMatchObject({ service: { hostName: "HV01" } });
    expect(host.log.calls.map(({ operation }) => operation)).toEqual([...oneReading, ...oneReading]);
  });

  test("is not read to its end when the only one who asked stops, and he is told at once", async () => {
    const { host, first, stopFirst, letGo } = heldReader();
    stopFirst();
    await expect(first).rejects.toThrow("stopped");
    letGo();
    await settled();
    expect(host.log.calls.map(({ operation }) => operation)).toEqual(["readResyncJobs"]);
  });

  test("is read for the next one after a reading that nobody wants any more", async () => {
    const { host, reader, first, stopFirst, letGo } = heldReader();
    stopFirst();
    const next = reader.now(never);
    await expect(first).rejects.toThrow("stopped");
    letGo();
    await expect(next).resolves.toMatchObject({ service: { hostName: "HV01" } });
    expect(host.log.calls.map(({ operation }) => operation)).toEqual(["readResyncJobs", ...oneReading]);
  });

  test("is read on while one who waits for the next reading stops, and not read again for him", async () => {
    const { host, reader, first, letGo } = heldReader();
    const controller = new AbortController();
    const stopped = reader.now(controller.signal);
    controller.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    letGo();
    await expect(first).resolves.toMatchObject({ service: { hostName: "HV01" } });
    await settled();
    expect(host.log.calls.map(({ operation }) => operation)).toEqual(oneReading);
  });

  test("is nothing while the management service does not run", async () => {
    const { host, reader } = readerOf([]);
    host.add(vmId, { timeline: [[0, { service: false, jobs: [{}] }]] });
    await expect(reader.now(never)).resolves.toStrictEqual({ service: undefined, vms: new Map(), jobs: [] });
  });
});

test("fifty VMs cost one query per class and tick", async () => {
  const { host, reader } = readerOf(ids);
  const readings = await Promise.all(ids.map(async () => reader.next(never)));
  expect(host.log.calls.map(({ operation }) => operation)).toEqual(oneReading);
  expect(readings.map(({ vms }, nth) => vms.get(ids[nth] ?? "")?.vmId)).toEqual(ids);
});

test("one look at a shared reading holds the VM's own jobs only", async () => {
  const { host, reader } = readerOf([]);
  host
    .add(vmId, { timeline: [[0, { jobs: [{ jobId: "one" }] }]] })
    .add(otherVmId, { timeline: [[0, { jobs: [{ jobId: "two" }] }]] });
  const [one, other] = await Promise.all([reader.next(never), reader.next(never)]);
  expect(one).toBe(other);
  expect([lookAt(one, vmId, "primary"), lookAt(other, otherVmId, "primary")]).toMatchObject([
    { jobs: [{ jobId: "one" }] },
    { jobs: [{ jobId: "two" }] },
  ]);
});

test("a tick shares its reading with those who ask for the host as it is now", async () => {
  const { host, clock, reader } = readerOf([vmId]);
  host.onCall = async (_call, nth) => {
    if (nth === 1) await clock.sleep(5_000, never);
  };
  const [first, late, tick] = await Promise.all([reader.now(never), reader.now(never), reader.next(never)]);
  expect(tick).toBe(late);
  expect(tick).not.toBe(first);
  expect(host.log.count("readService")).toBe(2);
});

test("pauses grow by half up to 15 s", async () => {
  const { clock, reader } = readerOf([vmId]);
  for (let tick = 0; tick < 9; tick++) await reader.next(never);
  expect(clock.slept).toEqual([1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 11_390.625, 15_000, 15_000]);
});

test("pauses are spread by chance, and grow as before", async () => {
  const { clock, reader } = readerOf([vmId], 0);
  for (let tick = 0; tick < 3; tick++) await reader.next(never);
  expect(clock.slept).toEqual([900, 1_350, 2_025]);
});

test("a look at the host as it is now does not change the pauses", async () => {
  const { clock, reader } = readerOf([vmId]);
  await reader.next(never);
  await reader.now(never);
  await reader.next(never);
  expect(clock.slept).toEqual([1_000, 1_500]);
});

test("a VM that joins makes the next pause the shortest again", async () => {
  const { clock, reader } = readerOf([vmId, otherVmId]);
  for (let tick = 0; tick < 4; tick++) await reader.next(never);
  reader.join();
  await reader.next(never);
  expect(clock.slept.at(-1)).toBe(1_000);
});

test("a VM that joins in the middle of a pause makes the one after it the shortest", async () => {
  const { clock, reader } = readerOf([vmId, otherVmId]);
  for (let tick = 0; tick < 4; tick++) await reader.next(never);
  const reading = reader.next(never);
  reader.join();
  await Promise.all([reading, reader.next(never)]);
  await reader.next(never);
  expect(clock.slept.slice(-2)).toEqual([5_062.5, 1_000]);
});

test("the error of a tick reaches everybody who waits", async () => {
  const { host, reader } = readerOf([vmId, otherVmId]);
  host.onCall = () => {
    throw away;
  };
  const waits = await Promise.allSettled([reader.next(never), reader.next(never)]);
  expect(waits).toEqual([
    { status: "rejected", reason: away },
    { status: "rejected", reason: away },
  ]);
});

test("after a tick that failed the next one is read", async () => {
  const { host, reader } = readerOf([vmId]);
  host.onCall = (_call, nth) => {
    if (nth === 1) throw away;
  };
  await expect(reader.next(never)).rejects.toThrow("the host is away");
  expect((await reader.next(never)).vms.has(vmId)).toBe(true);
});

test("what is thrown and is not an error becomes one", async () => {
  const { host, reader } = readerOf([vmId]);
  host.onCall = async () => {
    throwValue("away");
  };
  await expect(reader.next(never)).rejects.toEqual(new Error("away"));
});

test("a clock that fails ends every wait instead of hanging it", async () => {
  const { host, clock, reader } = readerOf([vmId]);
  clock.sleep = async () => Promise.reject(new Error("no time left"));
  const waits = await Promise.allSettled([reader.next(never), reader.next(never)]);
  expect(waits.map((end) => end.status === "rejected" && String(end.reason))).toEqual([
    "Error: no time left",
    "Error: no time left",
  ]);
  expect(host.log.calls).toEqual([]);
});

test("one who stops waiting does not disturb the others", async () => {
  const { host, clock, reader } = readerOf([vmId, otherVmId]);
  const controller = new AbortController();
  const stopped = reader.next(controller.signal);
  const going = reader.next(never);
  controller.abort(new Error("stopped"));
  await expect(stopped).rejects.toThrow("stopped");
  expect((await going).vms.has(otherVmId)).toBe(true);
  expect(host.log.count("readVms")).toBe(1);
  expect(clock.slept).toEqual([1_000]);
});

test("when nobody waits any more the pause ends, and the host is not read", async () => {
  const { host, clock, reader } = readerOf([vmId]);
  const sleep = clock.sleep.bind(clock);
  const ends: string[] = [];
  clock.sleep = async (delayMs, signal) => {
    await sleep(delayMs, signal).finally(() => ends.push(signal.aborted ? "ended" : "over"));
  };
  const controller = new AbortController();
  const stopped = reader.next(controller.signal);
  controller.abort(new Error("stopped"));
  await expect(stopped).rejects.toThrow("stopped");
  await settled();
  expect(ends).toEqual(["ended"]);
  expect(host.log.calls).toEqual([]);
});

test("when nobody waits any more the reading of the tick ends", async () => {
  const { host, reader } = readerOf([vmId]);
  const controller = new AbortController();
  host.onCall = () => {
    controller.abort(new Error("stopped"));
  };
  await expect(reader.next(controller.signal)).rejects.toThrow("stopped");
  await settled();
  expect(host.log.calls.map(({ operation }) => operation)).toEqual(["readResyncJobs"]);
});

test("one who comes as the last one goes is served", async () => {
  const { reader } = readerOf([vmId, otherVmId]);
  const controller = new AbortController();
  const stopped = reader.next(controller.signal);
  controller.abort(new Error("stopped"));
  const going = reader.next(never);
  await expect(stopped).rejects.toThrow("stopped");
  expect((await going).vms.has(otherVmId)).toBe(true);
});

test("one who comes in the middle of a reading gets the next one", async () => {
  const { host, clock, reader } = readerOf([vmId, otherVmId]);
  let late: Promise<HostReading> | undefined;
  host.onCall = ({ operation }) => {
    if (operation === "readVms") late ??= reader.next(never);
  };
  await reader.next(never);
  expect((await late)?.vms.has(otherVmId)).toBe(true);
  expect(host.log.count("readVms")).toBe(2);
  expect(clock.slept).toEqual([1_000, 1_500]);
});

test("one who waits for the tick after a reading and stops does not end the reading", async () => {
  const { host, reader } = readerOf([vmId]);
  const controller = new AbortController();
  let late: Promise<unknown> | undefined;
  host.onCall = ({ operation }) => {
    if (operation !== "readVms") return;
    late = reader.next(controller.signal).catch((error: unknown) => error);
    controller.abort(new Error("stopped"));
  };
  expect((await reader.next(never)).vms.has(vmId)).toBe(true);
  await expect(late).resolves.toEqual(new Error("stopped"));
});

test("who has stopped already is not served at all", async () => {
  const { clock, reader } = readerOf([vmId]);
  await expect(reader.next(AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
  expect(clock.slept).toEqual([]);
});

test("while the management service does not run nothing counts that was read", async () => {
  const { host, reader } = readerOf([]);
  host.add(vmId, { timeline: [[0, { service: false, jobs: [{}] }]] });
  await expect(reader.next(never)).resolves.toEqual({ service: undefined, vms: new Map(), jobs: [] });
});

test.each(["now", "next"] as const)(
  "%s leaves nothing behind on a signal, whether a reading succeeds, fails or is stopped",
  async (how) => {
    const { host, reader } = readerOf([vmId]);
    const controller = new AbortController();
    await reader[how](controller.signal);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    host.onCall = () => {
      throw away;
    };
    await expect(reader[how](controller.signal)).rejects.toThrow("the host is away");
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    const stopped = reader[how](controller.signal);
    controller.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  },
);
