import { isReplicaResyncError } from "../../provider/core/errors";
import type { CallOptions, ReplicationHost } from "../../provider/core/host/ports";
import type { ScenarioInput } from "../../provider/simulator";
import type { OpenDoor, OpenedDoor } from "./openDoor";
import { switchContract } from "./switchContract";

const webId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const appId = "0b0e7a52-6f0e-4b52-9d5c-0d6a1f7f8f11";
const start = "2030-01-07T12:00:00.000Z";

const web01 = { name: "web01", id: webId, state: "resynchronizationRequired", resync: { seconds: 100 } } as const;
const app01 = { ...web01, name: "app01", id: appId, mode: "replica", extended: true } as const;

/** Time stands still but for `advanceClock`: what a test sees depends on nothing else. */
function scenarioOf(machines: ScenarioInput["machines"], more: Partial<ScenarioInput> = {}): ScenarioInput {
  return { name: "HV01", clock: { speed: 0, start }, machines, ...more };
}

const options = (): CallOptions => ({ signal: new AbortController().signal });

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isReplicaResyncError(error) ? { code: error.code, effect: error.effect } : error;
}

/**
 * What every `ReplicationHost` does, whatever it talks through. Called once for each transport. `refusedCode`: what it gives
 * for credentials that are refused; over SSH, PowerShell says no more than that no session came about.
 */
