import { type HostSession, shareHost } from "../../provider/core/host/hostSession";
import { StartGuard } from "../../provider/core/host/startGuard";
import { atBorder, toIdText } from "../../provider/lifecycle/border";
import type { LifecycleContext, Properties } from "../../provider/lifecycle/context";
import { Ledger } from "../../provider/lifecycle/ledger";
import { LineLog } from "./callLog";
import type { FakeHost } from "./fakeHost";
import * as verbs from "./verbs";

/** The URN of the resource that tests are about. */
export const urn = "urn:pulumi:dev::lab::pulumi-nodejs:dynamic/hyperv:ReplicaResync::web01";

/** Inputs as the engine hands them to the plugin. */
export function inputs(more: Properties = {}): Record<string, unknown> {
  return { vm: "web01", connection: { scenario: "lab.json" }, __provider: "text of the provider", __urn: urn, ...more };
}

/** One plugin process: everything in it is new. */
export interface Plugin {
  readonly context: LifecycleContext;
  readonly lines: LineLog;
  readonly stop: () => void;
  /** How often a host was opened. */
  readonly opened: () => number;
}

export function plugin(host: FakeHost, more: Partial<LifecycleContext> = {}): Plugin {
  const lines = new LineLog();
  const controller = new AbortController();
  const session: HostSession = shareHost(host, host.clock, () => 0.5, new StartGuard());
  let ids = 0;
  let opened = 0;
  const context: LifecycleContext = {
    sources: { config: () => undefined, environment: {}, platform: "linux" },
    stopSignal: controller.signal,
    ledger: new Ledger(),
    progressFor: () => lines,
    openSession: () => {
      opened += 1;
      return session;
    },
    newRequestId: () => `request-${host.clock.now()}-${++ids}`,
    announced: new Set(),
    ...more,
  };
  const stop = (): void => {
    controller.abort(new Error("the run was cancelled"));
  };
  return { context, lines, stop, opened: () => opened };
}

/** The result of a run, as the engine reports it. */
export interface RunEnd {
  readonly did: "create" | "update" | "replace" | "same" | "refused" | "killed";
  readonly error?: Error;
}

interface RunOptions {
  /** The plugin of this run; a new process otherwise. */
  readonly plugin?: Plugin;
  /** How often a failed step is tried again within the run, like an error hook does. */
  readonly retries?: number;
  /** Settles when the plugin is killed: whatever it does then is lost. */
  readonly killed?: Promise<unknown>;
}

interface Thrown {
  readonly message: string;
  readonly id?: string;
  readonly properties?: Properties;
}

const killed = Symbol("killed");

/** A stack with one resource, kept like the engine keeps it: what a step does not return is lost. */
export class FakeStack {
  state: { readonly id: string; readonly outputs: Properties; readonly hasInitErrors: boolean } | undefined;

  constructor(readonly host: FakeHost) {}

  async up(
    news: Properties,
    { plugin: one = plugin(this.host), retries = 0, killed: kill }: RunOptions = {},
  ): Promise<RunEnd> {
    const { context } = one;
    const before = this.state;
    const { failures } = verbs.check(before?.outputs ?? {}, news, context);
    if (failures.length > 0)
      return { did: "refused", error: new Error(failures.map(({ reason }) => reason).join("; ")) };
    if (before === undefined) return this.#step("create", async () => verbs.create(news, context), retries, kill);
    const change = await atBorder(async () => verbs.diff(before.id, before.outputs, news, context));
    if (change.replaces.length > 0)
      return this.#step("replace", async () => verbs.create(news, context), retries, kill);
    if (!change.changes && !before.hasInitErrors) return { did: "same" };
    const update = async (): Promise<{ id: string; outs: Properties }> => ({
      id: before.id,
      outs: (await verbs.update(before.id, before.outputs, news, context)).outs,
    });
    return this.#step("update", update, retries, kill);
  }

  async refresh(one = plugin(this.host)): Promise<void> {
    if (this.state === undefined) return;
    const { id, outputs } = this.state;
    const after = await atBorder(async () => verbs.read(id, outputs, one.context));
    this.state = { id: after.id, outputs: after.props, hasInitErrors: false };
  }

  async #step(
    did: "create" | "update" | "replace",
    run: () => Promise<{ id: string; outs: Properties }>,
    retries: number,
    kill: Promise<unknown> | undefined,
  ): Promise<RunEnd> {
    const step = atBorder(run);
    try {
      const end = await (kill === undefined ? step : Promise.race([step, kill.then(() => killed)]));
      if (end === killed) return { did: "killed" };
      const { id, outs } = end as { id: string; outs: Properties };
      this.state = { id: toIdText(id), outputs: outs, hasInitErrors: false };
      return { did };
    } catch (thrown) {
      const error = thrown as Thrown & Error;
      if (retries > 0) return this.#step(did, run, retries - 1, kill);
      if (error.id !== undefined && error.properties?.__provider === undefined)
        throw new Error("the engine loses a resource without __provider", { cause: error });
      if (error.id !== undefined) this.state = { id: error.id, outputs: error.properties ?? {}, hasInitErrors: true };
      return { did, error };
    }
  }
}
