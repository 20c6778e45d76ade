import { tenantSchema } from "../../core/names.ts";
import type { TenantClone } from "../../core/tenant.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withClient } from "../../postgres/with-client.ts";
import type { FleetContext } from "../context.ts";
import { enterSchema, step } from "../tenant-migrations.ts";
import { describeSource } from "./describe-source.ts";
import { maskingStatements } from "./prepare-masking.ts";

/**
 * Finds out whether a tenant could be cloned, and changes nothing: the transaction is rolled back.
 *
 * @throws {TenantryError} TNT-426 to TNT-428, TNT-704; TNT-401, TNT-416 to TNT-421 when the database cannot be reached,
 *   TNT-415 when it has no books
 */
export function checkClone(ctx: FleetContext, clone: TenantClone): Promise<void> {
  return withClient(ctx.pool, async (client) => {
    await runStatements(client, [
      ...step("looking at a clone's source", [
        "begin",
        `set local role ${quoteIdentifier(ctx.roles.owner)}`,
      ]),
      ...enterSchema(tenantSchema(clone.from)),
      ...(clone.data === "masked" ? maskingStatements(ctx) : []),
    ]);
    await describeSource(client, ctx, clone);
    await runStatements(client, step("looking at a clone's source", ["rollback"]));
  });
}
