import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isReplicaResyncError } from "../../provider/core/errors";
import { jobStates } from "../../provider/core/hyperv/jobState";
import { findVm, type VmSelector } from "../../provider/core/host/findVm";
import type { CallOptions, ReplicationHost, VmReading } from "../../provider/core/host/ports";
import { replicationStates, resynchronizingState } from "../../provider/core/hyperv/replicationState";
import { completedWithoutJob, isAccepted } from "../../provider/core/hyperv/returnCode";
import { connectionSchema } from "../../provider/connection/fields";
import { type ResolvedConnection, withDefaults } from "../../provider/connection/defaults";
import { openHost } from "../../provider/connection/openHost";

// The contract against a host that is not a simulation, where these name one:
// - HYPERV_REPLICA_TEST_HOST, HYPERV_REPLICA_TEST_USERNAME, HYPERV_REPLICA_TEST_PASSWORD: nothing is changed there,
//   but one authentication with a wrong password counts towards the account's lockout;
// - HYPERV_REPLICA_TEST_TRANSPORT (wsman or powershell; wsman), _PORT, _TLS (true or false);
// - HYPERV_REPLICA_TEST_VM: name or GUID of a VM that is replicated, and read;
// - HYPERV_REPLICA_TEST_RESYNC_VM: name or GUID of a VM that is read and resynchronized. No other ever is.

/** `undefined` where no host is named. @throws when a variable holds what a connection does not take. */
function connectionFromEnvironment(): ResolvedConnection | undefined {
  const host = variable("HOST");
  const username = variable("USERNAME");
  const password = variable("PASSWORD");
  if (host === undefined || username === undefined || password === undefined) return undefined;
  const port = variable("PORT");
  const tls = variable("TLS");
  const connection = connectionSchema.parse({
    host,
    username,
    password,
    transport: variable("TRANSPORT") ?? "wsman",
    ...(port !== undefined && { port: Number(port) }),
    ...(tls !== undefined && { tls: tls === "true" || (tls === "false" ? false : tls) }),
  });
  return withDefaults(connection, process.platform);
}

function variable(name: string): string | undefined {
  const value = process.env[`HYPERV_REPLICA_TEST_${name}`];
  return value === "" ? undefined : value;
}

const guidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Clocks may differ; less than any two time zones do. */
const mostSkewMs = 10 * 60_000;
/** How often a host is asked for the trace of a call, a second apart. */
const looks = 30;

const connection = connectionFromEnvironment();
const resyncVm = variable("RESYNC_VM");
const readVm = resyncVm ?? variable("VM");

const options = (): CallOptions => ({ signal: AbortSignal.timeout(60_000) });

async function findOne(host: ReplicationHost, wanted: string): Promise<VmReading> {
  const selector: VmSelector = guidForm.test(wanted.toLowerCase()) ? { vmId: wanted } : { vmName: wanted };
  const reading = { service: await host.readService(options()), vms: await host.readVms(options()), jobs: [] };
  return findVm(reading, selector, host.address);
}

if (connection === undefined) {
  test.skip("a real host is read as the contract says, where the environment names one", () => undefined);
} else {
  describe("a real host", () => {
    const opened: ReplicationHost[] = [];
    const open = (more: { password?: string } = {}): ReplicationHost => {
      const { host } = openHost({ ...connection, ...more }, process.platform);
      opened.push(host);
      return host;
    };
    afterEach(async () => {
      for (const host of opened.splice(0)) await host.close();
    });

    test("has a service with the name of a computer, and the time", async () => {
      const service = await open().readService(options());
      expect(service?.hostName).toMatch(/^[^\s\\/:*?"<>|]{1,63}$/);
      expect(Math.abs(Date.parse(service?.hostTime ?? "") - Date.now())).toBeLessThan(mostSkewMs);
    });

    test("shows its jobs, each with a VM and a state that is known", async () => {
      for (const job of await open().readResyncJobs(options())) {
        expect(job.vmId).toMatch(guidForm);
        expect([...jobStates.keys()]).toContain(job.jobState);
      }
    });

    test("does not have a VM that nobody made", async () => {
      const host = open();
      const vmId = randomUUID();
      const vms = await host.readVms(options());
      expect(vms.size).toBeGreaterThan(0);
      expect(vms.has(vmId)).toBe(false);
      expect(await host.readVm(vmId, options())).toBeUndefined();
    });

    test("refuses a wrong password", async () => {
      const host = open({ password: `${connection.password ?? ""} and more` });
      const error = await host.readService(options()).catch((reason: unknown) => reason);
      expect(isReplicaResyncError(error) ? error.code : error).toBe("AUTH_FAILED");
    });

    (readVm === undefined ? test.skip : test)("shows a machine by name and by GUID, with its links", async () => {
      const host = open();
      const found = await findOne(host, readVm ?? "");
      expect(found.vmId).toMatch(guidForm);
      expect(await findOne(host, found.vmId.toUpperCase())).toEqual(found);
      const reading = await host.readVm(found.vmId, options());
      expect(reading).toEqual((await host.readVms(options())).get(found.vmId));
      expect(reading).toMatchObject({ vmId: found.vmId, vmName: found.vmName });
      expect(reading?.relationships).not.toEqual([]);
      for (const { replicationState } of reading?.relationships ?? [])
        expect([...replicationStates.keys()]).toContain(replicationState);
    });

    (resyncVm === undefined ? test.skip : test)(
      "begins a resync of the VM named for it",
      async () => {
        const host = open();
        const { vmId } = await findOne(host, resyncVm ?? "");
        const { returnCode, jobId } = await host.startResync({ vmId }, options());
        expect(isAccepted(returnCode)).toBe(true);
        let isSeen = returnCode === completedWithoutJob;
        for (let look = 0; look < looks && !isSeen; look++) {
          if (look > 0) await delay(1_000);
          const jobs = await host.readResyncJobs(options());
          const links = (await host.readVm(vmId, options()))?.relationships ?? [];
          isSeen =
            jobs.some((job) => job.jobId === jobId && job.vmId === vmId) ||
            links.some(({ replicationState }) => replicationState === resynchronizingState);
        }
        expect(isSeen).toBe(true);
      },
      120_000,
    );
  });
}
