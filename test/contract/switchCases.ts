import type { ReplicationHost, VmReplicationReading } from "../../provider/core/host/ports";
import { isReplicaResyncError } from "../../provider/core/errors";
import type { ScenarioInput } from "../../provider/simulator";
import type { Switches } from "../../provider/simulator/scenario/switches";
import type { OpenedDoor } from "./openDoor";

/** Opens a host whose one switch of the case is in the position of the case. */
type Open = (machines: ScenarioInput["machines"], more?: Partial<ScenarioInput>) => Promise<OpenedDoor>;

/** What a caller sees of one switch: the same observation, with another result for every position. */
export interface SwitchCase<Position extends string> {
  /** What is looked at. */
  readonly of: string;
  readonly observe: (open: Open) => Promise<unknown>;
  readonly expected: Readonly<Record<Position, unknown>>;
}

/** A switch or a position without a case does not compile. */
type SwitchCases = { readonly [Name in keyof Switches]: SwitchCase<Switches[Name]> };

const webId = "5f0c2a9e-0d1b-4c77-9a52-3c1d6b7e8f90";
const appId = "0b0e7a52-6f0e-4b52-9d5c-0d6a1f7f8f11";
const strangerId = "2c1f3a57-3f54-4d2b-8a0c-9b7a6d5e4f32";

/** When the clock of every case begins. */
export const switchCasesStart = "2030-01-07T12:00:00.000Z";

const web01 = { name: "web01", id: webId, state: "resynchronizationRequired", resync: { seconds: 100 } } as const;
const app01 = { ...web01, name: "app01", id: appId, mode: "replica", extended: true } as const;
const day = 86_400;

const signal = new AbortController().signal;

/** A timestamp, as so many seconds from the beginning. */
function at(seconds: number): string {
  return new Date(Date.parse(switchCasesStart) + seconds * 1000).toISOString();
}

/** The return code of a call, or the code of the error instead. */
async function codeOf(reply: Promise<{ returnCode: number }>): Promise<unknown> {
  try {
    return (await reply).returnCode;
  } catch (error) {
    if (isReplicaResyncError(error)) return error.code;
    throw error;
  }
}

async function start({ host }: OpenedDoor, vmId = webId, startTime?: string): Promise<unknown> {
  return codeOf(host.startResync({ vmId, ...(startTime === undefined ? {} : { startTime }) }, { signal }));
}

async function request({ host }: OpenedDoor, requestedState: 3 | 7 | 9): Promise<unknown> {
  return codeOf(host.requestReplicationState({ vmId: webId, kind: "primary", requestedState }, { signal }));
}

async function jobsOf(host: ReplicationHost) {
  return host.readResyncJobs({ signal });
}

/** `JobState` of every job, in the order in which they were made. */
async function jobStates({ host }: OpenedDoor): Promise<number[]> {
  return (await jobsOf(host)).map(({ jobState }) => jobState);
}

async function linksOf({ host }: OpenedDoor, vmId = webId): Promise<VmReplicationReading["relationships"]> {
  return (await host.readVms({ signal })).get(vmId)?.relationships ?? [];
}

/** `ReplicationState` of the VM's only relationship. */
async function state(door: OpenedDoor): Promise<number | undefined> {
  return (await linksOf(door))[0]?.replicationState;
}

async function pass({ administration }: OpenedDoor, seconds: number): Promise<void> {
  await administration.advanceClock(seconds);
}

/** A resync that has run for so many of its 100 seconds. */
async function running(open: Open, seconds: number): Promise<OpenedDoor> {
  const door = await open([web01]);
  await start(door);
  await pass(door, seconds);
  return door;
}

async function restart({ administration }: OpenedDoor): Promise<void> {
  await administration.stopService();
  await administration.startService();
}

