import { AsyncLocalStorage } from "node:async_hooks";
import { TenantryError } from "../../core/errors.ts";

/** The tenant that a request is for. */
export interface RequestTenant {
  /** The id that the request named. */
  readonly id: string;
  /** The value of the partition key: the id at creation, for ever. */
  readonly key: string;
}

const storage = new AsyncLocalStorage<RequestTenant>();

/** Runs work, and all that it starts, for a tenant. */
export const asTenant = <T>(tenant: RequestTenant, work: () => T): T => storage.run(tenant, work);

/**
 * The tenant of the request that is being answered.
 *
 * @throws {TenantryError} TNT-830 outside of one that a guard let in.
 */
export function requestTenant(): RequestTenant {
  const tenant = storage.getStore();
  if (tenant === undefined) throw new TenantryError("TNT-830", {});
  return tenant;
}

/**
 * The partition of the request that is being answered: the value of its tenant's partition key.
 *
 * @throws {TenantryError} TNT-830 outside of a request that a guard let in.
 */
export const currentPartition = (): string => requestTenant().key;
