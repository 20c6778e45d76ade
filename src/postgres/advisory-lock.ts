import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { TenantryError } from "../core/errors.ts";
import { lockKey } from "../core/lock-key.ts";
import { runStatements } from "./run-statements.ts";

/** How long another run may hold a tenant before this one gives up. */
const PATIENCE_MS = 60_000;

/** When the lock ends: with the transaction, or with the session (or `releaseLock`). */
type LockScope = "transaction" | "session";

const TRY: Record<LockScope, string> = {
  transaction: "select pg_try_advisory_xact_lock($1) as taken",
  session: "select pg_try_advisory_lock($1) as taken",
};

/**
 * Takes the advisory lock with a name, waiting up to a minute for whoever holds it. It asks again and again rather
 * than wait in PostgreSQL: a waiting statement holds a snapshot, which would stop CREATE INDEX CONCURRENTLY in the
 * session that it waits for.
 *
 * @throws {TenantryError} TNT-404 when another session holds it for longer.
 */
export async function takeLock(
  client: ClientBase,
  name: string,
  scope: LockScope,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pause = 10; ; pause = Math.min(pause * 2, 250)) {
    if (await tryLock(client, name, scope)) return;
    if (performance.now() > deadline)
      throw new TenantryError("TNT-404", { name, seconds: PATIENCE_MS / 1000 });
    await sleep(pause, undefined, { signal });
  }
}

/** Takes the advisory lock with a name unless somebody holds it. @returns whether it was taken */
export async function tryLock(
  client: ClientBase,
  name: string,
  scope: LockScope,
): Promise<boolean> {
  const [result] = await runStatements(client, [
    { text: TRY[scope], values: [lockKey(name)], file: `taking the lock of ${name}` },
  ]);
  return result?.rows[0]?.taken === true;
}

/** Gives a session's lock back. */
export async function releaseLock(client: ClientBase, name: string): Promise<void> {
  await runStatements(client, [
    {
      text: "select pg_advisory_unlock($1)",
      values: [lockKey(name)],
      file: `releasing the lock of ${name}`,
    },
  ]);
}
