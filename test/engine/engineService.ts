import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, LogSeverity, SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import type { LogRequest, SetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb";
import type { Events } from "./events";
import { renameSdkRefusal } from "./refusals";
import { channelOptions, listen } from "./rpc";

const severities = new Map<LogSeverity, "info" | "warning" | "error">([
  [LogSeverity.INFO, "info"],
  [LogSeverity.WARNING, "warning"],
  [LogSeverity.ERROR, "error"],
]);

/** What program and plugin report to: lines beside a resource, or under the stack when they name none. */
export class EngineServiceHost {
  readonly #server = new grpc.Server(channelOptions);
  #rootUrn = "";

  constructor(events: Events, stackUrn: string) {
    this.#server.addService(EngineService, {
      log: ((call, callback) => {
        const severity = severities.get(call.request.getSeverity());
        const message = renameSdkRefusal(call.request.getMessage());
        const urn = call.request.getUrn() || stackUrn;
        // Debug lines are dropped, as the CLI drops them unless asked.
        if (severity !== undefined) {
          events.emit({ type: "log", urn, severity, message, ephemeral: call.request.getEphemeral() });
        }
        callback(null, new Empty());
      }) satisfies grpc.handleUnaryCall<LogRequest, Empty>,
      getRootResource: ((_call, callback) => {
        callback(null, new GetRootResourceResponse().setUrn(this.#rootUrn));
      }) satisfies grpc.handleUnaryCall<unknown, GetRootResourceResponse>,
      setRootResource: ((call, callback) => {
        this.#rootUrn = call.request.getUrn();
        callback(null, new SetRootResourceResponse());
      }) satisfies grpc.handleUnaryCall<SetRootResourceRequest, SetRootResourceResponse>,
    });
  }

  /** Opens the service; resolves to its address. */
  async open(): Promise<string> {
    return await listen(this.#server);
  }

  shut(): void {
    this.#server.forceShutdown();
  }
}
