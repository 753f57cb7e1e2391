import { AsyncLocalStorage } from "node:async_hooks";
import { type HostSession, shareHost } from "../../provider/core/host/hostSession";
import { StartGuard } from "../../provider/core/host/startGuard";
import type { Clock, ProgressSink, ReplicationHost } from "../../provider/core/host/ports";
import type { LifecycleContext } from "../../provider/lifecycle/context";
import { Ledger } from "../../provider/lifecycle/ledger";
import * as realVerbs from "../support/verbs";
import { canonical } from "../../provider/state/canonical";
import type { ResolvedConnection } from "../../provider/connection/defaults";
import { operationOf, type Caller, type HostCall } from "../../provider/simulator/model/call";
import type { CimValue } from "../../provider/simulator/model/rows/cimValue";
import { HostUnreachable, LogonRefused, ReplyLost } from "../../provider/simulator/model/hostFaults";
import type { SimulatedHost, TimedAnswer } from "../../provider/simulator/simulatedHost";
import type { CimClient } from "../../provider/transports/cim/cimClient";
import { CimHost } from "../../provider/transports/cim/cimHost";
import { InProcessClient } from "../../provider/simulator/client/inProcessClient";
import type { FaultPlan } from "../emulators/powershell/faults";
import type { MethodCalled, RunRecord, VerbRecord } from "./chronicle";
import type { Disturbance, Trouble } from "./disturbance";
import { resourceAccount } from "./hostEvents";
import { runningOn } from "./hostFacts";
import type { Carried, MemoryHost } from "./memoryHost";
import { password } from "./secrets";
import { powerShellClient } from "./shellDoor";
import type { VirtualClock } from "./virtualClock";
import { wsmanClient, type WsmanWay } from "./wsmanDoor";

/** Which verb a call of the host belongs to. */
export const underWay = new AsyncLocalStorage<VerbRecord>();

/** Calls of the host after which the user stops the run with Ctrl-C: a resync that hangs may take forever. */
export const patienceCalls = 600;

/** What a broken product of the fish tests replaces in the real one. */
export interface Replacements {
  readonly host?: (host: ReplicationHost) => ReplicationHost;
  readonly context?: (context: LifecycleContext) => LifecycleContext;
  readonly verbs?: Partial<Verbs>;
}

/** The verbs of the product. */
export type Verbs = typeof realVerbs;

/** What is the same for all processes of a case. */
export interface ProcessSettings {
  readonly random: () => number;
  readonly newRequestId: () => string;
  /** How far ahead of the host's clock the one of the process is. */
  readonly skewMs: number;
  /** The fewest resyncs at once that a resource asks for. */
  readonly leastAtOnce: number;
  /** The host is reached through PowerShell, whose processes run into these. */
  readonly shellFaults?: FaultPlan;
  /** The host is reached over WS-Management, in this way. */
  readonly wsman?: WsmanWay;
  /** Called for errors in the simulated host and the connections to it, which must not happen. */
  readonly onDefect: (error: unknown) => void;
}

/** One process of the plugin, in which everything is new, with all its faults. */
export class PluginProcess {
  readonly context: LifecycleContext;
  readonly verbs: Verbs;
  /** Resolves when the process is killed. */
  readonly killed: Promise<void>;
  readonly #sessions = new Map<string, HostSession>();
  readonly #guard = new StartGuard();
  readonly #controller = new AbortController();
  readonly #clock: VirtualClock;
  readonly #host: MemoryHost;
  readonly #run: RunRecord;
  readonly #settings: ProcessSettings;
  readonly #replacements: Replacements;
  readonly #kill: () => void;
  readonly #counts = new Map<string, number>();
  #pending: readonly Disturbance[];
  /** Since when as many resyncs run as a resource allows at once. */
  #crowdedSinceMs: number | undefined;

