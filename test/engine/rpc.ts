import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap } from "./values";

/**
 * For every channel: no limit for the size of a message, as a state may be large, and no retries, as a create that was
 * sent once must never be sent again. A request may wait for hours in the queue behind others.
 */
export const channelOptions: grpc.ChannelOptions = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
  "grpc.enable_retries": 0,
  "grpc.server_max_unrequested_time_in_server": 86_400,
};

/** Makes one call and waits for its reply, for as long as it takes. */
export function unary<Request, Reply>(
  client: grpc.Client,
  method: grpc.MethodDefinition<Request, Reply>,
  request: Request,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      (error, reply) => {
        if (error !== null) reject(error);
        else if (reply === undefined) reject(new Error(`no reply from ${method.path}`));
        else resolve(reply);
      },
    );
  });
}

/** Opens a server for this computer only; resolves to its address. */
export async function listen(server: grpc.Server): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return `127.0.0.1:${port}`;
}

/** Properties as the wire has them. */
export function toStruct(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(properties);
}

/** Properties from the wire; nothing is an empty map there. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  return struct?.toJavaScript() ?? {};
}
