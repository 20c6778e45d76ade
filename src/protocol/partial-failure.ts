import type { ServiceError } from "@grpc/grpc-js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { PartialFailure } from "./plugin-failure.ts";
import { fromStruct } from "./values.ts";

const DETAIL = "pulumirpc.ErrorResourceInitFailed";

/** The partial failure that a failed call reports in its details; undefined when it failed as a whole. */
export function readPartialFailure(error: unknown): PartialFailure | undefined {
  const [details] = (error as Partial<ServiceError>).metadata?.get("grpc-status-details-bin") ?? [];
  if (!Buffer.isBuffer(details)) return undefined;
  const found = statusPb.Status.deserializeBinary(details)
    .getDetailsList()
    .find((detail) => detail.getTypeName() === DETAIL);
  if (!found) return undefined;
  const failed = providerPb.ErrorResourceInitFailed.deserializeBinary(found.getValue_asU8());
  return new PartialFailure(
    {
      id: failed.getId(),
      outputs: fromStruct(failed.getProperties()),
      reasons: failed.getReasonsList(),
    },
    { cause: error },
  );
}
