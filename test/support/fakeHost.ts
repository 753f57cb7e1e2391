import { type HostSession, shareHost } from "../../provider/core/host/hostSession";
import { StartGuard } from "../../provider/core/host/startGuard";
import type {
  CallOptions,
  JobReading,
  MethodReply,
  RelationshipReading,
  ReplicationHost,
  ServiceReading,
  VmReading,
  VmReplicationReading,
} from "../../provider/core/host/ports";
import type { RelationshipKind } from "../../provider/core/hyperv/relationship";
import type { ResyncContext } from "../../provider/core/start/attempt";
import { job, link, vm } from "./builders";
import { type Call, CallLog, LineLog } from "./callLog";
import { FakeClock } from "./fakeClock";

/** What the host shows from a certain time on; what is left out stays as it was. */
export interface Scene {
  /** `false`: the management service of the host does not run. */
  readonly service?: boolean;
  /** Every reading fails with it; `null`: readings work again. */
  readonly error?: Error | null;
  /** `null`: the VM is not shown. */
  readonly vm?: Partial<VmReading> | null;
  /** State of the relationship; `null`: there is none. */
  readonly state?: number | null;
  readonly link?: Partial<RelationshipReading>;
  readonly jobs?: readonly Partial<JobReading>[];
}

/** Scenes by the second in which they begin. */
export type Timeline = readonly (readonly [seconds: number, scene: Scene])[];

/** How a call is answered, and what happens from then on. */
export interface Answer {
  readonly reply?: MethodReply;
  /** The reply is lost, or the call is refused: `then` says whether it had an effect. */
  readonly error?: Error;
  readonly then?: Timeline;
}

export interface Script {
  readonly timeline?: Timeline;
  /** Answers of `Resynchronize`, one per call; the last one stays. */
  readonly starts?: readonly Answer[];
  /** Answers of requested state changes. */
  readonly changes?: Partial<Record<3 | 7 | 9, Answer>>;
}

/** A resync of a minute that ends well. */
export const goodRun: Timeline = [
  [0, { jobs: [{ percentComplete: 0 }] }],
  [2, { state: 10, jobs: [{ percentComplete: 10 }] }],
  [30, { state: 10, jobs: [{ percentComplete: 60 }] }],
  [60, { state: 3, jobs: [{ jobState: 7, percentComplete: 100 }] }],
  [360, { jobs: [] }],
];

/** A resync that is still running after an hour. */
export const longRun: Timeline = [
  [0, { jobs: [{ percentComplete: 0 }] }],
  [2, { state: 10, jobs: [{ percentComplete: 10 }] }],
];

/** A resync that fails after 30 s. */
export const badRun: Timeline = [
  [0, { jobs: [{}] }],
  [2, { state: 10, jobs: [{ percentComplete: 10 }] }],
  [30, { state: 9, jobs: [{ jobState: 10, errorCode: 32768, errorDescription: "no space left" }] }],
  [330, { jobs: [] }],
];

const accepted: MethodReply = { returnCode: 4096, jobId: "job-1" };

class FakeMachine {
  readonly #events: { readonly atMs: number; readonly scene: Scene }[] = [];
  /** How many calls of `Resynchronize` have reached the host. */
  started = 0;

  constructor(
    readonly vmId: string,
    private readonly script: Script,
    private readonly clock: FakeClock,
  ) {
    this.play([[0, { state: 9, jobs: [] }], ...(script.timeline ?? [])]);
  }

  play(timeline: Timeline): void {
    const nowMs = this.clock.now();
    for (const [seconds, scene] of timeline) this.#events.push({ atMs: nowMs + seconds * 1_000, scene });
  }

  get scene(): Scene {
    const begun = this.#events.filter(({ atMs }) => atMs <= this.clock.now());
    return begun
      .toSorted((one, other) => one.atMs - other.atMs)
      .reduce<Scene>((all, { scene }) => ({ ...all, ...scene }), {});
  }

  start(): MethodReply {
    const answers = this.script.starts ?? [{ then: goodRun }];
    const answer = answers[Math.min(this.started++, answers.length - 1)] ?? {};
    return this.answer(answer, accepted);
  }

  change(requestedState: 3 | 7 | 9): MethodReply {
    const answer = this.script.changes?.[requestedState] ?? { then: [[0, { state: requestedState, jobs: [] }]] };
    return this.answer(answer, { returnCode: 0 });
  }

  private answer({ reply, error, then = [] }: Answer, otherwise: MethodReply): MethodReply {
    this.play(then);
    if (error !== undefined) throw error;
    return reply ?? otherwise;
  }
}

/** A host that plays a script by the fake clock and writes down every call. */
export class FakeHost implements ReplicationHost {
  readonly address = "HV01";
  readonly log = new CallLog();
  readonly machines: FakeMachine[] = [];
  /** Called before every call; what it throws is what the caller gets. */
  onCall: (call: Call, nth: number) => void | Promise<void> = () => undefined;
  /** Called after a method had its effect, before the caller gets the reply. */
  onReply: (call: Call) => void | Promise<void> = () => undefined;
  isClosed = false;
  /** What the host says about every relationship that is not well. */
  healthReasons: readonly string[] = [];
  /** By how much the host's clock is ahead of the caller's. */
  skewMs = 0;

