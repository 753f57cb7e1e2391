import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { type InitFailure, providerErrorOf } from "../engine/providerError";
import { TrailerRelay } from "../engine/trailerRelay";
import { quickStart, root } from "./programs/programs";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

const ofRoot = createRequire(path.join(root, "package.json"));

/** What the plugin answered, or that it did not answer within the time. */
export type Answer =
  | { readonly kind: "reply"; readonly properties: Readonly<Record<string, unknown>>; readonly id: string }
  /** `kept`: what the error says about a resource that is to be kept. */
  | { readonly kind: "error"; readonly message: string; readonly kept: InitFailure | undefined }
  | { readonly kind: "silence" };

export type Verb = "check" | "diff" | "create" | "read" | "update" | "delete";

interface Message {
  setArgs?(value: Struct): void;
  setId?(id: string): void;
  setNews?(value: Struct): void;
  setOlds?(value: Struct): void;
  setProperties?(value: Struct): void;
}
interface Reply {
  getId?(): string;
  getInputs?(): Struct | undefined;
  getProperties?(): Struct | undefined;
}

/** The SDK's plugin process, called without an engine. */
export class PluginClient {
  readonly #process: ChildProcess;
  readonly #client: grpc.Client;
  readonly #providerText: string;
  readonly #relay: TrailerRelay;

  private constructor(plugin: ChildProcess, client: grpc.Client, relay: TrailerRelay, providerText: string) {
    this.#relay = relay;
    this.#process = plugin;
    this.#client = client;
    this.#providerText = providerText;
  }

  /** Starts a plugin whose provider is the module at `handlers`. */
  static async start(handlers: string, env: Readonly<Record<string, string>>): Promise<PluginClient> {
    const main = ofRoot.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const plugin = spawn(process.execPath, [main, "127.0.0.1:1"], {
      cwd: root,
      env: { ...process.env, ...quickStart(process.env), PACKAGE_ROOT: root, ...env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [port] = (await once(createInterface({ input: plugin.stdout }), "line")) as [string];
    const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const relay = await TrailerRelay.open(Number(port));
    const client = new grpc.Client(relay.address, grpc.credentials.createInsecure(), unlimited);
    const text = `exports.handler = () => require(${JSON.stringify(handlers)});`;
    const started = new PluginClient(plugin, client, relay, text);
    await started.#send("Configure", { args: {} });
    return started;
  }

  /** Calls one verb with these properties as the new ones. */
  async call(verb: Verb, properties: Readonly<Record<string, unknown>>, timeoutMs: number): Promise<Answer> {
    const all = Struct.fromJavaScript({ ...properties, __provider: this.#providerText });
    const name = verb.charAt(0).toUpperCase() + verb.slice(1);
    return this.#send(name, { all }, timeoutMs);
  }

  async stop(): Promise<void> {
    this.#client.close();
    this.#relay.close();
    this.#process.kill("SIGKILL");
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
  }

  async #send(method: string, { all, args }: { all?: Struct; args?: object }, timeoutMs = 240_000): Promise<Answer> {
    const messages = ofRoot("@pulumi/pulumi/proto/provider_pb") as Record<string, new () => Message>;
    const { ResourceProviderService } = ofRoot("@pulumi/pulumi/proto/provider_grpc_pb") as {
      ResourceProviderService: grpc.ServiceDefinition;
    };
    const definition = Object.values(ResourceProviderService).find(({ path: to }) => to.endsWith(`/${method}`));
    const Request = messages[`${method}Request`];
    if (definition === undefined || Request === undefined) throw new Error(`no method ${method}`);
    const request = new Request();
    const struct = all ?? Struct.fromJavaScript((args ?? {}) as never);
    request.setArgs?.(struct);
    request.setId?.("an-id");
    request.setNews?.(struct);
    request.setOlds?.(struct);
    request.setProperties?.(struct);
    return new Promise((resolve) => {
      const deadline = Date.now() + timeoutMs;
      const done = (error: grpc.ServiceError | null, reply?: Reply): void => {
        if (error?.code === grpc.status.DEADLINE_EXCEEDED) resolve({ kind: "silence" });
        else if (error !== null) {
          const { details, initFailure } = providerErrorOf(error, (value) => this.#relay.restore(value));
          resolve({ kind: "error", message: details, kept: initFailure });
        } else {
          const properties = reply?.getProperties?.() ?? reply?.getInputs?.();
          resolve({ kind: "reply", properties: properties?.toJavaScript() ?? {}, id: reply?.getId?.() ?? "" });
        }
      };
      this.#client.makeUnaryRequest(
        definition.path,
        definition.requestSerialize,
        definition.responseDeserialize as (bytes: Buffer) => Reply,
        request,
        { deadline },
        done,
      );
    });
  }
}
