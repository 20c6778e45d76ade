import { readFileSync } from "node:fs";
import type { ClientBase } from "pg";
import { quoteIdentifier } from "../core/identifier.ts";
import { runStatements } from "../postgres/run-statements.ts";

const ACTS_AS = readFileSync(new URL("../../sql/server/acts-as.sql", import.meta.url), "utf8");

/** Whether who is logged in may act as a role and has its rights. A superuser may act as any. */
export async function actsAs(client: ClientBase, role: string): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(ACTS_AS, [role]);
  return rows[0]?.held === true;
}

/**
 * Lets who is logged in act as a role that it may hand on.
 *
 * @throws {TenantryError} TNT-506 when it may not
 */
export async function becomeMember(client: ClientBase, role: string): Promise<void> {
  if (await actsAs(client, role)) return;
  await runStatements(client, [
    {
      text: `grant ${quoteIdentifier(role)} to current_user with inherit true, set true`,
      file: `letting the administrator act as ${role}`,
    },
  ]);
}
