import { atBorder, toIdText } from "../../provider/lifecycle/border";
import type { LifecycleContext } from "../../provider/lifecycle/context";
import type { Properties, RunRecord, VerbEnd, VerbName, VerbRecord } from "./chronicle";
import { underWay, type PluginProcess } from "./pluginProcess";
import type { VirtualClock } from "./virtualClock";

/** A resource in the stack's state. */
export interface Stored {
  readonly id: string;
  readonly outputs: Properties;
  readonly inputs: Properties;
  readonly hasInitErrors: boolean;
}

/** A resource of the program that is run. */
export interface Registration {
  readonly urn: string;
  /** URNs it had before, where the program says so. */
  readonly aliases: readonly string[];
  readonly inputs: Properties;
}

/** How an `up` is run. */
export interface UpOptions {
  readonly isRefreshing: boolean;
  /** How often an error hook retries a failed step, and how long it waits before. */
  readonly retries: number;
  readonly retryAfterSeconds: number;
  /** How many steps run at a time. */
  readonly parallel: number;
}

interface Step {
  readonly urn: string;
  readonly name: "create" | "update";
  readonly oldUrn: string | undefined;
  readonly old: Stored | undefined;
  readonly news: Properties;
}

/** A stack, kept as the engine keeps it: what a step does not return is lost. */
export class Stack {
  readonly resources = new Map<string, Stored>();
  /** What was replaced, and is deleted as soon as a run reaches that step. */
  #replaced: { readonly urn: string; readonly stored: Stored }[] = [];

  constructor(private readonly clock: VirtualClock) {}

