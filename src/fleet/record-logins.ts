import type { PoolClient } from "pg";
import { loginChanges } from "../core/login-changes.ts";
import type { LoginRecord } from "../core/login-changes.ts";
import type { Rotation } from "../core/rotation.ts";
import { runStatements } from "../postgres/run-statements.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { audit } from "./registry.ts";

/**
 * Adds to the audit log how the logins differ from what the books know of them, and writes that down there: what runs
 * twice tells it once. In the books, since applications may add to the audit log.
 *
 * @param rotations of the roles that log in; the server has their passwords already
 * @param isNew whether the database is
 */
export async function recordLogins(
  client: PoolClient,
  ctx: FleetContext,
  rotations: Readonly<Record<string, Rotation>>,
  isNew: boolean,
): Promise<void> {
  const [found] = await runStatements(client, [fleetQuery("fleet/logins")]);
  const rows = (found?.rows ?? []) as unknown as { role: string; record: LoginRecord }[];
  const known = new Map(rows.map(({ role, record }) => [role, record]));
  const changes = loginChanges(known, rotations, isNew);
  await runStatements(
    client,
    changes.flatMap(({ action, before, after }) => [
      audit(ctx, action, null, before, after),
      fleetQuery("fleet/save-login", [after.role, JSON.stringify(after)]),
    ]),
  );
}