export function replicationHostContract(
  name: string,
  openDoor: OpenDoor,
  { refusedCode = "AUTH_FAILED" }: { readonly refusedCode?: "AUTH_FAILED" | "UNREACHABLE" } = {},
): void {
  switchContract(name, openDoor);
  describe(`${name} as a ReplicationHost`, () => {
    const opened: ReplicationHost[] = [];
    afterEach(async () => {
      for (const host of opened.splice(0)) await host.close();
    });

    async function open(...given: Parameters<OpenDoor>): Promise<OpenedDoor> {
      const door = await openDoor(...given);
      opened.push(door.host);
      return door;
    }

    test("reads the service with the host's own name and time", async () => {
      const { host, administration } = await open(scenarioOf([]));
      await administration.advanceClock(60);
      expect(await host.readService(options())).toEqual({ hostName: "HV01", hostTime: "2030-01-07T12:01:00.000Z" });
    });

    test("sees no service, no VM and no job while the service is stopped", async () => {
      const { host } = await open(scenarioOf([{ ...web01, state: "resynchronizing" }], { service: "stopped" }));
      expect(await host.readService(options())).toBeUndefined();
      expect((await host.readVms(options())).size).toBe(0);
      expect(await host.readVm(webId, options())).toBeUndefined();
      expect(await host.readResyncJobs(options())).toEqual([]);
    });

    test("reads every VM by its GUID in lower case, and not the host itself", async () => {
      const { host } = await open(scenarioOf([web01, { ...app01, name: "Web01" }]));
      const vms = await host.readVms(options());
      expect([...vms.keys()]).toEqual([webId, appId]);
      expect(vms.get(webId)).toMatchObject({ vmId: webId, vmName: "web01", replicationMode: 1, enabledState: 2 });
      expect(vms.get(appId)).toMatchObject({ vmName: "Web01", replicationMode: 2, enabledState: 3 });
    });

    test("reads one VM by its keys as it is among all, and none that is not there", async () => {
      const { host, administration } = await open(scenarioOf([web01, app01, { name: "db01" }]));
      const vms = await host.readVms(options());
      await administration.readJournal();
      expect(await host.readVm(appId, options())).toEqual(vms.get(appId));
      expect(await host.readVm(webId, options())).toEqual(vms.get(webId));
      expect(await host.readVm("00000000-0000-4000-8000-000000000000", options())).toBeUndefined();
    });

    test.each(hostileNames)("keeps the name %j as it is", async (vmName) => {
      const { host } = await open(scenarioOf([{ ...web01, name: vmName }]));
      expect((await host.readVms(options())).get(webId)).toMatchObject({ vmName });
      expect(await host.readVm(webId, options())).toMatchObject({ vmName });
    });

    test("reads both relationships of a replica that is replicated on", async () => {
      const { host } = await open(scenarioOf([{ ...app01, healthReasons: ["Größe"], recoveryHost: "hv03" }]));
      const readings = await host.readVms(options());
      expect(readings.get(appId)).toEqual({
        vmId: appId,
        vmName: "app01",
        replicationMode: 2,
        enabledState: 3,
        relationships: [
          {
            kind: "primary",
            replicationState: 3,
            replicationHealth: 1,
            lastReplicationTime: start,
            primaryHost: "HVPRIMARY",
            recoveryHost: "HV01",
            providerId: "22391cdc-272c-4ddf-ba88-9befb1a0975c",
          },
          {
            kind: "extended",
            replicationState: 9,
            replicationHealth: 3,
            lastReplicationTime: "2030-01-07T11:00:00.000Z",
            primaryHost: "HV01",
            recoveryHost: "hv03",
            providerId: "22391cdc-272c-4ddf-ba88-9befb1a0975c",
          },
        ],
      });
      expect(await host.readHealthReasons({ vmId: appId, kind: "primary" }, options())).toEqual([]);
      expect(await host.readHealthReasons({ vmId: appId, kind: "extended" }, options())).toEqual(["Größe"]);
    });

    test("reads a window for automatic resyncs, another provider, and never as no time", async () => {
      const provider = "00000000-1111-4222-8333-444444444444";
      const autoResync = { windowStart: "18:30", windowEnd: "06:05" };
      const { host } = await open(scenarioOf([{ ...web01, provider, autoResync, lastReplicationTime: "never" }]));
      const link = (await host.readVms(options())).get(webId)?.relationships[0];
      expect(link).toMatchObject({ providerId: provider, autoResync });
      expect(link).not.toHaveProperty("lastReplicationTime");
    });

    test("reads a VM without replication, and leaves out one that is not there", async () => {
      const { host } = await open(scenarioOf([{ ...web01, mode: "none", state: undefined }]));
      expect([...(await host.readVms(options()))]).toMatchObject([[webId, { replicationMode: 0, relationships: [] }]]);
    });

    test("asks each class once for any number of VMs", async () => {
      const machines = [{ name: "a" }, { name: "b" }, { ...web01, state: "resynchronizing" }] as const;
      const { host, administration } = await open(scenarioOf([...machines]));
      expect((await host.readVms(options())).size).toBe(3);
      expect((await administration.readJournal()).map(({ operation }) => operation)).toEqual([
        "Enumerate Msvm_ComputerSystem",
        "Enumerate Msvm_ReplicationRelationship",
        "Enumerate Msvm_ReplicationSettingData",
      ]);
    });

    test("starts a resync with exactly one call and shows its job to the end", async () => {
      const { host, administration } = await open(scenarioOf([web01]));
      const { returnCode, jobId } = await host.startResync({ vmId: webId }, options());
      expect(returnCode).toBe(4096);
      await administration.advanceClock(50);
      const running = {
        jobId,
        vmId: webId,
        jobType: 107,
        jobState: 4,
        percentComplete: 50,
        errorCode: 0,
        errorDescription: "",
        startTime: start,
        scheduledStartTime: start,
        timeOfLastStateChange: "2030-01-07T12:00:01.000Z",
      };
      expect(await host.readResyncJobs(options())).toEqual([running]);
      await administration.advanceClock(50);
      expect(await host.readResyncJobs(options())).toMatchObject([
        { jobState: 7, percentComplete: 100, timeOfLastStateChange: "2030-01-07T12:01:40.000Z" },
      ]);
      await administration.advanceClock(300);
      expect(await host.readResyncJobs(options())).toEqual([]);
      const calls = (await administration.readJournal()).filter(({ operation }) => operation === "Resynchronize");
      expect(calls).toMatchObject([{ machine: "web01", machineId: webId, returnValue: 4096, jobId }]);
    });

    test("shows a job of the extended relationship as such, and a failure with code and text", async () => {
      const resync = {
        seconds: 10,
        end: "exception",
        errorCode: 32773,
        errorDescription: "Datenträger <fehlt> & mehr",
      } as const;
      const { host, administration } = await open(scenarioOf([{ ...app01, resync }]));
      await host.startResync({ vmId: appId }, options());
      await administration.advanceClock(10);
      expect(await host.readResyncJobs(options())).toMatchObject([
        { jobType: 121, jobState: 10, errorCode: 32773, errorDescription: resync.errorDescription },
      ]);
    });

    test("carries a start time to the host", async () => {
      const { host } = await open(scenarioOf([web01]));
      await host.startResync({ vmId: webId, startTime: "2030-01-08T01:02:03Z" }, options());
      const [job] = await host.readResyncJobs(options());
      expect(job).toMatchObject({ jobState: 2, scheduledStartTime: "2030-01-08T01:02:03.000Z" });
      expect(job).not.toHaveProperty("startTime");
    });

    test("shows the job of an initial replication, and none that has nothing to do with a resync", async () => {
      const machines = [
        { ...web01, state: "waitingToCompleteInitialReplication" },
        { ...app01, state: "replicating" },
      ] as const;
      const { host } = await open(scenarioOf([...machines], { switches: { stateChange: "job" } }));
      const request = { vmId: appId, kind: "extended", requestedState: 7 } as const;
      expect((await host.requestReplicationState(request, options())).returnCode).toBe(4096);
      expect(await host.readResyncJobs(options())).toMatchObject([{ vmId: webId, jobType: 117 }]);
    });

    test.each([0, 32768, 32769, 32770, 32771, 32772, 32773, 32774, 32775, 32776, 32777, 32778, 32779, 77])(
      "hands the return value %i on as it is, without a job",
      async (returnCode) => {
        const { host } = await open(scenarioOf([{ ...web01, resync: { returnCode } }]));
        expect(await host.startResync({ vmId: webId }, options())).toEqual({ returnCode });
      },
    );

    test("suspends, resumes and cancels the relationship that is named", async () => {
      const { host, administration } = await open(scenarioOf([{ ...app01, state: "replicating" }]));
      const states = async () => (await administration.readMachine("app01")).links.map((link) => link.replicationState);
      const request = async (requestedState: 3 | 7 | 9, kind: "primary" | "extended") =>
        (await host.requestReplicationState({ vmId: appId, kind, requestedState }, options())).returnCode;
      expect([await request(7, "extended"), await states()]).toEqual([0, [3, 7]]);
      expect([await request(7, "primary"), await states()]).toEqual([0, [7, 7]]);
      expect([await request(3, "extended"), await states()]).toEqual([0, [7, 3]]);
      expect([await request(9, "extended"), await states()]).toEqual([32775, [7, 3]]);
      await administration.setState("app01", "resynchronizing");
      expect([await request(9, "extended"), await states()]).toEqual([0, [7, 9]]);
    });

    test("shows an account without rights an empty list, and gives it the host's refusal", async () => {
      const accounts = [{ user: "guest", password: "x", rights: "none" }] as const;
      const { host } = await open(scenarioOf([web01], { accounts: [...accounts] }), {
        username: "guest",
        password: "x",
      });
      expect(await host.readService(options())).toMatchObject({ hostName: "HV01" });
      expect((await host.readVms(options())).size).toBe(0);
      expect(await host.readVm(webId, options())).toBeUndefined();
      expect(await host.startResync({ vmId: webId }, options())).toEqual({ returnCode: 32769 });
    });

    test("says that access is denied when the host answers with that fault", async () => {
      const accounts = [{ user: "reader", password: "x", rights: "read" }] as const;
      const { host } = await open(
        scenarioOf([web01], { accounts: [...accounts], switches: { withoutRights: "fault" } }),
      );
      expect(await codeOf(host.startResync({ vmId: webId }, options()))).toEqual({
        code: "ACCESS_DENIED",
        effect: "none",
      });
    });

    test("refuses a wrong password without a call", async () => {
      const { host, administration } = await open(scenarioOf([web01]), { username: "operator", password: "wrong" });
      const refused = { code: refusedCode, effect: "none" };
      expect(await codeOf(host.readService(options()))).toEqual(refused);
      expect(await codeOf(host.startResync({ vmId: webId }, options()))).toEqual(refused);
      expect(await administration.readJournal()).toEqual([]);
    });

    test("says that a host does not answer, and reads it again once it does", async () => {
      const { host, administration } = await open(scenarioOf([web01], { reachable: false }));
      expect(await codeOf(host.readService(options()))).toEqual({ code: "UNREACHABLE", effect: "none" });
      expect(await codeOf(host.startResync({ vmId: webId }, options()))).toEqual({
        code: "UNREACHABLE",
        effect: "none",
      });
      await administration.setReachable(true);
      expect(await host.readService(options())).toMatchObject({ hostName: "HV01" });
    });

    test("does not know what became of a start whose reply was lost, and never repeats it", async () => {
      for (const [kind, calls] of [
        ["lostReplyBefore", 0],
        ["lostReplyAfter", 1],
      ] as const) {
        const { host, administration } = await open(
          scenarioOf([web01], { faults: [{ operation: "Resynchronize", kind }] }),
        );
        expect(await codeOf(host.startResync({ vmId: webId }, options()))).toEqual({
          code: "SESSION_LOST",
          effect: "unknown",
        });
        const journal = await administration.readJournal();
        expect(journal.filter(({ operation }) => operation === "Resynchronize")).toHaveLength(calls);
        expect(await host.readResyncJobs(options())).toHaveLength(calls);
      }
    });

    test("loses nothing with the reply to a read", async () => {
      const { host } = await open(
        scenarioOf([], { faults: [{ operation: "Enumerate Msvm_ReplicationService", kind: "lostReplyAfter" }] }),
      );
      expect(await codeOf(host.readService(options()))).toEqual({ code: "SESSION_LOST", effect: "none" });
      expect(await host.readService(options())).toBeDefined();
    });

    test("says that a VM is gone whose state is to be changed", async () => {
      const { host } = await open(scenarioOf([]));
      const request = { vmId: webId, kind: "primary", requestedState: 7 } as const;
      expect(await codeOf(host.requestReplicationState(request, options()))).toEqual({
        code: "NOT_FOUND",
        effect: "none",
      });
    });

    test("makes no call for a signal that is aborted already", async () => {
      const { host, administration } = await open(scenarioOf([web01]));
      const stopped = { signal: AbortSignal.abort(new Error("stop")) };
      expect(await codeOf(host.startResync({ vmId: webId }, stopped))).toEqual({ code: "CANCELLED", effect: "none" });
      expect(await administration.readJournal()).toEqual([]);
    });

    test("ends a call at once when its signal is aborted, and does not know what became of a start", async () => {
      // The clock stands still: without the signal neither reply would ever come.
      const service = "Enumerate Msvm_ReplicationService";
      const faults = [
        { operation: service, kind: "slowReply" },
        { operation: "Resynchronize", kind: "slowReply" },
      ] as const;
      const { host, administration } = await open(scenarioOf([web01], { faults: [...faults] }));
      for (const [call, operation, effect] of [
        ["readService", service, "none"],
        ["startResync", "Resynchronize", "unknown"],
      ] as const) {
        const stop = new AbortController();
        const { signal } = stop;
        const pending = codeOf(
          call === "readService" ? host.readService({ signal }) : host.startResync({ vmId: webId }, { signal }),
        );
        const isSeen = async () => (await administration.readJournal()).some((line) => line.operation === operation);
        while (!(await isSeen())) await new Promise((resolve) => setTimeout(resolve, 10));
        stop.abort(new Error("stop"));
        expect(await pending).toEqual({ code: "CANCELLED", effect });
      }
    });

    test("brings the host's clock, whose sleep ends at once when it is aborted", async () => {
      const { host, clock, administration } = await open(scenarioOf([]));
      await host.readService(options());
      await administration.advanceClock(60);
      await host.readService(options());
      expect(clock.now()).toBe(Date.parse(start) + 60_000);
      const stop = new AbortController();
      const sleeping = clock.sleep(3_600_000, stop.signal);
      stop.abort(new RangeError("stop"));
      await expect(sleeping).rejects.toThrow(RangeError);
    });

    test("can be closed twice", async () => {
      const { host } = await open(scenarioOf([]));
      await host.close();
      await expect(host.close()).resolves.toBeUndefined();
    });
  });
}

const hostileNames = [
  `it's "quoted"`,
  "$(throw 1) `n ${env:TEMP}",
  "]]><x/>&amp;",
  "a\\b\\HVR\\0",
  "Größe 東京 \u{1F5A5}",
  "tab\tand\nline\r\nend",
  " spaces around ",
  "' OR 1=1 --",
  "%s %d {0}",
  "__proto__",
  "constructor",
  "\u202Egnirts",
] as const;
