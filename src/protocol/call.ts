import type { Client, MethodDefinition } from "@grpc/grpc-js";

/** No limit on the size of messages; no keep-alive traffic and no statistics on a connection within one host. */
export const GRPC_OPTIONS = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
  "grpc.keepalive_time_ms": 2_147_483_647,
  "grpc.enable_channelz": 0,
} as const;

/**
 * Calls a gRPC method that takes and gives one message.
 *
 * @param deadlineMs milliseconds until the call fails; without it, it may take as long as it likes
 * @throws {import("@grpc/grpc-js").ServiceError}
 */
export function call<Request, Response>(
  client: Client,
  method: MethodDefinition<Request, Response>,
  request: Request,
  deadlineMs?: number,
): Promise<Response> {
  const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      options,
      (error, response) => {
        if (error) reject(error);
        else if (response === undefined) reject(new Error(`${method.path} answered nothing`));
        else resolve(response);
      },
    );
  });
}
