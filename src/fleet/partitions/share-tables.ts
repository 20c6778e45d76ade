import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientBase } from "pg";
import { TenantryError } from "../../core/errors.ts";
import type { PartitionPlacement } from "../../core/partition.ts";
import { accessProblems, isShared, wasShared } from "../../core/shared-table-access.ts";
import type { SharedTableAccess } from "../../core/shared-table-access.ts";
import { fillPlaceholders } from "../../core/sql-placeholders.ts";
import type { Placeholders } from "../../core/sql-placeholders.ts";
import { splitSql } from "../../core/sql-statement.ts";
import type { SqlStatement } from "../../core/sql-statement.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";

/**
 * Lets the application at the shared tables, each transaction at the rows of one value, where there are no tenant
 * schemas; and takes that back where there are. A table that is right already is not touched.
 *
 * @param placeholders what the files of sql/shared may name
 * @throws {TenantryError} TNT-854 when rows could be reached past the policies
 */
export async function shareTables(
  client: ClientBase,
  ctx: FleetContext,
  placement: PartitionPlacement,
  placeholders: Placeholders,
): Promise<void> {
  const before = await readAccess(client, ctx);
  const [file, tables] =
    placement === "values"
      ? (["enable", before.filter((access) => !isShared(access))] as const)
      : (["disable", before.filter(wasShared)] as const);
  const statements = readSecurity(ctx, file);
  const run = tables.flatMap(({ name }) =>
    statements.map((statement) => fillPlaceholders(statement, { ...placeholders, table: name })),
  );
  await runStatements(client, run);
  if (placement !== "values") return;
  const problems = (await readAccess(client, ctx)).flatMap(accessProblems);
  if (problems.length > 0) throw new TenantryError("TNT-854", { problems });
}

async function readAccess(
  client: ClientBase,
  { partitionKey, roles }: FleetContext,
): Promise<SharedTableAccess[]> {
  const values = [partitionKey, roles.owner, roles.backup, roles.user];
  const [found] = await runStatements(client, [fleetQuery("partitions/access", values)]);
  return (found?.rows ?? []) as unknown as SharedTableAccess[];
}

function readSecurity(
  { sqlDirectory }: FleetContext,
  name: "enable" | "disable",
): readonly SqlStatement[] {
  const file = `shared/row-level-security/${name}.sql`;
  return splitSql(readFileSync(join(sqlDirectory, file), "utf8"), `sql/${file}`);
}
