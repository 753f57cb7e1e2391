import {
  findRunning,
  type HostReading,
  jobIdsOf,
  lookAt,
  noService,
  observationOf,
  vmNotFound,
} from "../../../../provider/core/host/observation";
import { job, link, observation, otherVmId, reading, service, vmId, vmWith } from "../../../support/builders";
import { atSecond } from "../../../support/fakeClock";

const links = [link({ kind: "extended" }), link()];
const vms = new Map([
  [vmId, vmWith(links)],
  [otherVmId, vmWith([link({ kind: "extended" })], { vmId: otherVmId })],
]);
const two: HostReading = { service: service(), vms, jobs: [job(), job({ jobId: "job-2", vmId: otherVmId })] };
const down: HostReading = { service: undefined, vms: new Map(), jobs: [] };

const noServiceError = {
  code: "REFUSED",
  effect: "none",
  message:
    "on HV01: the host's replication service is not available. Start the Hyper-V Virtual Machine Management service (vmms) on the host, and check that the Hyper-V role is installed",
  context: { host: "HV01", step: "read the replication service" },
};
const finding = { host: "HV01", vm: "web01", step: "find the VM" };

test.each([
  ["primary", links[1]],
  ["extended", links[0]],
] as const)("a reading shows a VM with its %s relationship and its own jobs", (kind, expected) => {
  expect(lookAt(two, vmId, kind)).toStrictEqual({
    service: service(),
    vm: vmWith(links),
    link: expected,
    jobs: [job()],
  });
});

test("a VM without a relationship of the kind is shown without it", () => {
  expect(lookAt(two, otherVmId, "primary")).toStrictEqual({
    service: service(),
    vm: vms.get(otherVmId),
    link: undefined,
    jobs: [job({ jobId: "job-2", vmId: otherVmId })],
  });
});

test("a reading of a host whose management service does not run shows nothing", () => {
  expect(lookAt(down, vmId, "primary")).toStrictEqual({ notShown: "service", service: undefined });
  expect(lookAt({ ...two, service: undefined }, vmId, "primary")).toStrictEqual({
    notShown: "service",
    service: undefined,
  });
});

test("a VM that is not there is not shown, and the service is", () => {
  expect(lookAt(two, "nobody", "primary")).toStrictEqual({ notShown: "vm", service: service() });
});

test("what has to be there is observed as it is shown", () => {
  expect(observationOf(two, vmId, "primary", "HV01")).toStrictEqual(lookAt(two, vmId, "primary"));
  const observed = observation({ jobs: [job()] });
  expect(observationOf(reading(observed), vmId, "primary", "HV01")).toStrictEqual(observed);
});

test("observing says so when the management service does not run", () => {
  expect(() => observationOf(down, vmId, "primary", "HV01")).toThrow(expect.objectContaining(noServiceError) as Error);
  expect(noService("HV01")).toMatchObject(noServiceError);
});

test("observing a VM that is not there says how many VMs the account sees", () => {
  const missing = "11111111-0000-4000-8000-000000000000";
  expect(() => observationOf(two, missing, "primary", "HV01")).toThrow(
    expect.objectContaining({
      code: "NOT_FOUND",
      effect: "none",
      message: `${missing} on HV01: no such VM among the 2 that the account sees. Only this host was searched: if the VM is on another one, set connection.host to that`,
      context: { ...finding, vm: missing },
    }) as Error,
  );
});

test.each([
  [["web02", "web03"], "; did you mean web02, web03"],
  [[], ""],
])("a VM that is not there is not found, with the names that resemble: %j", (nearest, meant) => {
  expect(vmNotFound("HV01", "web01", 3, nearest)).toMatchObject({
    code: "NOT_FOUND",
    effect: "none",
    message: `web01 on HV01: no such VM among the 3 that the account sees${meant}. Only this host was searched: if the VM is on another one, set connection.host to that`,
    context: finding,
  });
});

test("an account that sees no VM at all is told what missing rights look like", () => {
  expect(vmNotFound("HV01", "web01", 0, [])).toMatchObject({
    code: "NOT_FOUND",
    effect: "none",
    message:
      "web01 on HV01: no such VM; the account sees no VM at all. Missing rights look like this: add the account to the Hyper-V Administrators group (S-1-5-32-578) on this host",
    context: finding,
  });
  expect(vmNotFound("HV01", "web01", 1, []).message).toContain("among the 1 that the account sees.");
});

test("of a VM's jobs the one that runs now is found, and none where none runs", () => {
  const ended = job({ jobId: "job-0", jobState: 7 });
  const ahead = job({ jobId: "job-2", jobState: 2, scheduledStartTime: atSecond(600) });
  expect(findRunning(observation({ jobs: [ended, ahead, job()] }), "primary")).toEqual(job());
  expect(findRunning(observation({ jobs: [ended, ahead] }), "primary")).toBeUndefined();
});

test("the jobs that are there are known by their ids", () => {
  expect(jobIdsOf(observation({ jobs: [job(), job({ jobId: "job-2" })] }))).toEqual(new Set(["job-1", "job-2"]));
});
