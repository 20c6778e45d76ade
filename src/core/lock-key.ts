import { createHash } from "node:crypto";

/**
 * The number of the advisory lock with a name (a signed 64-bit integer, as decimal text). Two names could share
 * one, which would only make one of them wait.
 */
export function lockKey(name: string): string {
  return createHash("sha256").update(`tenantry/${name}`).digest().readBigInt64BE().toString();
}
