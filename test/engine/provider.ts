import { status, type MethodDefinition } from "@grpc/grpc-js";
import type { Message } from "google-protobuf";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceProviderService as service } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { fill, type Fields } from "./message";
import { Plugin, type PluginContext } from "./plugin";
import { ProviderError } from "./providerError";
import { fromStruct } from "./rpc";
import type { ResourceState } from "./state";
import { nameOf, typeOf } from "./urn";
import { unwrapAll, type PropertyMap } from "./values";
import type { WireMessage } from "./wire";

/** What a plugin says of a difference; `unknown` is left to the engine. */
export interface Difference {
  readonly changes: "none" | "some" | "unknown";
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

/** Inputs as the provider wants them, or why it does not. */
export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures: { property: string; reason: string }[];
}

/** A resource as the provider sees it. */
export interface LiveResource {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly inputs?: PropertyMap;
}

/** The verbs of a provider. Secrets are unwrapped on the way in; what comes back has to be marked by the caller. */
export class Provider {
  readonly #plugin: Plugin;
  readonly #context: PluginContext;

  private constructor(plugin: Plugin, context: PluginContext) {
    this.#plugin = plugin;
    this.#context = context;
  }

  /** Starts a plugin and greets it. */
  static async start(context: PluginContext): Promise<Provider> {
    const provider = new Provider(await Plugin.start(context), context);
    await provider.#greet();
    return provider;
  }

  async checkConfig(urn: string, old: ResourceState | undefined, news: PropertyMap): Promise<void> {
    const fields = { urn, olds: unwrapAll(old?.inputs), news: unwrapAll(news), ...nameAndType(urn) };
    await this.#callOptional(service.checkConfig, new proto.CheckRequest(), fields);
  }

  async diffConfig(old: ResourceState, news: PropertyMap): Promise<void> {
    const { urn } = old;
    const fields = { urn, olds: unwrapAll(old.outputs), news: unwrapAll(news), oldInputs: unwrapAll(old.inputs) };
    await this.#callOptional(service.diffConfig, new proto.DiffRequest(), { ...fields, ...nameAndType(urn) });
  }

