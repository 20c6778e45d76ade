import type { ClientBase } from "pg";
import { TenantryError } from "../core/errors.ts";
import { runStatements } from "../postgres/run-statements.ts";

/**
 * Makes sure that a new tenant's key is nobody else's.
 *
 * @throws {TenantryError} TNT-423 when a tenant that was renamed since has it
 */
export async function refuseForeignKey(client: ClientBase, key: string): Promise<void> {
  const [found] = await runStatements(client, [
    {
      text: "select id from tenantry.registry where key = $1",
      values: [key],
      file: "looking who has the key",
    },
  ]);
  const [owner] = (found?.rows ?? []) as { id: string }[];
  if (owner) throw new TenantryError("TNT-423", { id: key, owner: owner.id });
}
