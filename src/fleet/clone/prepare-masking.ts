import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientBase } from "pg";
import { messageOf, TenantryError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifier.ts";
import type { SqlStatement } from "../../core/sql-statement.ts";
import { splitSql } from "../../core/sql-statement.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { FleetContext } from "../context.ts";
import { step } from "../tenant-migrations.ts";

/**
 * Makes the functions of `sql/masking/` for a session, and a random key: the database draws it and nobody sees it, so
 * that no pseudonym can be traced back once the session has ended.
 *
 * @throws {TenantryError} TNT-509 when the folder cannot be read, TNT-506 when PostgreSQL refuses a function
 */
export async function prepareMasking(client: ClientBase, ctx: FleetContext): Promise<void> {
  await runStatements(client, [
    ...step("preparing to mask", ["begin", `set local role ${quoteIdentifier(ctx.roles.owner)}`]),
    ...maskingStatements(ctx),
    ...step("preparing to mask", ["commit"]),
  ]);
}

/** The same, for the transaction under way. */
export function maskingStatements({ sqlDirectory }: FleetContext): SqlStatement[] {
  const folder = join(sqlDirectory, "masking");
  const draw =
    "select set_config('tenantry.mask_key', gen_random_uuid()::text || gen_random_uuid()::text, false) is null";
  return [...step("drawing a key", [draw]), ...readFolder(folder)];
}

function readFolder(folder: string): SqlStatement[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
    return names
      .sort()
      .flatMap((name) => splitSql(readFileSync(join(folder, name), "utf8"), `sql/masking/${name}`));
  } catch (cause) {
    if (cause instanceof TenantryError) throw cause;
    throw new TenantryError("TNT-509", { directory: folder, reason: messageOf(cause) }, { cause });
  }
}