  constructor(readonly clock: FakeClock) {}

  add(vmId: string, script: Script = {}): this {
    this.machines.push(new FakeMachine(vmId, script, this.clock));
    return this;
  }

  async readService(options: CallOptions): Promise<ServiceReading | undefined> {
    await this.#read("readService", options);
    const isUp = this.machines.every(({ scene }) => scene.service !== false);
    return isUp
      ? { hostName: this.address, hostTime: new Date(this.clock.now() + this.skewMs).toISOString() }
      : undefined;
  }

  async readVms(options: CallOptions): Promise<ReadonlyMap<string, VmReplicationReading>> {
    await this.#read("readVms", options);
    return new Map(this.machines.flatMap((machine) => this.#vmOf(machine)).map((one) => [one.vmId, one]));
  }

  async readVm(vmId: string, options: CallOptions): Promise<VmReplicationReading | undefined> {
    await this.#read("readVm", options);
    return this.machines.filter((machine) => machine.vmId === vmId).flatMap((machine) => this.#vmOf(machine))[0];
  }

  async readHealthReasons(_link: { vmId: string }, options: CallOptions): Promise<readonly string[]> {
    await this.#read("readHealthReasons", options);
    return this.healthReasons;
  }

  async readResyncJobs(options: CallOptions): Promise<readonly JobReading[]> {
    await this.#read("readResyncJobs", options);
    return this.machines.flatMap(({ vmId, scene }) => (scene.jobs ?? []).map((one) => job({ vmId, ...one })));
  }

  async startResync(
    { vmId, startTime }: { vmId: string; startTime?: string },
    options: CallOptions,
  ): Promise<MethodReply> {
    const call = { operation: "startResync", vmId, ...(startTime !== undefined && { startTime }) };
    await this.#enter(call, options);
    const reply = this.machine(vmId).start();
    await this.onReply(call);
    return reply;
  }

  async requestReplicationState(
    { vmId, requestedState }: { vmId: string; kind: RelationshipKind; requestedState: 3 | 7 | 9 },
    options: CallOptions,
  ): Promise<MethodReply> {
    const call = { operation: "requestReplicationState", vmId, requestedState };
    await this.#enter(call, options);
    const reply = this.machine(vmId).change(requestedState);
    await this.onReply(call);
    return reply;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  machine(vmId: string): FakeMachine {
    const found = this.machines.find((one) => one.vmId === vmId);
    if (found === undefined) throw new Error(`the test has no VM ${vmId}`);
    return found;
  }

  async #read(operation: string, options: CallOptions): Promise<void> {
    await this.#enter({ operation }, options);
    const failing = this.machines.map(({ scene }) => scene.error).find((error) => error);
    if (failing) throw failing;
  }

  async #enter(call: Call, { signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    this.log.add(call);
    await this.onCall(call, this.log.calls.length);
    signal.throwIfAborted();
  }

  #vmOf({ vmId, scene }: FakeMachine): VmReplicationReading[] {
    return scene.vm === null ? [] : [{ ...vm({ vmId, ...scene.vm }), relationships: linksOf(scene) }];
  }
}

/** Why a relationship is not well is asked for in a separate call. */
function withoutReasons({ healthReasons: _reasons, ...other }: RelationshipReading): RelationshipReading {
  return other;
}

function linksOf(scene: Scene): RelationshipReading[] {
  return scene.state === null ? [] : [withoutReasons(link({ replicationState: scene.state ?? 9, ...scene.link }))];
}

/** A run against a fake host: everything the core is given, and everything a test looks at. */
export interface Lab {
  readonly host: FakeHost;
  readonly clock: FakeClock;
  readonly log: CallLog;
  readonly lines: LineLog;
  readonly session: HostSession;
  readonly context: ResyncContext;
  /** Stops the run, like Ctrl-C. */
  readonly stop: () => void;
}

/** A host with one VM that plays the script, and a run against it. */
export function lab(vmId: string, script: Script = {}): Lab {
  const clock = new FakeClock();
  return runOn(new FakeHost(clock).add(vmId, script));
}

/** Another run against the same host, in another process. */
export function runOn(host: FakeHost): Lab {
  const { clock, log } = host;
  const lines = new LineLog();
  const controller = new AbortController();
  const session = shareHost(host, clock, () => 0.5, new StartGuard());
  let ids = 0;
  const context: ResyncContext = {
    session,
    progress: lines,
    signal: controller.signal,
    newRequestId: () => `request-${++ids}`,
  };
  const stop = (): void => {
    controller.abort(new Error("the run was cancelled"));
  };
  return { host, clock, log, lines, session, context, stop };
}