  /** `pulumi up`: the program's resources are checked and compared, then made; last, what is no longer declared is deleted. */
  async up(
    registrations: readonly Registration[],
    options: UpOptions,
    plugin: PluginProcess,
    run: RunRecord,
  ): Promise<void> {
    if (options.isRefreshing) await this.refresh(plugin, run);
    if (isOver(plugin, run)) return;
    const steps: Step[] = [];
    const kept = new Set<string>();
    for (const { urn, aliases, inputs } of registrations) {
      const oldUrn = [urn, ...aliases].find((one) => this.resources.has(one));
      const old = oldUrn === undefined ? undefined : this.resources.get(oldUrn);
      kept.add(oldUrn ?? urn).add(urn);
      if (!(await this.#check(urn, old, inputs, plugin, run))) return;
      if (old === undefined || oldUrn === undefined) {
        steps.push({ urn, name: "create", oldUrn, old, news: inputs });
        continue;
      }
      const change = await this.#diff(urn, old, inputs, plugin, run);
      if (change === undefined) return;
      if (change.replaces.length > 0) steps.push({ urn, name: "create", oldUrn, old, news: inputs });
      else if (change.changes || old.hasInitErrors) steps.push({ urn, name: "update", oldUrn, old, news: inputs });
      else this.#settle(urn, oldUrn, { ...old, inputs });
    }
    await this.#inParallel(steps, options.parallel, plugin, run, async (step) =>
      this.#step(step, options, plugin, run),
    );
    if (isOver(plugin, run)) return;
    await this.#deleteAll(kept, plugin, run);
  }

  /** `pulumi refresh`: what a plugin reads is stored, and clears an init error. */
  async refresh(plugin: PluginProcess, run: RunRecord): Promise<void> {
    await this.#inParallel([...this.resources], 8, plugin, run, async ([urn, stored]) => {
      const { id, outputs } = stored;
      const end = await this.#verb({ name: "read", urn, olds: outputs }, plugin, run, async (context) => {
        const after = await plugin.verbs.read(id, outputs, context);
        return { kind: "answered", id: toIdText(after.id), outputs: after.props };
      });
      if (end.kind === "lost") return;
      if (end.kind === "threw" || end.id === undefined || end.outputs === undefined) {
        run.failures.push({ urn, message: end.kind === "threw" ? end.message : "dropped" });
        return;
      }
      const read: Stored = { ...stored, id: end.id, outputs: end.outputs, hasInitErrors: false };
      this.resources.set(urn, read);
      await this.#diff(urn, read, stored.inputs, plugin, run);
    });
  }

  /** `pulumi preview`. */
  async preview(registrations: readonly Registration[], plugin: PluginProcess, run: RunRecord): Promise<void> {
    for (const { urn, aliases, inputs } of registrations) {
      const oldUrn = [urn, ...aliases].find((one) => this.resources.has(one));
      const old = oldUrn === undefined ? undefined : this.resources.get(oldUrn);
      if (!(await this.#check(urn, old, inputs, plugin, run))) return;
      if (old !== undefined) await this.#diff(urn, old, inputs, plugin, run);
    }
  }

  /** `pulumi destroy`. */
  async destroy(plugin: PluginProcess, run: RunRecord): Promise<void> {
    await this.#deleteAll(new Set(), plugin, run);
  }

  async #check(
    urn: string,
    old: Stored | undefined,
    news: Properties,
    plugin: PluginProcess,
    run: RunRecord,
  ): Promise<boolean> {
    const end = await this.#verb({ name: "check", urn, news }, plugin, run, async (context) => {
      const { failures } = plugin.verbs.check(old?.inputs ?? {}, news, context);
      return { kind: "answered", answer: failures };
    });
    const failures = end.kind === "answered" && Array.isArray(end.answer) ? end.answer : [end];
    if (failures.length > 0) run.failures.push({ urn, message: JSON.stringify(failures) });
    return failures.length === 0;
  }

  async #diff(
    urn: string,
    { id, outputs }: Stored,
    news: Properties,
    plugin: PluginProcess,
    run: RunRecord,
  ): Promise<{ readonly changes: boolean; readonly replaces: readonly string[] } | undefined> {
    let change: { readonly changes: boolean; readonly replaces: readonly string[] } | undefined;
    const end = await this.#verb({ name: "diff", urn, olds: outputs, news }, plugin, run, async (context) => {
      change = plugin.verbs.diff(id, outputs, news, context);
      return { kind: "answered", answer: change };
    });
    if (end.kind === "threw") run.failures.push({ urn, message: end.message });
    return end.kind === "answered" ? change : undefined;
  }

  async #step(step: Step, options: UpOptions, plugin: PluginProcess, run: RunRecord): Promise<void> {
    const { urn, name, oldUrn, old, news } = step;
    let end: VerbEnd;
    for (let attempt = 0; ; attempt++) {
      const olds = name === "update" && old !== undefined ? { olds: old.outputs } : {};
      end = await this.#verb({ name, urn, news, attempt, ...olds }, plugin, run, async (context) => {
        if (name === "update" && old !== undefined) {
          return { kind: "answered", id: old.id, ...(await updated(old, news, plugin, context)) };
        }
        const { id, outs } = await plugin.verbs.create(news, context);
        return { kind: "answered", id: toIdText(id), outputs: outs };
      });
      if (end.kind !== "threw" || attempt >= options.retries || plugin.isInterrupted) break;
      if (options.retryAfterSeconds > 0) await this.clock.sleep(options.retryAfterSeconds * 1_000);
      if (run.isKilled) return;
    }
    if (end.kind === "lost") return;
    if (end.kind === "threw") run.failures.push({ urn, message: end.message });
    const isKept = end.id !== undefined && (end.kind === "answered" || end.properties !== undefined);
    if (!isKept || end.id === undefined) return;
    const isReplacing = name === "create" && old !== undefined;
    if (isReplacing && oldUrn !== undefined) this.#replaced.push({ urn: oldUrn, stored: old });
    const outputs = end.kind === "answered" ? end.outputs : end.properties;
    this.#settle(urn, oldUrn, {
      id: name === "update" && old !== undefined ? old.id : end.id,
      outputs: outputs ?? {},
      inputs: end.kind === "threw" && old !== undefined && name === "update" ? old.inputs : news,
      hasInitErrors: end.kind === "threw",
    });
  }

  #settle(urn: string, oldUrn: string | undefined, stored: Stored): void {
    if (oldUrn !== undefined && oldUrn !== urn) this.resources.delete(oldUrn);
    this.resources.set(urn, stored);
  }

  async #deleteAll(kept: ReadonlySet<string>, plugin: PluginProcess, run: RunRecord): Promise<void> {
    const forget = async (urn: string, { id, outputs }: Stored): Promise<boolean> => {
      const end = await this.#verb({ name: "delete", urn, olds: outputs }, plugin, run, async (context) => {
        plugin.verbs.forget(id, outputs, context);
        return { kind: "answered" };
      });
      if (end.kind === "threw") run.failures.push({ urn, message: end.message });
      return end.kind === "answered";
    };
    for (const one of this.#replaced) {
      if (await forget(one.urn, one.stored)) this.#replaced = this.#replaced.filter((other) => other !== one);
    }
    for (const [urn, stored] of [...this.resources]) {
      if (!kept.has(urn) && (await forget(urn, stored))) this.resources.delete(urn);
    }
  }

  async #inParallel<Item>(
    items: readonly Item[],
    parallel: number,
    plugin: PluginProcess,
    run: RunRecord,
    work: (item: Item) => Promise<void>,
  ): Promise<void> {
    const left = [...items];
    const worker = async (): Promise<void> => {
      for (let item = left.shift(); item !== undefined && !isOver(plugin, run); item = left.shift()) await work(item);
    };
    await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  }

  /** Runs one verb through the plugin's border, and records its result. */
  async #verb(
    given: { readonly name: VerbName; readonly urn: string; readonly attempt?: number } & Partial<
      Pick<VerbRecord, "olds" | "news">
    >,
    plugin: PluginProcess,
    run: RunRecord,
    verb: (context: LifecycleContext) => Promise<VerbEnd>,
  ): Promise<VerbEnd> {
    const record: VerbRecord = {
      attempt: 0,
      ...given,
      beganAtMs: this.clock.now(),
      endedAtMs: this.clock.now(),
      end: { kind: "lost" },
      hostCalls: 0,
      methods: [],
    };
    run.verbs.push(record);
    const ended = underWay.run(record, async (): Promise<VerbEnd> => {
      try {
        return await atBorder(async () => verb(plugin.context));
      } catch (thrown) {
        return thrownBy(thrown);
      }
    });
    const end = await Promise.race([ended, plugin.killed.then((): VerbEnd => ({ kind: "lost" }))]);
    record.end = run.isKilled ? { kind: "lost" } : end;
    record.endedAtMs = this.clock.now();
    return record.end;
  }
}

async function updated(
  { id, outputs }: Stored,
  news: Properties,
  { verbs }: PluginProcess,
  context: LifecycleContext,
): Promise<{ readonly outputs: Properties }> {
  return { outputs: (await verbs.update(id, outputs, news, context)).outs };
}

function isOver(plugin: PluginProcess, run: RunRecord): boolean {
  return run.isKilled || plugin.isInterrupted || run.failures.length > 0;
}

function thrownBy(thrown: unknown): VerbEnd {
  if (!(thrown instanceof Error)) return { kind: "threw", message: `not an error: ${String(thrown)}` };
  const { message, id, properties, reasons } = thrown as Error & {
    readonly id?: string;
    readonly properties?: Properties;
    readonly reasons?: readonly string[];
  };
  return { kind: "threw", message, id, properties, reasons };
}
