import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { fail, type Deployment } from "./deployment";
import { goalOf, shownRegistration } from "./goal";
import { refusedCalls, refuseUnknownOptions, UnsupportedError } from "./refusals";
import type { Registrations } from "./registrations";
import { channelOptions, fromStruct, listen, toStruct } from "./rpc";
import type { ResourceState } from "./state";
import { fromProgram, type PropertyMap } from "./values";

const features = ["RESOURCE_MONITOR_FEATURE_SECRETS", "RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES"] as const;
const legacyFeatures = new Set(["secrets", "outputValues"]);
const organization = "organization"; // What the CLI's file backend calls it.

/**
 * What the program talks to. A registration that fails is never answered: the SDK would print any other answer as an
 * unhandled exception. The program then waits until this service is shut.
 */
export class Monitor {
  readonly #d: Deployment;
  readonly #registrations: Registrations;
  readonly #onProgramDone: () => Promise<void>;
  readonly #server = new grpc.Server(channelOptions);

  constructor(deployment: Deployment, registrations: Registrations, onProgramDone: () => Promise<void>) {
    this.#d = deployment;
    this.#registrations = registrations;
    this.#onProgramDone = onProgramDone;
    this.#server.addService(ResourceMonitorService, {
      ...this.#refusals(),
      getDeploymentInfo: this.#unary(
        "GetDeploymentInfo",
        () => ({}),
        () => Promise.resolve(this.#deploymentInfo()),
      ),
      supportsFeature: this.#unary(
        "SupportsFeature",
        (request: proto.SupportsFeatureRequest) => ({ id: request.getId() }),
        (request) =>
          Promise.resolve({
            reply: new proto.SupportsFeatureResponse().setHassupport(legacyFeatures.has(request.getId())),
            shown: {},
          }),
      ),
      registerResource: this.#unary("RegisterResource", shownRegistration, (request) => this.#register(request)),
      registerResourceOutputs: this.#unary(
        "RegisterResourceOutputs",
        (request: proto.RegisterResourceOutputsRequest) => ({
          urn: request.getUrn(),
          outputs: fromStruct(request.getOutputs()),
        }),
        (request) => {
          this.#registrations.setOutputs(
            request.getUrn(),
            fromProgram(fromStruct(request.getOutputs())) as PropertyMap,
          );
          return Promise.resolve({ reply: new Empty(), shown: {} });
        },
      ),
      signalAndWaitForShutdown: this.#unary(
        "SignalAndWaitForShutdown",
        () => ({}),
        async () => {
          await this.#onProgramDone();
          return this.#d.halt.reason === undefined ? { reply: new Empty(), shown: {} } : undefined;
        },
      ),
    });
  }

  /** Opens the service; resolves to its address. */
  async open(): Promise<string> {
    return await listen(this.#server);
  }

  /** Drops all connections: whatever still waits for an answer learns that there is none. */
  shut(): void {
    this.#server.forceShutdown();
  }

  async #register(request: proto.RegisterResourceRequest): Promise<Answer<proto.RegisterResourceResponse> | undefined> {
    const { identity, stackUrn } = this.#d;
    let goal;
    try {
      refuseUnknownOptions(request);
      goal = goalOf(request, identity);
    } catch (error) {
      fail(this.#d, stackUrn, error);
      return undefined;
    }
    const state = await this.#registrations.register(goal);
    return state === undefined ? undefined : this.#registered(state);
  }

  #registered(state: ResourceState): Answer<proto.RegisterResourceResponse> {
    // Of a component the program already knows the outputs, as it computes them itself.
    const object = state.custom ? { ...state.inputs, ...state.outputs } : (state.inputs ?? {});
    const { urn, id = "" } = state;
    const reply = new proto.RegisterResourceResponse().setUrn(urn).setId(id).setObject(toStruct(object));
    if (state.custom && id === "") reply.setUnknown(true);
    return { reply, shown: { urn, id, object } };
  }

  #deploymentInfo(): Answer<proto.DeploymentInfo> {
    const { identity, config, isPreview, parallel } = this.#d;
    const [project, stack, secretKeys] = [identity.project, identity.stack, [...config.secretKeys]];
    const reply = new proto.DeploymentInfo().setProject(project).setStack(stack).setOrganization(organization);
    for (const [key, value] of config.values) reply.getConfigMap().set(key, value);
    reply.setConfigsecretkeysList(secretKeys).setDryrun(isPreview).setParallel(parallel);
    reply.setSupportedfeaturesList(features.map((name) => proto.ResourceMonitorFeature[name]));
    const shownConfig = config.values.size > 0 ? { config: Object.fromEntries(config.values) } : {};
    const shown = {
      project,
      stack,
      organization,
      ...shownConfig,
      configSecretKeys: secretKeys,
      dryRun: isPreview,
      parallel,
    };
    return { reply, shown: { ...shown, supportedFeatures: features } };
  }

  #refusals(): grpc.UntypedServiceImplementation {
    const refusals = Object.entries(refusedCalls).map(([name, feature]) => {
      const handle: grpc.handleUnaryCall<unknown, unknown> = () => {
        fail(this.#d, this.#d.stackUrn, new UnsupportedError(feature));
      };
      return [name, handle];
    });
    return Object.fromEntries(refusals) as grpc.UntypedServiceImplementation;
  }

  /** Answers one kind of call, or leaves it without answer when there is none. */
  #unary<Request, Reply>(
    name: string,
    show: (request: Request) => object,
    answer: (request: Request) => Promise<Answer<Reply> | undefined>,
  ): grpc.handleUnaryCall<Request, Reply> {
    const method = `ResourceMonitor/${name}`;
    return (call, callback) => {
      this.#d.wire.request(method, { ...show(call.request) });
      answer(call.request).then(
        (answered) => {
          if (answered === undefined) return;
          this.#d.wire.response(method, { ...answered.shown });
          callback(null, answered.reply);
        },
        (error: unknown) => {
          fail(this.#d, this.#d.stackUrn, error);
        },
      );
    };
  }
}

interface Answer<Reply> {
  readonly reply: Reply;
  readonly shown: object;
}
