import { simulatedNow, type ClockAnchors } from "./model/clock";
import type { HostState } from "./model/hostState";
import { initialState, mergeScenario } from "./model/setup/mergeScenario";
import type { SimulatorOptions } from "./simulatorOptions";
import { systemClock, type RealClock } from "./realClock";
import { filesOf, readScenario } from "./files/scenarioFile";
import type { ScenarioText } from "./scenario/scenarioSchema";
import { HostStore, type Change } from "./files/store";

/** Real milliseconds that every wait lasts at least: below that, timers are no longer true. */
const shortestWaitMs = 10;
/** The clock may be put forward from another process: a wait looks that often, in real milliseconds. */
const lookMs = 200;

/** The files of one host together with its clock: what doors and administration both work through. */
export class PersistentHost {
  readonly scenario: ScenarioText;
  private readonly store: HostStore;
  private readonly realClock: RealClock;
  /** What the host is like as long as there is no state file; its clock begins with the session. */
  private readonly fresh: HostState;
  private anchors: ClockAnchors;
  private isMerged = false;

  /** @throws SimulatorError when a file cannot be read or says something that the simulator does not know. */
  constructor(scenarioPath: string, options: SimulatorOptions = {}) {
    const files = filesOf(scenarioPath);
    this.scenario = readScenario(files.scenario);
    this.store = new HostStore(files, options);
    this.store.tidy();
    this.realClock = options.realClock ?? systemClock;
    // A look without the lock: the state file is always whole, and the first transaction looks again.
    this.fresh = initialState(this.scenario, this.realClock.now());
    this.anchors = (this.store.peek() ?? this.fresh).clock;
  }

  /** The host's own time, in milliseconds since 1970, UTC. */
  now(): number {
    return simulatedNow(this.anchors, this.realClock.now());
  }

  /** Resolves after so many milliseconds of the host's own time; rejects with the signal's reason when it is aborted. */
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const endMs = this.now() + delayMs;
    do {
      const { speed } = this.anchors;
      const leftMs = speed === 0 ? shortestWaitMs : (endMs - this.now()) / speed;
      await this.realClock.sleep(Math.min(Math.max(leftMs, shortestWaitMs), lookMs), signal);
      if (this.now() < endMs) await this.read(() => undefined, signal);
    } while (this.now() < endMs);
  }

  /** One transaction on what the host remembers; `nowMs` is the host's own time at its beginning. */
  async transact<Value>(
    change: (host: HostState, nowMs: number) => Change<Value>,
    signal?: AbortSignal,
  ): Promise<Value> {
    const value = await this.store.transact((known) => {
      const host = this.current(known);
      const changed = change(host, simulatedNow(host.clock, this.realClock.now()));
      this.anchors = changed.state.clock;
      return changed;
    }, signal);
    this.isMerged = true;
    return value;
  }

  /** A look at what the host remembers, as of its last transaction. */
  async read<Value>(look: (host: HostState) => Value, signal?: AbortSignal): Promise<Value> {
    return this.store.read((known) => {
      const host = this.current(known);
      this.anchors = host.clock;
      return look(host);
    }, signal);
  }

  /** Forgets everything the host has been through, the journal too. */
  async reset(): Promise<void> {
    const fresh = initialState(this.scenario, this.realClock.now());
    await this.store.replace(fresh);
    this.anchors = fresh.clock;
  }

  /** The text of the journal. */
  async readJournal(): Promise<string> {
    return this.store.readJournal();
  }

  /** What the host remembers; a scenario file that changed since the last opening is taken in, once. */
  private current(known: HostState | undefined): HostState {
    if (known === undefined) return structuredClone(this.fresh);
    return this.isMerged ? known : mergeScenario(known, this.scenario, this.realClock.now());
  }
}