/** Every switch of the simulated host, with what each of its positions looks like through a transport. */
export const switchCases: SwitchCases = {
  replicating: {
    of: "a call for a healthy link: what it returns, and the link's state",
    observe: async (open) => {
      const door = await open([{ ...web01, state: "replicating" }]);
      return [await start(door), await state(door)];
    },
    expected: { refused: [32775, 3], accepted: [4096, 9] },
  },
  alreadyRunning: {
    of: "a call while one runs: what it returns, the jobs then, 50 s after the end of the first, and after the second",
    observe: async (open) => {
      const door = await running(open, 10);
      const seen: unknown[] = [await start(door), await jobStates(door)];
      for (const seconds of [140, 60]) {
        await pass(door, seconds);
        seen.push([await state(door), ...(await jobStates(door))]);
      }
      return seen;
    },
    expected: {
      invalidState: [32775, [4], [3, 7], [3, 7]],
      inUse: [32774, [4], [3, 7], [3, 7]],
      failingJob: [4096, [4, 10], [3, 7, 10], [3, 7, 10]],
      sameJob: [4096, [4], [3, 7], [3, 7]],
      queued: [4096, [4, 2], [10, 7, 4], [3, 7, 7]],
    },
  },
  alreadyScheduled: {
    of: "a call that fails while another is put down for later: what it returns, the jobs, the link after that time",
    observe: async (open) => {
      const door = await open([{ ...web01, resync: [{ seconds: 100 }, { seconds: 10, end: "exception" }] }]);
      await start(door, webId, at(3600));
      const seen = [await start(door), await jobStates(door)];
      await pass(door, 3650);
      return [...seen, await state(door)];
    },
    expected: { replaced: [4096, [3], 9], kept: [4096, [2, 3], 10], refused: [32775, [2], 10] },
  },
  pausedResync: {
    of: "a call for a resync that is paused after 60 of its 100 s: what it returns, and the link 41 s later",
    observe: async (open) => {
      const door = await running(open, 60);
      await request(door, 7);
      const code = await start(door);
      await pass(door, 41);
      return [code, await state(door)];
    },
    expected: { fromZero: [4096, 10], continues: [4096, 3], refused: [32775, 11] },
  },
  machineNotRunning: {
    of: "calls for a primary that is off, saved, paused and running, and for a replica, which is always off",
    observe: async (open) => {
      const codes: unknown[] = [];
      for (const enabledState of ["off", "saved", "paused", "running"] as const) {
        codes.push(await start(await open([{ ...web01, enabledState }])));
      }
      return [...codes, await start(await open([app01]), appId)];
    },
    expected: { accepted: [4096, 4096, 4096, 4096, 4096], refused: [32775, 32775, 32775, 4096, 4096] },
  },
  notReplicated: {
    of: "a call for a machine without replication",
    observe: async (open) => start(await open([{ ...web01, mode: "none", state: undefined }])),
    expected: { invalidState: 32775, notSupported: 32770 },
  },
  replicaWithoutExtended: {
    of: "a call for a replica that is not replicated on",
    observe: async (open) => start(await open([{ ...web01, mode: "replica" }])),
    expected: { invalidState: 32775, notSupported: 32770 },
  },
  machineNotHere: {
    of: "a call for a machine of another host",
    observe: async (open) => start(await open([web01]), strangerId),
    expected: { invalidParameter: 32773, notFound: "NOT_FOUND" },
  },
  returnZero: {
    of: "a call that returns 0: the link at once and 50 s later, and the jobs",
    observe: async (open) => {
      const door = await open([{ ...web01, resync: { seconds: 100, returnCode: 0 } }]);
      const seen = [await start(door), await state(door)];
      await pass(door, 50);
      return [...seen, await state(door), await jobStates(door)];
    },
    expected: { completed: [0, 3, 3, []], begun: [0, 9, 10, []], nothing: [0, 9, 9, []] },
  },
  startTimeOutOfRange: {
    of: "calls with a start time a second ago, and a second more than 7 days ahead",
    observe: async (open) => {
      const door = await open([web01, app01]);
      return [await start(door, webId, at(-1)), await start(door, appId, at(7 * day + 1))];
    },
    expected: {
      refused: [32773, 32773],
      accepted: [4096, 4096],
      pastRefused: [32773, 4096],
      farRefused: [4096, 32773],
      invalidState: [32775, 32775],
    },
  },
  startTimeZone: {
    of: "a start time 3 h ahead, on a host whose local time is 2 h ahead of UTC",
    observe: async (open) => {
      const door = await open([web01], { clock: { speed: 0, start: switchCasesStart, utcOffsetMinutes: 120 } });
      await start(door, webId, at(3 * 3600));
      return (await jobsOf(door.host)).map(({ scheduledStartTime }) => scheduledStartTime);
    },
    expected: { offset: [at(3 * 3600)], hostLocal: [at(3600)] },
  },
  scheduledStart: {
    of: "a call with a start time ahead: what it returns, and the jobs before and after that time",
    observe: async (open) => {
      const door = await open([web01]);
      const seen = [await start(door, webId, at(3600)), await jobStates(door)];
      await pass(door, 3650);
      return [...seen, await jobStates(door)];
    },
    expected: { job: [4096, [2], [4]], noJob: [0, [], [4]] },
  },
  scheduledLink: {
    of: "a suspended link whose resync is put down for later",
    observe: async (open) => {
      const door = await open([{ ...web01, state: "suspended" }]);
      await start(door, webId, at(3600));
      return state(door);
    },
    expected: { unchanged: 7, required: 9 },
  },
  waitingJob: {
    of: "jobs that wait for a time, and for a free transfer",
    observe: async (open) => {
      const other = { name: "db01", state: "resynchronizing" } as const;
      const door = await open([web01, app01, other], { maximumActiveTransfers: 1 });
      await start(door, webId, at(3600));
      await start(door, appId);
      return (await jobStates(door)).slice(1);
    },
    expected: { new: [2, 2], starting: [3, 3], queryPending: [12, 12] },
  },
  jobEnds: {
    of: "link and job half way, at the end of the resync, and 5 s later",
    observe: async (open) => {
      const door = await running(open, 50);
      const seen = [[await state(door), ...(await jobStates(door))]];
      for (const seconds of [50, 5]) {
        await pass(door, seconds);
        seen.push([await state(door), ...(await jobStates(door))]);
      }
      return seen;
    },
    expected: {
      // prettier-ignore
      withResync: [[10, 4], [3, 7], [3, 7]],
      // prettier-ignore
      early: [[10, 7], [3, 7], [3, 7]],
      // prettier-ignore
      late: [[10, 4], [3, 4], [3, 7]],
    },
  },
  endedJobTime: {
    of: "when the state of a running job changed, and that of an ended one",
    observe: async (open) => {
      const door = await running(open, 50);
      const times = [(await jobsOf(door.host))[0]?.timeOfLastStateChange];
      await pass(door, 50);
      return [...times, (await jobsOf(door.host))[0]?.timeOfLastStateChange];
    },
    expected: { end: [at(1), at(100)], absent: [at(1), undefined] },
  },
  jobOnRecoverySide: {
    of: "the jobs of a host that sends one resync and receives another",
    observe: async (open) => {
      const sends = { name: "web01", state: "resynchronizing" } as const;
      return jobStates(await open([sends, { ...sends, name: "app01", mode: "replica" }]));
    },
    expected: { shown: [4, 4], hidden: [4] },
  },
  lastReplicationInResync: {
    of: "when changes were last received, 650 s after a call",
    observe: async (open) => {
      const door = await open([{ ...web01, resync: { seconds: 1000 } }]);
      await start(door);
      await pass(door, 650);
      return (await linksOf(door))[0]?.lastReplicationTime;
    },
    expected: { standsStill: at(-3600), follows: at(601) },
  },
  aboveTransferLimit: {
    of: "a second call where one resync may run at once: what it returns, and the jobs",
    observe: async (open) => {
      const door = await open([web01, app01], { maximumActiveTransfers: 1 });
      await start(door);
      return [await start(door, appId), await jobStates(door)];
    },
    expected: { waits: [4096, [3, 2]], refused: [32774, [3]], ignored: [4096, [3, 3]] },
  },
  interruptedResync: {
    of: "a link that was being resynchronized when the service was restarted, then and at the end of the resync",
    observe: async (open) => {
      const door = await running(open, 60);
      await restart(door);
      const seen = [await state(door)];
      await pass(door, 40);
      return [...seen, await state(door)];
    },
    expected: { required: [9, 9], continues: [10, 3] },
  },
  jobsAfterRestart: {
    of: "the job of a resync during which the service was restarted",
    observe: async (open) => {
      const door = await running(open, 60);
      await restart(door);
      return (await jobsOf(door.host)).map(({ jobState, errorCode }) => [jobState, errorCode]);
    },
    expected: { lost: [], kept: [[10, 32777]] },
  },
  movedResync: {
    of: "a link that was being resynchronized when its machine moved, then and 40 s later, and the jobs on both hosts",
    observe: async (open) => {
      const [from, to] = [await running(open, 60), await open([], { name: "HV02" })];
      await from.administration.moveMachine(webId, to.scenarioPath);
      const seen = [await state(to), await jobStates(from), await jobStates(to)];
      await pass(to, 40);
      return [...seen, await state(to)];
    },
    expected: { required: [9, [], [], 9], continues: [10, [], [], 3], paused: [11, [], [], 11] },
  },
  cancelledJob: {
    of: "the job of a cancelled resync",
    observe: async (open) => {
      const door = await running(open, 50);
      await request(door, 9);
      return jobStates(door);
    },
    expected: { terminated: [8], killed: [9], exception: [10] },
  },
  resumeRequest: {
    of: "a request for state 3 on a suspended link and on one stopped by an error: what it returns, and the state",
    observe: async (open) => {
      const seen: unknown[] = [];
      for (const before of ["suspended", "critical"]) {
        const door = await open([{ ...web01, state: before }]);
        seen.push(await request(door, 3), await state(door));
      }
      return seen;
    },
    expected: {
      accepted: [0, 3, 0, 3],
      invalidParameter: [32773, 7, 32773, 8],
      invalidState: [32775, 7, 32775, 8],
    },
  },
  continueRequest: {
    of: "a request for state 3 on a paused resync: what it returns, and the state",
    observe: async (open) => {
      const door = await running(open, 50);
      await request(door, 7);
      return [await request(door, 3), await state(door)];
    },
    expected: { accepted: [0, 10], refused: [32775, 11] },
  },
  stateChange: {
    of: "a request to suspend: what it returns, the state at once and a second later",
    observe: async (open) => {
      const door = await open([{ ...web01, state: "replicating" }]);
      const seen = [await request(door, 7), await state(door)];
      await pass(door, 1);
      return [...seen, await state(door)];
    },
    expected: { completed: [0, 7, 7], job: [4096, 3, 7] },
  },
  statistics: {
    of: "the reasons of a link's bad health",
    observe: async (open) => {
      const door = await open([{ ...web01, healthReasons: ["the log is full"] }]);
      return door.host.readHealthReasons({ vmId: webId, kind: "primary" }, { signal });
    },
    expected: { completed: ["the log is full"], job: [] },
  },
  withoutRights: {
    of: "a call of an account that may only read",
    observe: async (open) =>
      start(await open([web01], { accounts: [{ user: "reader", password: "x", rights: "read" }] })),
    expected: { returnCode: 32769, fault: "ACCESS_DENIED" },
  },
  extendedReplicaLink: {
    of: "the kind of an extended replica's own link",
    observe: async (open) =>
      (await linksOf(await open([{ name: "web01", id: webId, mode: "extendedReplica" }]))).map(({ kind }) => kind),
    expected: { extended: ["extended"], primary: ["primary"] },
  },
};
