import { putIntoState } from "../../provider/simulator/model/interventions/interventions";
import { FaultPlan, MemoryHistory } from "../emulators/powershell/faults";
import type { Case, Command } from "./cases";
import type { RunRecord } from "./chronicle";
import type { Disturbance } from "./disturbance";
import { allMachines, bringBack, resourceAccount, roleLink } from "./hostEvents";
import { MemoryHost } from "./memoryHost";
import { Oracle, type Violation } from "./oracle";
import { PluginProcess, type Replacements } from "./pluginProcess";
import { edited, inputsOf, urnOf, type Declaration, type Edit } from "./program";
import { type Registration, Stack, type UpOptions } from "./stack";
import { Deadlock, VirtualClock } from "./virtualClock";
import { WireFaults } from "./wireFaults";

/** Where the time of every case begins. */
const startMs = Date.UTC(2030, 0, 7, 12);
const hourMs = 3_600_000;
const minuteSeconds = 60;
/** Between two tries of the calm phase: longer than the longest pause after failures. */
const calmPauseMs = 25 * hourMs;
/** More than the pauses, one failed resync and everything that may be scheduled take together. */
const calmRuns = 12;

/** The result of a case. */
export interface CaseEnd {
  readonly violations: readonly Violation[];
  readonly runs: readonly RunRecord[];
}

/** Carries out a case, up to the first violation. */
export async function runCase(one: Case, replacements: Replacements = {}): Promise<CaseEnd> {
  const world = new World(one, replacements);
  const timeout = Object.getOwnPropertyDescriptor(AbortSignal, "timeout");
  // Deadlines of the product use real time elsewhere: here there is one clock only.
  AbortSignal.timeout = (delayMs) => world.clock.timeout(delayMs);
  try {
    for (const command of one.commands) {
      await world.carryOut(command);
      if (world.violations.length > 0) return world;
    }
    await world.calmDown();
    return world;
  } finally {
    if (timeout !== undefined) Object.defineProperty(AbortSignal, "timeout", timeout);
  }
}

class World {
  readonly clock = new VirtualClock(startMs);
  readonly runs: RunRecord[] = [];
  readonly violations: Violation[] = [];
  readonly #host: MemoryHost;
  readonly #stack: Stack;
  readonly #oracle = new Oracle();
  #program: readonly Declaration[];
  #random: number;
  #requests = 0;
  #shellFaults: FaultPlan | undefined;
  #wireFaults: WireFaults;

  constructor(
    private readonly given: Case,
    private readonly replacements: Replacements,
  ) {
    this.#host = new MemoryHost(given.scenario, this.clock);
    this.#stack = new Stack(this.clock);
    const machines = allMachines(this.#host.state).length;
    this.#program = given.resources.map((one) => ({ ...one, machine: one.machine % machines }));
    this.#random = given.jitter;
    if (given.shellFaults !== undefined) this.#shellFaults = new FaultPlan(given.shellFaults, new MemoryHistory());
    this.#wireFaults = new WireFaults(given.wsman?.faults ?? []);
  }

  async carryOut(command: Command): Promise<void> {
    switch (command.do) {
      case "up":
        this.#edit(command.edits);
        await this.#up("up", command, command.disturbances);
        break;
      case "refresh":
        await this.#run("refresh", "refresh", command.disturbances, async (plugin, run) =>
          this.#stack.refresh(plugin, run),
        );
        break;
      case "preview":
        // A program that is only previewed is reset: only what is run counts.
        await this.#previewed(command.edits);
        break;
      case "destroy":
        await this.#run("destroy", "destroy", [], async (plugin, run) => this.#stack.destroy(plugin, run));
        break;
      case "pass":
        this.clock.pass(command.seconds * 1_000);
        break;
      case "happen":
        this.#host.happen(command.event);
        break;
      default:
        command satisfies never;
    }
  }

