import { isRunningResync, isScheduledAhead, observe, resolveVm } from "../../../provider/core/observe";
import type { ReplicationHost } from "../../../provider/core/ports";
import { job, link, otherVmId, service, vm, vmId, vmWith } from "../../support/builders";
import { atSecond } from "../../support/fakeClock";

const options = { signal: new AbortController().signal };

function hostWith(replies: Partial<ReplicationHost>): ReplicationHost {
  const unasked = async (): Promise<never> => {
    throw new Error("not asked for in this test");
  };
  return {
    address: "HV01",
    readService: async () => service(),
    findVms: unasked,
    readReplication: async () => new Map(),
    readResyncJobs: async () => [],
    startResync: unasked,
    requestReplicationState: unasked,
    close: unasked,
    ...replies,
  };
}

test("a name is resolved to its one machine and the host's own name", async () => {
  const host = hostWith({ findVms: async () => ({ matches: [vm()], visibleVms: 3, nearestNames: [] }) });
  await expect(resolveVm(host, { vmName: "web01" }, options)).resolves.toEqual({ vm: vm(), hostName: "HV01" });
});

test("several machines of one name are refused with their GUIDs", async () => {
  const matches = [vm(), vm({ vmId: otherVmId })];
  const host = hostWith({ findVms: async () => ({ matches, visibleVms: 3, nearestNames: [] }) });
  await expect(resolveVm(host, { vmName: "web01" }, options)).rejects.toMatchObject({
    code: "REFUSED",
    message: expect.stringContaining(`${vmId}, ${otherVmId}. Name the machine by its GUID`) as string,
  });
});

test("a machine that is not there is not found, with the names that resemble", async () => {
  const host = hostWith({ findVms: async () => ({ matches: [], visibleVms: 3, nearestNames: ["web02", "web03"] }) });
  await expect(resolveVm(host, { vmName: "web01" }, options)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringMatching(/did you mean web02, web03\. Looked on this host only.*`hosts`/) as string,
  });
});

test("an account that sees no machine at all is told what missing rights look like", async () => {
  const host = hostWith({ findVms: async () => ({ matches: [], visibleVms: 0, nearestNames: [] }) });
  await expect(resolveVm(host, { vmId }, options)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("S-1-5-32-578") as string,
  });
});

test.each([
  ["resolveVm", async (host: ReplicationHost) => resolveVm(host, { vmId }, options)],
  ["observe", async (host: ReplicationHost) => observe(host, vmId, "primary", options)],
])("%s says so when the management service does not run, and looks for no machine", async (_name, read) => {
  const host = hostWith({ readService: async () => undefined });
  await expect(read(host)).rejects.toMatchObject({
    code: "REFUSED",
    message: expect.stringContaining("vmms") as string,
  });
});

test("a machine is observed with its link of that kind and its own jobs", async () => {
  const links = [link({ kind: "extended" }), link()];
  const host = hostWith({
    readReplication: async () => new Map([[vmId, vmWith(links)]]),
    readResyncJobs: async () => [job(), job({ jobId: "job-2", vmId: otherVmId })],
  });
  await expect(observe(host, vmId, "primary", options)).resolves.toEqual({
    service: service(),
    vm: vmWith(links),
    link: links[1],
    jobs: [job()],
  });
});

test("a machine that went away is not found", async () => {
  const host = hostWith({ findVms: async () => ({ matches: [], visibleVms: 5, nearestNames: [] }) });
  await expect(observe(host, vmId, "primary", options)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test.each([
  [undefined, false],
  [atSecond(-1), false],
  [atSecond(0), false],
  [atSecond(5), false],
  [atSecond(6), true],
])("a job with the scheduled start %s is ahead: %s", (scheduledStartTime, expected) => {
  const one = job(scheduledStartTime === undefined ? {} : { scheduledStartTime });
  expect(isScheduledAhead(one, atSecond(0))).toBe(expected);
});

test.each([
  [107, 4, "primary", true],
  [107, 12, "primary", true],
  [107, 7, "primary", false],
  [107, 99, "primary", false],
  [121, 4, "primary", false],
  [121, 4, "extended", true],
  [117, 4, "primary", false],
] as const)("a job of type %d in state %d runs for the %s link: %s", (jobType, jobState, kind, expected) => {
  expect(isRunningResync(job({ jobType, jobState }), kind, atSecond(0))).toBe(expected);
});
