import { setTimeout as sleep } from "node:timers/promises";
import { MAX_ATTEMPTS, pauseBefore } from "../core/contention.ts";
import { TenantryError } from "../core/errors.ts";
import { sqlstateOf } from "./sql-error.ts";
import { SQLSTATE } from "./sqlstate.ts";

const CONTENTION: readonly string[] = [
  SQLSTATE.lockNotAvailable,
  SQLSTATE.deadlockDetected,
  SQLSTATE.serializationFailure,
];

/**
 * Runs work, and again when it lost a lock to others: a lock timeout, a deadlock, a serialization failure. The work
 * must be one transaction, or safe to repeat.
 *
 * @param what for the message: what was tried
 * @param attempts in all. Default: six, in some 3 s beside the waits
 * @throws {TenantryError} TNT-403 when the last attempt lost too.
 */
export async function retryContention<T>(
  what: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  attempts = MAX_ATTEMPTS,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (cause) {
      if (!CONTENTION.includes(sqlstateOf(cause) ?? "")) throw cause;
      if (attempt >= attempts) throw new TenantryError("TNT-403", { what, attempts }, { cause });
      await sleep(pauseBefore(attempt, Math.random()), undefined, { signal });
    }
  }
}
