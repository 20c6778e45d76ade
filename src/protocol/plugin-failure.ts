import { Metadata, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { TenantryError, messageOf } from "../core/errors.ts";
import anyPb from "google-protobuf/google/protobuf/any_pb.js";
import { keepSecretProperties } from "./secrets.ts";
import { toStruct } from "./values.ts";
import type { Properties } from "./values.ts";

/**
 * Thrown by a handler whose resource exists but is not complete: the engine keeps it in the state with the reasons
 * and calls Update in the next run.
 */
export class PartialFailure extends Error {
  readonly id: string;
  readonly outputs: Properties;
  readonly reasons: readonly string[];

  constructor(
    failure: { id: string; outputs: Properties; reasons: readonly string[] },
    options?: { cause?: unknown },
  ) {
    super(failure.reasons.join("\n"), options);
    this.name = "PartialFailure";
    this.id = failure.id;
    this.outputs = failure.outputs;
    this.reasons = failure.reasons;
  }
}

/**
 * The gRPC status of anything a handler threw. FAILED_PRECONDITION says that nothing was left undefined; UNKNOWN
 * makes the engine warn that the state may be wrong.
 *
 * @param inputs the request's, with its secrets marked
 */
export function toServiceError(error: unknown, inputs: Properties): Partial<ServiceError> {
  if (error instanceof PartialFailure)
    return {
      code: status.UNKNOWN,
      details: error.message,
      metadata: partialFailureMetadata(error, inputs),
    };
  const code = error instanceof TenantryError ? status.FAILED_PRECONDITION : status.UNKNOWN;
  return { code, details: messageOf(error) };
}

function partialFailureMetadata(failure: PartialFailure, inputs: Properties): Metadata {
  const detail = new providerPb.ErrorResourceInitFailed();
  detail.setId(failure.id);
  detail.setProperties(toStruct(keepSecretProperties(failure.outputs, inputs)));
  detail.setInputs(toStruct(inputs));
  detail.setReasonsList([...failure.reasons]);
  const packed = new anyPb.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const message = new statusPb.Status();
  message.setCode(status.UNKNOWN);
  message.setMessage(failure.message);
  message.addDetails(packed);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(message.serializeBinary()));
  return metadata;
}
