import { randomUUID } from "node:crypto";
import type { Events } from "./events";
import type { PluginContext } from "./plugin";
import type { StackConfig } from "./project";
import { Provider } from "./provider";
import type { ResourceState, Snapshot } from "./state";
import { urnOf, type StackIdentity } from "./urn";
import { isSame, secret, unknownValue, type PropertyMap } from "./values";

const type = "pulumi:providers:pulumi-nodejs";

/** Whether this is the resource that stands for the provider: it is in the state, but never shown. */
export function isProvider(resource: { readonly type: string }): boolean {
  return resource.type.startsWith("pulumi:providers:");
}

/**
 * The provider of all dynamic resources. Its state holds the configuration of the last `up`: what is read or deleted
 * without running the program gets that one, whatever the configuration is today.
 */
export class DefaultProvider {
  readonly #urn: string;
  readonly #context: Omit<PluginContext, "engineAddress">;
  readonly #snapshot: Snapshot;
  readonly #today: PropertyMap;
  readonly #isPreview: boolean;
  readonly #started: Provider[] = [];
  #engineAddress = "";
  #goodbye: Promise<void> | undefined;
  #configured: Promise<Provider> | undefined;
  #registered: Promise<{ provider: Provider; ref: string }> | undefined;

  constructor(
    identity: StackIdentity,
    config: StackConfig,
    options: { context: Omit<PluginContext, "engineAddress">; snapshot: Snapshot; isPreview: boolean },
  ) {
    this.#urn = urnOf(identity, type, "default");
    this.#context = options.context;
    this.#snapshot = options.snapshot;
    this.#isPreview = options.isPreview;
    this.#today = Object.fromEntries(
      [...config.values].map(([key, value]) => [key, config.secretKeys.has(key) ? secret(value) : value]),
    );
  }

  /** Where plugins find the engine's log service; to be set before the first is started. */
  set engineAddress(address: string) {
    this.#engineAddress = address;
  }

  /** For resources that are read or deleted: configured as the last `up` was, unless this run registered it again. */
  asStored(): Promise<Provider> {
    this.#configured ??= this.#startAsStored();
    return this.#configured;
  }

  /** For resources that the program registers: today's configuration, and a reference for their state. */
  asRegistered(): Promise<{ provider: Provider; ref: string }> {
    this.#registered ??= this.#register();
    return this.#registered;
  }

  /** Tells every plugin, at once, that a person has interrupted the run. */
  async interrupt(events: Events): Promise<void> {
    if (this.#started.length > 0) events.emit({ type: "cancel", cause: "interrupt" });
    await Promise.all(this.#started.map((provider) => provider.cancel()));
  }

  /** Tells every plugin, one after another, that the run is over: `Cancel` is also the ordinary farewell. */
  async sayGoodbye(events: Events): Promise<void> {
    this.#goodbye ??= (async () => {
      if (this.#started.length > 0) events.emit({ type: "cancel", cause: "end" });
      for (const provider of this.#started) await provider.cancel();
    })();
    await this.#goodbye;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.map((provider) => provider.stop()));
  }

  async #startAsStored(): Promise<Provider> {
    const stored = this.#snapshot.resources.find((resource) => resource.urn === this.#urn);
    if (stored === undefined) throw new Error(`the state has resources without their provider ${this.#urn}`);
    const provider = await this.#start();
    await provider.configure(this.#urn, stored.id ?? "", stored.inputs ?? {});
    return provider;
  }

  async #register(): Promise<{ provider: Provider; ref: string }> {
    const old = this.#snapshot.old(this.#urn);
    const id = old?.id ?? (this.#isPreview ? unknownValue : randomUUID());
    const fresh = await this.#start();
    await fresh.checkConfig(this.#urn, old, this.#today);
    if (old !== undefined) await fresh.diffConfig(old, this.#today);
    const isUnchanged = old !== undefined && isSame(old.outputs ?? {}, this.#today);
    // As in the real engine: a plugin that the refresh of the same run has configured keeps serving when nothing in
    // the configuration changed; the one that was started for the questions above is then left alone.
    if (!isUnchanged || this.#configured === undefined) {
      await fresh.configure(this.#urn, id, this.#today);
      this.#configured = Promise.resolve(fresh);
    }
    this.#snapshot.settle(this.#stateOf(id, old), old);
    return { provider: await this.asStored(), ref: `${this.#urn}::${id}` };
  }

  #stateOf(id: string, old: ResourceState | undefined): ResourceState {
    const now = new Date().toISOString();
    const config = Object.keys(this.#today).length > 0 ? { inputs: this.#today, outputs: this.#today } : {};
    return { urn: this.#urn, custom: true, id, type, ...config, created: old?.created ?? now, modified: now };
  }

  async #start(): Promise<Provider> {
    const provider = await Provider.start({ ...this.#context, engineAddress: this.#engineAddress });
    this.#started.push(provider);
    return provider;
  }
}
