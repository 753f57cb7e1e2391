import type { SimulatorAdministration } from "pulumi-hyperv-replica/simulator";
import type { RunResult } from "../engine/driver/engineDriver";
import type { Sandbox } from "../support/sandbox";
import type { Machine, Row } from "./stand";

/** All resources wait at the same time, and so do all resyncs. */
const many = 1_000;
/**
 * No engine starts a step after one has failed: the first reading of each host is held until every step has begun. Shorter
 * than a resync, so that those that run already are still running then.
 */
const heldSeconds = 20;
/** As long as the whole test may take. */
const startWithinMs = 180_000;
const firstOfReading = "Enumerate Msvm_ConcreteJob";
const lastOfReading = "Enumerate Msvm_ReplicationService";
/** Almost nothing happens by itself: the clocks are advanced by hand. */
const clock = { speed: 0.1 };
const stepSeconds = 5;
/** How long a wait takes to look at the host's files again. */
const stepMs = 200;
/** How long one run waits for a resync, in seconds of the host: three times as long as it lasts. */
const timeoutSeconds = 90;

/** The simulated hosts of a table, and its resources. */
export class TableOfEnds {
  readonly #sandbox: Sandbox;
  readonly #rows: readonly Row[];
  readonly #hosts: ReadonlyMap<string, SimulatorAdministration>;

  constructor(sandbox: Sandbox, rows: readonly Row[]) {
    this.#sandbox = sandbox;
    this.#rows = rows;
    const machinesOf = (name: string): Machine[] =>
      rows
        .filter(({ host }) => host === name)
        .map(({ name: machine, state, resync = {} }) => ({ name: machine, state, resync }));
    this.#hosts = new Map(
      [...new Set(rows.map(({ host }) => host))].map((name) => {
        const machines = machinesOf(name);
        return [name, sandbox.addHost(`${name}.json`, { name, clock, maximumActiveTransfers: many, machines })];
      }),
    );
    this.register(rows);
  }

  /** Sets which resources the program has. */
  register(rows: readonly Row[]): void {
    this.#sandbox.register(
      ...rows.map(({ name, host, policy = "ifRequired" }) => ({
        name,
        args: {
          vm: name,
          policy,
          timeoutSeconds,
          connection: { transport: "simulator", scenario: `${host}.json`, maxConcurrentResyncs: many },
        },
      })),
    );
  }

  /** One up, in which these rows have something to do: they begin together. */
  async up(active: readonly Row[], { putIntoStates }: { readonly putIntoStates: boolean }): Promise<RunResult> {
    const linesBefore = await this.journalLength();
    const asked = [...this.#hosts].filter(([name]) => active.some((row) => row.host === name));
    for (const [, host] of asked) {
      await host.injectFault({ operation: firstOfReading, kind: "slowReply", seconds: heldSeconds });
    }
    const run = this.#sandbox.start("up", { parallel: many });
    let isOver = false;
    const result = run.result.finally(() => (isOver = true));
    const until = async (isReached: () => Promise<boolean>, step: () => Promise<void>): Promise<void> => {
      while (!isOver && !(await isReached())) {
        await new Promise((resolve) => setTimeout(resolve, stepMs));
        await step();
      }
    };
    const begun = active.map(({ name }) => new RegExp(` ${name} (?:creating|updating) `));
    await Promise.all(begun.map(async (line) => run.waitForLine(line, startWithinMs)));
    const isHeld = async (): Promise<boolean> => (await this.journalLength()) === linesBefore + asked.length;
    await until(isHeld, async () => undefined);
    await this.#advance(heldSeconds);
    if (putIntoStates) await this.#putIntoStates(until);
    await until(
      async () => false,
      async () => this.#advance(stepSeconds),
    );
    return result;
  }

  /** How often an operation was called for each VM, by its name; a VM without a call is left out. */
  async calls(wanted: string): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const host of this.#hosts.values()) {
      for (const { operation, machine } of await host.readJournal()) {
        if (operation === wanted && machine !== null) counts.set(machine, (counts.get(machine) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** Lines of all journals. */
  async journalLength(): Promise<number> {
    let length = 0;
    for (const host of this.#hosts.values()) length += (await host.readJournal()).length;
    return length;
  }

  /** Puts the relationships into their states as soon as all runs have seen them being resynchronized. */
  async #putIntoStates(
    until: (isReached: () => Promise<boolean>, step: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    for (const [name, host] of this.#hosts) {
      const rows = this.#rows.filter((row) => row.host === name && row.putInto !== undefined);
      if (rows.length === 0) continue;
      const count = async (wanted: string): Promise<number> =>
        (await host.readJournal()).filter(({ operation }) => operation === wanted).length;
      const forward = async (): Promise<void> => host.advanceClock(1);
      await until(
        async () => (await count("Resynchronize")) === rows.length,
        async () => undefined,
      );
      // From here on the relationships are in 10. The reading in progress may have begun too early for some of the runs;
      // all of them share the one after it.
      await host.advanceClock(2);
      const readings = await count(lastOfReading);
      await until(async () => (await count(lastOfReading)) >= readings + 2, forward);
      for (const { name: machine, putInto = 0 } of rows) await host.setState(machine, putInto);
    }
  }

  async #advance(seconds: number): Promise<void> {
    for (const host of this.#hosts.values()) await host.advanceClock(seconds);
  }
}
