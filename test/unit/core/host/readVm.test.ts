import { ReplicaResyncError } from "../../../../provider/core/errors";
import type { ReplicationHost } from "../../../../provider/core/host/ports";
import { observeVm, readVmByKey, withHealthReasons } from "../../../../provider/core/host/readVm";
import { job, link, observation, otherVmId, service, vmId, vmWith } from "../../../support/builders";
import { lab } from "../../../support/fakeHost";

const options = { signal: new AbortController().signal };

/** A host with one VM, and everything that it is asked, in order. */
function hostWith(replies: Partial<ReplicationHost> = {}): { host: ReplicationHost; asked: unknown[][] } {
  const asked: unknown[][] = [];
  const unasked = async (): Promise<never> => {
    throw new Error("not asked for in this test");
  };
  const all: ReplicationHost = {
    address: "HV01",
    readService: async () => service(),
    readVms: unasked,
    readVm: async () => vmWith([link()]),
    readHealthReasons: unasked,
    readResyncJobs: async () => [job(), job({ jobId: "job-2", vmId: otherVmId })],
    startResync: unasked,
    requestReplicationState: unasked,
    close: unasked,
    ...replies,
  };
  const host = new Proxy(all, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        asked.push([name, ...args]);
        return Reflect.apply(member, target, args);
      };
    },
  });
  return { host, asked };
}

test("one VM is read by its GUID, after the jobs and before the service", async () => {
  const { host, asked } = hostWith();
  await expect(readVmByKey(host, vmId, options)).resolves.toStrictEqual({
    service: service(),
    vms: new Map([[vmId, vmWith([link()])]]),
    jobs: [job(), job({ jobId: "job-2", vmId: otherVmId })],
  });
  expect(asked).toStrictEqual([
    ["readResyncJobs", options],
    ["readVm", vmId, options],
    ["readService", options],
  ]);
});

test("of a VM that is not there all others are read, to say how many the account sees", async () => {
  const others = new Map([[otherVmId, vmWith([], { vmId: otherVmId })]]);
  const { host, asked } = hostWith({ readVm: async () => undefined, readVms: async () => others });
  await expect(readVmByKey(host, vmId, options)).resolves.toStrictEqual({
    service: service(),
    vms: others,
    jobs: [job(), job({ jobId: "job-2", vmId: otherVmId })],
  });
  expect(asked.at(-1)).toStrictEqual(["readVms", options]);
  await expect(observeVm(host, vmId, "primary", options)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: `${vmId} on HV01: no such VM among the 1 that the account sees. Only this host was searched: if the VM is on another one, set connection.host to that`,
  });
});

test("while the management service does not run nothing counts that was read, and no VM is looked for", async () => {
  const { host, asked } = hostWith({ readService: async () => undefined, readVm: async () => undefined });
  await expect(readVmByKey(host, vmId, options)).resolves.toStrictEqual({
    service: undefined,
    vms: new Map(),
    jobs: [],
  });
  expect(asked.map(([name]) => name)).toEqual(["readResyncJobs", "readVm", "readService"]);
  await expect(observeVm(host, vmId, "primary", options)).rejects.toMatchObject({
    code: "REFUSED",
    context: { host: "HV01", step: "read the replication service" },
  });
});

test("a VM is observed with its relationship of that kind and its own jobs", async () => {
  const links = [link({ kind: "extended" }), link()];
  const { host } = hostWith({ readVm: async () => vmWith(links) });
  await expect(observeVm(host, vmId, "primary", options)).resolves.toStrictEqual({
    service: service(),
    vm: vmWith(links),
    link: links[1],
    jobs: [job()],
  });
});

describe("why a relationship is not well", () => {
  const ill = (health: number, state = 9) => {
    const { healthReasons: _unasked, ...one } = link({ replicationHealth: health, replicationState: state });
    return observation({ link: one });
  };

  test.each([2, 3])("is asked for at health %d, of its kind", async (health) => {
    const { host, asked } = hostWith({ readHealthReasons: async () => ["a disk is missing"] });
    const before = observation({ link: link({ kind: "extended", replicationHealth: health }) });
    await expect(withHealthReasons(before, host, options)).resolves.toStrictEqual({
      ...before,
      link: { ...before.link, healthReasons: ["a disk is missing"] },
    });
    expect(asked).toStrictEqual([["readHealthReasons", { vmId, kind: "extended" }, options]]);
  });

  test.each([
    [0, 9],
    [1, 9],
    [3, 10],
  ])("is not asked for at health %d in state %d: there are no reasons", async (health, state) => {
    const { host, asked } = hostWith();
    const before = ill(health, state);
    await expect(withHealthReasons(before, host, options)).resolves.toStrictEqual({
      ...before,
      link: { ...before.link, healthReasons: [] },
    });
    expect(asked).toEqual([]);
  });

  test("is not asked for without a relationship", async () => {
    const { host, asked } = hostWith();
    const before = observation({ replicationState: null });
    await expect(withHealthReasons(before, host, options)).resolves.toBe(before);
    expect(asked).toEqual([]);
  });

  test("decorates only: where it cannot be read the observation stays as it is", async () => {
    const error = new ReplicaResyncError("ACCESS_DENIED", "no rights");
    const { host } = hostWith({ readHealthReasons: async () => Promise.reject(error) });
    const before = ill(3);
    await expect(withHealthReasons(before, host, options)).resolves.toBe(before);
  });

  test("costs nothing of what was read when the time for it is over", async () => {
    const { host, stop, context } = lab(vmId);
    host.onCall = stop;
    const before = ill(3);
    await expect(withHealthReasons(before, host, { signal: context.signal })).resolves.toBe(before);
  });
});
