import type { handleUnaryCall } from "@grpc/grpc-js";
import { toServiceError } from "./plugin-failure.ts";
import type { Properties } from "./values.ts";

/**
 * A gRPC method from a function that answers or throws.
 *
 * @param inputsOf the request's inputs, which a partial failure reports
 */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
  inputsOf: (request: Request) => Properties = () => ({}),
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(toServiceError(error, inputsOf(call.request)));
        },
      );
  };
}
