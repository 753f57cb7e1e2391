import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceProviderService as service } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { NodeProcess } from "./childProcess";
import type { Events } from "./events";
import type { Project } from "./project";
import { connectionClosing, pluginGone, providerErrorOf, type ProviderError } from "./providerError";
import { channelOptions, unary } from "./rpc";
import { TrailerRelay } from "./trailerRelay";
import type { Wire, WireMessage } from "./wire";

/** Long enough for the news of a killed process to arrive after that of its connection. */
const deathMs = 200;

/** What a plugin needs to know of the run. */
export interface PluginContext {
  readonly project: Project;
  readonly engineAddress: string;
  readonly events: Events;
  readonly wire: Wire;
  readonly stackUrn: string;
}

/** One process of the SDK's plugin for dynamic providers, and the connection to it. */
export class Plugin {
  readonly #process: NodeProcess;
  readonly #relay: TrailerRelay;
  readonly #client: grpc.Client;
  readonly #wire: Wire;
  readonly #calls = new Set<Promise<unknown>>();
  #isClosed = false;

  private constructor(process: NodeProcess, relay: TrailerRelay, wire: Wire) {
    this.#process = process;
    this.#relay = relay;
    this.#client = new grpc.Client(relay.address, grpc.credentials.createInsecure(), channelOptions);
    this.#wire = wire;
  }

  /** Starts a plugin and waits until it listens. Later lines that it prints are shown under the stack, as by the CLI. */
  static async start(context: PluginContext): Promise<Plugin> {
    const { project, events, stackUrn } = context;
    const process = await new Promise<{ child: NodeProcess; port: string }>((resolve, reject) => {
      let isListening = false;
      const child = new NodeProcess("@pulumi/pulumi/cmd/dynamic-provider", [context.engineAddress], {
        directory: project.programDirectory,
        env: {
          ...globalThis.process.env,
          PULUMI_NODEJS_PROJECT: project.name,
          PULUMI_RUNTIME_TYPESCRIPT: String(project.typescript),
        },
        onLine: (line, stream) => {
          if (!isListening && stream === "stdout" && /^\d+$/.test(line)) {
            isListening = true;
            resolve({ child, port: line });
          } else events.emit({ type: "log", urn: stackUrn, severity: "info", message: line, ephemeral: false });
        },
      });
      child.exited.then((code) => {
        reject(new Error(`the plugin ended with exit code ${code} before it listened`));
      }, reject);
      events.emit({ type: "plugin", pid: child.pid });
    });
    const relay = await TrailerRelay.open(Number(process.port));
    return new Plugin(process.child, relay, context.wire);
  }

  /**
   * Makes one call. `shown` and `showReply` are the messages as they are recorded.
   * @throws ProviderError with what the plugin said, or that it is gone.
   */
  async call<Request, Reply>(
    method: grpc.MethodDefinition<Request, Reply>,
    request: Request,
    shown: WireMessage,
    showReply: (reply: Reply) => WireMessage,
  ): Promise<Reply> {
    const name = method.path.replace("/pulumirpc.", "");
    this.#wire.request(name, shown);
    const answer = unary(this.#client, method, request);
    this.#calls.add(answer);
    try {
      const reply = await answer;
      this.#wire.response(name, showReply(reply));
      return reply;
    } catch (error) {
      const failure = await this.#failureOf(error);
      this.#wire.failure(name, failure);
      throw failure;
    } finally {
      this.#calls.delete(answer);
    }
  }

  /** Tells the plugin that the run ends, or that a person has interrupted it; a plugin that is gone does not mind. */
  async cancel(): Promise<void> {
    await this.call(service.cancel, new Empty(), {}, () => ({})).catch(() => undefined);
  }

  /** Ends connection and process. Calls under way fail. */
  async stop(): Promise<void> {
    this.#isClosed = true;
    this.#client.close();
    await this.#process.stop();
    this.#relay.close();
    await Promise.allSettled(this.#calls);
  }

  async #failureOf(error: unknown): Promise<ProviderError> {
    if (this.#isClosed) return connectionClosing();
    if (await this.#hasDied(error)) return pluginGone();
    return providerErrorOf(error, (value) => this.#relay.restore(value));
  }

  /** A lost connection is seen shortly before the end of the process. */
  async #hasDied(error: unknown): Promise<boolean> {
    const isLost = (error as Partial<grpc.ServiceError>).code !== grpc.status.UNKNOWN;
    if (isLost && this.#process.isRunning) {
      await Promise.race([this.#process.exited, new Promise((resolve) => setTimeout(resolve, deathMs).unref())]);
    }
    return isLost && !this.#process.isRunning;
  }
}
