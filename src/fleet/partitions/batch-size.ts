import { TenantryError } from "../../core/errors.ts";

/** Rows moved in the transaction that attaches their table: some tenths of a second. */
export const DEFAULT_BATCH_SIZE = 10_000;

const LARGEST = 1_000_000;

/** @throws {TenantryError} TNT-846 for what is no number of rows */
export function checkBatchSize(batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > LARGEST)
    throw new TenantryError("TNT-846", { batchSize, largest: LARGEST });
}