  /** Nothing goes wrong from here on: repeated ups must end well. */
  async calmDown(): Promise<void> {
    if (this.#shellFaults !== undefined) this.#shellFaults = new FaultPlan([], new MemoryHistory());
    this.#wireFaults = new WireFaults([]);
    this.#program = this.#program.map((one) => ({
      ...one,
      isDeclared: true,
      wait: "completed",
      password: "right",
      timeoutSeconds: Math.max(one.timeoutSeconds, 600),
    }));
    const options: UpOptions = { isRefreshing: false, retries: 0, retryAfterSeconds: 0, parallel: 8 };
    for (let nth = 0; nth < calmRuns; nth++) {
      this.clock.pass(nth === 0 ? hourMs : calmPauseMs);
      this.#putRight();
      const run = await this.#up("calm up", options, []);
      if (this.violations.length > 0) return;
      if (run.failures.length > 0) continue;
      const again = await this.#up("idle up", options, []);
      this.violations.push(...this.#oracle.judgeIdle(again));
      return;
    }
    const last = this.runs.at(-1);
    const said = last?.failures.map(({ message }) => message).join(" | ") ?? "";
    this.violations.push({ rule: "6 ends", text: `${calmRuns} calm ups do not end: ${said}` });
  }

  /** An operator repairs the host and every VM that cannot continue by itself. */
  #putRight(): void {
    this.#host.change((host) => {
      host.service = "running";
      host.reachable = true;
      for (const account of host.accounts) if (account.user === resourceAccount) account.rights = "administrator";
      bringBack(host);
      for (const machine of host.machines) {
        const link = roleLink(machine);
        Object.assign(machine, { scripts: [{ ...machine.scripts[0], ...goodScript }], calls: 0 });
        delete machine.scripts[0]?.returnCode;
        const isStuck = link.run !== null && link.run.phase !== "scheduled";
        const isInitial = host.jobs.some(({ machineId, type }) => machineId === machine.id && type === 117);
        if (isStuck || isInitial || ![3, 9].includes(link.state)) putIntoState(host, machine, this.given.operatorSets);
      }
    });
  }

  async #previewed(edits: readonly Edit[]): Promise<void> {
    const before = this.#program;
    this.#edit(edits);
    const registrations = this.#registrations();
    await this.#run("preview", "preview", [], async (plugin, run) => this.#stack.preview(registrations, plugin, run));
    this.#program = before;
  }

  async #up(title: string, options: UpOptions, disturbances: readonly Disturbance[]): Promise<RunRecord> {
    const registrations = this.#registrations();
    return this.#run(title, "up", disturbances, async (plugin, run) =>
      this.#stack.up(registrations, options, plugin, run),
    );
  }

  #edit(edits: readonly Edit[]): void {
    const machines = allMachines(this.#host.state).length;
    for (const edit of edits) {
      this.#program = this.#program.map((one, nth) =>
        nth === edit.resource ? edited(one, edit, this.clock.now(), machines) : one,
      );
    }
  }

  #registrations(): readonly Registration[] {
    const isReordered = this.runs.length % 2 === 1;
    return this.#program.flatMap((one, nth) => {
      if (!one.isDeclared) return [];
      const aliases = one.hasAlias
        ? Array.from({ length: one.name }, (_, name) => urnOf(nth, one.name - 1 - name))
        : [];
      return [{ urn: urnOf(nth, one.name), aliases, inputs: inputsOf(one, nth, this.#host.state, isReordered) }];
    });
  }

  async #run(
    title: string,
    kind: RunRecord["kind"],
    disturbances: readonly Disturbance[],
    work: (plugin: PluginProcess, run: RunRecord) => Promise<void>,
  ): Promise<RunRecord> {
    const run: RunRecord = {
      title,
      kind,
      verbs: [],
      methods: [],
      readings: [],
      lines: [],
      hostBefore: this.#host.state,
      hostAfter: this.#host.state,
      isKilled: false,
      interruptedAtMs: undefined,
      endedAtMs: 0,
      crowdedMs: 0,
      // A process or a connection that stays silent costs a minute, and its successor another reading.
      slowSeconds: 2 * minuteSeconds * this.#troublesOnTheWay(),
      failures: [],
      deadlock: false,
    };
    this.runs.push(run);
    let broken: unknown;
    const settings = {
      random: () => this.#nextRandom(),
      newRequestId: () => `request-${++this.#requests}`,
      leastAtOnce: Math.min(...this.#program.map((one) => one.maxConcurrentResyncs ?? 3)),
      skewMs: this.given.skewSeconds * 1_000,
      ...(this.#shellFaults !== undefined && { shellFaults: this.#shellFaults }),
      ...(this.given.wsman !== undefined && { wsman: { ...this.given.wsman, faults: this.#wireFaults } }),
      onDefect: (error: unknown) => (broken = error),
    };
    const before = new Map(this.#stack.resources);
    const plugin = new PluginProcess(this.#host, this.clock, run, disturbances, settings, this.replacements);
    let isDone = false;
    const done = work(plugin, run).then(
      () => (isDone = true),
      (error: unknown) => {
        broken = error;
        isDone = true;
      },
    );
    try {
      await this.clock.drive(() => isDone);
      await done;
    } catch (error) {
      if (!(error instanceof Deadlock)) throw error;
      run.deadlock = true;
    }
    if (broken !== undefined) throw new Error("the model of the engine is broken", { cause: broken });
    run.endedAtMs = this.clock.now();
    this.clock.pass(0);
    run.hostAfter = this.#host.state;
    this.violations.push(...this.#oracle.judge(run, before, this.#stack.resources, this.#host.happened));
    return run;
  }

  #troublesOnTheWay(): number {
    const { shellFaults = [], wsman } = this.given;
    return [...shellFaults, ...(wsman?.faults ?? [])].reduce((sum, { times }) => sum + times, 0);
  }

  /** Numerical Recipes' linear congruential generator: enough to spread readings. */
  #nextRandom(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#random / 0x1_0000_0000;
  }
}

const goodScript = {
  seconds: 20,
  startDelaySeconds: 1,
  mergeSeconds: 0,
  end: "success",
  startsAnyway: false,
  stateAfterFailure: 9,
} as const;
