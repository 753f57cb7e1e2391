import {
  findRunning,
  isRunningResync,
  isScheduledAhead,
  jobIdsOf,
  observe,
  resolveVm,
  sameSecond,
} from "../../../../provider/core/host/observe";
import type { ReplicationHost } from "../../../../provider/core/host/ports";
import { job, link, observation, otherVmId, service, vm, vmId, vmWith } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const finding = { host: "HV01", vm: "web01", step: "find the machine" };
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
    message: `web01 on HV01: 2 machines have this name: ${vmId}, ${otherVmId}. Name the machine by its GUID`,
    context: finding,
  });
});

test.each([
  [["web02", "web03"], "; did you mean web02, web03"],
  [[], ""],
])("a machine that is not there is not found, with the names that resemble: %j", async (nearestNames, meant) => {
  const host = hostWith({ findVms: async () => ({ matches: [], visibleVms: 3, nearestNames }) });
  await expect(resolveVm(host, { vmName: "web01" }, options)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: `web01 on HV01: no such machine among the 3 the account sees${meant}. Looked on this host only; if the machine is clustered, name the nodes in \`hosts\``,
    context: finding,
  });
});

test("an account that sees no machine at all is told what missing rights look like", async () => {
  const host = hostWith({ findVms: async () => ({ matches: [], visibleVms: 0, nearestNames: [] }) });
  await expect(resolveVm(host, { vmId }, options)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: `${vmId} on HV01: no such machine; the account sees no machine at all. That is what missing rights look like: put the account into Hyper-V Administrators (S-1-5-32-578) on this host`,
    context: { ...finding, vm: vmId },
  });
});

test.each([
  ["resolveVm", async (host: ReplicationHost) => resolveVm(host, { vmId }, options)],
  ["observe", async (host: ReplicationHost) => observe(host, vmId, "primary", options)],
])("%s says so when the management service does not run, and looks for no machine", async (_name, read) => {
  const host = hostWith({ readService: async () => undefined });
  await expect(read(host)).rejects.toMatchObject({
    code: "REFUSED",
    message:
      "on HV01: the host has no replication service to ask. Start the Hyper-V Virtual Machine Management service (vmms) there, and check that the Hyper-V role is installed",
    context: { host: "HV01", step: "read the replication service" },
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

test("a machine is read and looked for by its GUID; one that went away is not found", async () => {
  const asked: unknown[] = [];
  const host = hostWith({
    readReplication: async (vmIds) => {
      asked.push(vmIds);
      return new Map();
    },
    findVms: async (selector) => {
      asked.push(selector);
      return { matches: [], visibleVms: 5, nearestNames: [] };
    },
  });
  await expect(observe(host, vmId, "primary", options)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(asked).toEqual([[vmId], { vmId }]);
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

test("of a machine's jobs the one that runs now is found, and none where none runs", () => {
  const ended = job({ jobId: "job-0", jobState: 7 });
  const ahead = job({ jobId: "job-2", jobState: 2, scheduledStartTime: atSecond(600) });
  expect(findRunning(observation({ jobs: [ended, ahead, job()] }), "primary")).toEqual(job());
  expect(findRunning(observation({ jobs: [ended, ahead] }), "primary")).toBeUndefined();
});

test.each([
  [atSecond(1), atSecond(1), true],
  [atSecond(1), atSecond(1.9), true],
  [atSecond(1), atSecond(2), false],
  [atSecond(1), atSecond(0.9), false],
  [undefined, atSecond(1), false],
  [atSecond(1), undefined, false],
  [undefined, undefined, false],
])("%s and %s are the same second: %s", (one, other, expected) => {
  expect(sameSecond(one, other)).toBe(expected);
});

test("the jobs that are there are known by their ids", () => {
  expect(jobIdsOf(observation({ jobs: [job(), job({ jobId: "job-2" })] }))).toEqual(new Set(["job-1", "job-2"]));
});