  constructor(
    host: MemoryHost,
    clock: VirtualClock,
    run: RunRecord,
    disturbances: readonly Disturbance[],
    settings: ProcessSettings,
    replacements: Replacements,
  ) {
    this.#host = host;
    this.#clock = clock;
    this.#run = run;
    this.#settings = settings;
    this.#replacements = replacements;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.killed = promise;
    this.#kill = () => {
      run.isKilled = true;
      resolve(undefined);
    };
    this.#pending = disturbances.filter((one) => !this.#schedule(one));
    const context: LifecycleContext = {
      sources: { config: () => undefined, environment: {}, platform: "linux" },
      stopSignal: this.#controller.signal,
      ledger: new Ledger(),
      progressFor: () => this.#progress(),
      openSession: (connection) => this.#session(connection),
      newRequestId: settings.newRequestId,
      announced: new Set(),
    };
    this.verbs = { ...realVerbs, ...replacements.verbs };
    this.context = replacements.context?.(context) ?? context;
  }

  /** Ctrl-C. */
  interrupt(): void {
    if (this.#controller.signal.aborted) return;
    this.#run.interruptedAtMs = this.#clock.now();
    this.#controller.abort(new Error("the run was cancelled"));
  }

  get isInterrupted(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Schedules what must happen after so many seconds; `false` for what happens at a call. */
  #schedule({ moment, trouble }: Disturbance): boolean {
    if (moment.at !== "seconds") return false;
    const aheadMs = moment.seconds * 1_000;
    switch (trouble.kind) {
      case "event":
        this.#host.happen(trouble.event, aheadMs);
        return true;
      case "kill":
        this.#clock.at(aheadMs, this.#kill);
        return true;
      case "interrupt":
        this.#clock.at(aheadMs, () => {
          this.interrupt();
        });
        return true;
      case "lost":
      case "slow":
        this.#clock.at(aheadMs, () => {
          this.#pending = [...this.#pending, { moment: { at: "call", nth: this.#count("call") + 1 }, trouble }];
        });
        return true;
      default:
        return trouble satisfies never;
    }
  }

  #progress(): ProgressSink {
    const add = (message: string): void => {
      this.#run.lines.push(message);
    };
    return { status: add, info: add, warn: add };
  }

  #session({ maxConcurrentResyncs: _most, ...identity }: ResolvedConnection): HostSession {
    const key = canonical(identity);
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const { username, password: given } = identity;
    const credentials = {
      ...(username !== undefined && { username }),
      ...(given !== undefined && { password: given }),
    };
    const door: ProcessDoor = {
      name: this.#host.name,
      consoleUser: resourceAccount,
      logOn: (user, text) => {
        if (user !== resourceAccount || text !== password) throw new LogonRefused(user);
        return user;
      },
      call: async (call, { user }, signal) => this.#call(call, user, signal),
    };
    const real = new CimHost(this.#client(door, credentials));
    const host = this.#replacements.host?.(real) ?? real;
    const session = shareHost(host, this.#processClock(), this.#settings.random, this.#guard);
    this.#sessions.set(key, session);
    return session;
  }

  #client(door: ProcessDoor, credentials: { readonly username?: string; readonly password?: string }): CimClient {
    const { shellFaults, wsman, onDefect } = this.#settings;
    if (shellFaults !== undefined) return powerShellClient(door, credentials, this.#processClock(), shellFaults);
    if (wsman !== undefined) {
      const host = {
        ...door,
        now: () => this.#clock.now(),
        isReachable: () => this.#host.isReachable,
        accountNamed: (user: string) => (user === resourceAccount ? { user, password } : undefined),
        onDefect,
      };
      // Without a user name something other than a password was shown: here it is the same account.
      const shown = credentials.username === undefined ? { username: resourceAccount, password } : credentials;
      return wsmanClient(host, shown, { clock: this.#processClock(), time: this.#clock }, wsman);
    }
    // The client takes the class with its files; it uses the four members of the door only.
    return new InProcessClient(door as unknown as SimulatedHost, credentials);
  }

  /** The clock of this process: wrong by so much, and stopped once the process is killed. */
  #processClock(): Clock {
    return {
      now: () => this.#clock.now() + this.#settings.skewMs,
      sleep: async (delayMs, signal) => {
        if (this.#run.isKilled) await forEver();
        await this.#clock.sleep(delayMs, signal);
        if (this.#run.isKilled) await forEver();
      },
    };
  }

  async #call(call: HostCall, user: string, signal: AbortSignal | undefined): Promise<TimedAnswer> {
    if (this.#run.isKilled) await forEver();
    if (this.#host.latencyMs > 0) await this.#clock.sleep(this.#host.latencyMs, signal);
    const verb = underWay.getStore();
    if (verb !== undefined) verb.hostCalls += 1;
    const operation = operationOf(call);
    const troubles = this.#troublesOf(operation);
    if (this.#count("call") > patienceCalls) this.interrupt();

    for (const { kind, ...trouble } of troubles)
      if (kind === "event" && "event" in trouble) this.#host.happen(trouble.event);
    const isHit = (kind: Trouble["kind"], when: "before" | "after"): boolean =>
      troubles.some((trouble) => trouble.kind === kind && "when" in trouble && trouble.when === when);
    if (isHit("kill", "before")) await this.#die();
    if (isHit("interrupt", "before")) this.interrupt();
    signal?.throwIfAborted();
    if (!this.#host.isReachable) throw new HostUnreachable(this.#host.name);
    if (isHit("lost", "before")) {
      this.#note(call, verb, undefined);
      throw new ReplyLost(operation);
    }

    const carried = this.#host.carryOut(call, user);
    const { answer } = carried;
    this.#note(call, verb, carried);
    this.#lookForCrowd(carried);
    if (isHit("kill", "after")) await this.#die();
    if (isHit("interrupt", "after")) this.interrupt();
    if (isHit("lost", "after")) throw new ReplyLost(operation);
    for (const trouble of troubles) {
      if (trouble.kind !== "slow") continue;
      this.#run.slowSeconds += trouble.seconds;
      await this.#clock.sleep(trouble.seconds * 1_000, signal);
    }
    if (answer.kind === "rows") this.#noteReading(call, verb, carried);
    return { ...answer, at: new Date(carried.after.nowMs).toISOString() };
  }

  /** What happens at this call, each of them once. */
  #troublesOf(operation: string): readonly Trouble[] {
    const nth = { call: this.#add("call"), [operation]: this.#add(operation) };
    const due = this.#pending.filter(({ moment }) => moment.at !== "seconds" && nth[moment.at] === moment.nth);
    this.#pending = this.#pending.filter((one) => !due.includes(one));
    return due.map(({ trouble }) => trouble);
  }

  #count(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  #add(what: string): number {
    const count = this.#count(what) + 1;
    this.#counts.set(what, count);
    return count;
  }

  #lookForCrowd({ after }: Carried): void {
    if (this.#crowdedSinceMs !== undefined) this.#run.crowdedMs += after.nowMs - this.#crowdedSinceMs;
    this.#crowdedSinceMs = runningOn(after) >= this.#settings.leastAtOnce ? after.nowMs : undefined;
  }

  async #die(): Promise<never> {
    this.#kill();
    return forEver();
  }

  /** Records a call that changes something. `carried` is left out when it never reached the host. */
  #note(call: HostCall, verb: VerbRecord | undefined, carried: Carried | undefined): void {
    if (call.kind === "enumerate") return;
    const { method, target, input } = call;
    if (method !== "Resynchronize" && method !== "RequestReplicationStateChangeEx") return;
    const machine = method === "Resynchronize" ? input["ComputerSystem"] : target;
    const requested = input["RequestedState"];
    const start = input["StartTime"];
    const called: MethodCalled = {
      operation: method,
      machineId: nameOf(machine),
      requestedState: typeof requested === "number" ? requested : undefined,
      startTime: typeof start === "object" && start !== null && "dateTime" in start ? start.dateTime : undefined,
      verb,
      before: carried?.before ?? this.#host.state,
      after: carried?.after ?? this.#host.state,
      returnValue: carried?.answer.kind === "returned" ? carried.answer.returnValue : undefined,
      isCarriedOut: carried !== undefined,
      links: verb?.lastLinks,
      jobs: verb?.lastJobs,
    };
    this.#run.methods.push(called);
    verb?.methods.push(called);
  }

  #noteReading(call: HostCall, verb: VerbRecord | undefined, { before, after }: Carried): void {
    if (call.kind !== "enumerate") return;
    const sees = before.accounts.some(({ user, rights }) => user === resourceAccount && rights !== "none");
    const reading = { host: after, sees: sees && before.service === "running" };
    if (call.className === "Msvm_ReplicationRelationship") {
      this.#run.readings.push(reading);
      if (verb !== undefined) verb.lastLinks = reading;
      // All verbs in progress may share it.
      for (const one of this.#run.verbs) if (one.end.kind === "lost") one.lastShared = reading;
    }
    if (call.className === "Msvm_ConcreteJob" && verb !== undefined) verb.lastJobs = reading;
  }
}

/** What every connection to the host leads to. */
interface ProcessDoor {
  readonly name: string;
  readonly consoleUser: string;
  logOn(user: string, text: string | undefined): string;
  call(call: HostCall, caller: Caller, signal?: AbortSignal): Promise<TimedAnswer>;
}

function nameOf(machine: CimValue | undefined): string {
  const isReference = typeof machine === "object" && machine !== null && "className" in machine;
  return isReference ? (machine.keys["Name"] ?? "").toLowerCase() : "";
}

async function forEver(): Promise<never> {
  return new Promise<never>(() => undefined);
}