  async configure(urn: string, id: string, config: PropertyMap): Promise<void> {
    const pkg = typeOf(urn).split(":")[2];
    const variables = Object.entries(unwrapAll(config)).map(([key, value]): [string, string] => [
      `${pkg}:config:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const flags = { acceptSecrets: true, acceptResources: true, sendsOldInputs: true, sendsOldInputsToDelete: true };
    const fields = { args: config, ...flags, id, urn, ...nameAndType(urn) };
    const request = fill(new proto.ConfigureRequest(), fields);
    for (const [key, value] of variables) request.getVariablesMap().set(key, value);
    const shown = variables.length > 0 ? { variables: Object.fromEntries(variables), ...fields } : fields;
    await this.#plugin.call(service.configure, request, shown, () => ({}));
  }

  async check(urn: string, olds: PropertyMap | undefined, news: PropertyMap, randomSeed: string): Promise<CheckResult> {
    const fields = { urn, olds: unwrapAll(olds), news: unwrapAll(news), randomSeed, ...nameAndType(urn) };
    return await this.#call(service.check, new proto.CheckRequest(), fields, (reply) => ({
      inputs: fromStruct(reply.getInputs()),
      failures: reply.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() })),
    }));
  }

  async diff(old: ResourceState, news: PropertyMap): Promise<Difference> {
    const { urn, id = "" } = old;
    const fields = { id, urn, olds: unwrapAll(old.outputs), news: unwrapAll(news), oldInputs: unwrapAll(old.inputs) };
    const reply = await this.#call(
      service.diff,
      new proto.DiffRequest(),
      { ...fields, ...nameAndType(urn) },
      (answer) => ({
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
        changes: ([undefined, "DIFF_NONE", "DIFF_SOME"] as const)[answer.getChanges()],
      }),
    );
    const changes = ({ DIFF_NONE: "none", DIFF_SOME: "some" } as const)[reply.changes ?? "DIFF_SOME"];
    return { ...reply, changes: reply.changes === undefined ? "unknown" : changes };
  }

  async create(urn: string, inputs: PropertyMap): Promise<LiveResource> {
    const fields = { urn, properties: unwrapAll(inputs), ...nameAndType(urn) };
    return await this.#call(service.create, new proto.CreateRequest(), fields, liveResourceOf);
  }

  /** What the resource is like now; without id it is gone. */
  async read(old: ResourceState): Promise<LiveResource> {
    const { urn, id = "" } = old;
    const fields = { id, urn, properties: unwrapAll(old.outputs), inputs: unwrapAll(old.inputs), ...nameAndType(urn) };
    return await this.#call(service.read, new proto.ReadRequest(), fields, (reply) => ({
      ...liveResourceOf(reply),
      ...(reply.hasInputs() ? { inputs: fromStruct(reply.getInputs()) } : {}),
    }));
  }

  async update(old: ResourceState, news: PropertyMap): Promise<PropertyMap> {
    const { urn, id = "" } = old;
    const fields = { id, urn, olds: unwrapAll(old.outputs), news: unwrapAll(news), oldInputs: unwrapAll(old.inputs) };
    const request = new proto.UpdateRequest();
    const reply = await this.#call(service.update, request, { ...fields, ...nameAndType(urn) }, (answer) => ({
      properties: fromStruct(answer.getProperties()),
    }));
    return reply.properties;
  }

  async delete(old: ResourceState): Promise<void> {
    const { urn, id = "" } = old;
    const fields = { id, urn, properties: unwrapAll(old.outputs), oldInputs: unwrapAll(old.inputs) };
    await this.#call(service.delete, new proto.DeleteRequest(), { ...fields, ...nameAndType(urn) }, () => ({}));
  }

  /** Tells the plugin that the run ends or was interrupted. */
  async cancel(): Promise<void> {
    await this.#plugin.cancel();
  }

  async stop(): Promise<void> {
    await this.#plugin.stop();
  }

  async #greet(): Promise<void> {
    const { engineAddress, project } = this.#context;
    const directories = { rootDirectory: project.programDirectory, programDirectory: project.programDirectory };
    const flags = {
      configureWithUrn: true,
      supportsViews: true,
      supportsRefreshBeforeUpdate: true,
      invokeWithPreview: true,
    };
    const fields = { engineAddress, ...directories, ...flags };
    await this.#callOptional(service.handshake, new proto.ProviderHandshakeRequest(), fields);
    await this.#call(service.getPluginInfo, new Empty(), {}, (reply) => ({ version: reply.getVersion() }));
  }

  async #call<Request extends Message, Reply, Shown extends object>(
    method: MethodDefinition<Request, Reply>,
    request: Request,
    fields: Fields,
    show: (reply: Reply) => Shown,
  ): Promise<Shown> {
    return show(
      await this.#plugin.call(method, fill(request, fields), fields, (reply) => ({ ...show(reply) }) as WireMessage),
    );
  }

  /** The SDK's plugin answers some questions with "unimplemented"; the engine then continues as if all were well. */
  async #callOptional<Request extends Message, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Request,
    fields: Fields,
  ): Promise<void> {
    await this.#call(method, request, fields, () => ({})).catch((error: unknown) => {
      if (!(error instanceof ProviderError) || error.code !== status.UNIMPLEMENTED) throw error;
    });
  }
}

function liveResourceOf(reply: proto.CreateResponse | proto.ReadResponse): LiveResource {
  return { id: reply.getId(), properties: fromStruct(reply.getProperties()) };
}

function nameAndType(urn: string): { name: string; type: string } {
  return { name: nameOf(urn), type: typeOf(urn) };
}
