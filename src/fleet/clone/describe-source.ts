import type { ClientBase } from "pg";
import type { ArchivedTable, ArchiveHead } from "../../core/archive-manifest.ts";
import { TenantryError } from "../../core/errors.ts";
import { maskingProblems, ruleOf } from "../../core/masking.ts";
import type { MaskableColumn, MaskableTable } from "../../core/masking.ts";
import { selectRows } from "../../core/row-selection.ts";
import type { RowSelection } from "../../core/row-selection.ts";
import { judgeTenant } from "../../core/tenant-snapshot.ts";
import type { TenantClone } from "../../core/tenant.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { describeTenant } from "../archive/describe-tenant.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { inspectTenant } from "../tenant-session.ts";
import { tryRules } from "./try-rules.ts";

/** What a clone is made of. */
export interface CloneSource {
  /** Its tables, and its migrations; no tables that hold rows when none of them are wanted. */
  readonly head: ArchiveHead;
  /** Of its schema. */
  readonly oid: string;
  readonly selections: readonly RowSelection[];
}

/**
 * Describes a clone's source, and makes sure that its rows may be taken: in the transaction under way, whose search_path
 * begins with the source's schema, and in a session that is prepared for masking where data are masked.
 *
 * @throws {TenantryError} TNT-426 to TNT-428, TNT-704
 */
export async function describeSource(
  client: ClientBase,
  ctx: FleetContext,
  { from, data, masking }: TenantClone,
): Promise<CloneSource> {
  const snapshot = await inspectTenant(client, ctx, from);
  const presence = judgeTenant(from, ctx.stack, snapshot);
  if (presence.is !== "present") throw new TenantryError("TNT-426", { from });
  if (presence.registry.state === "retired") throw new TenantryError("TNT-427", { from });
  const { head, oid } = await describeTenant(client, ctx, from, snapshot);
  if (data === "none") return { head: { ...head, tables: [] }, oid, selections: [] };
  if (data === "full")
    return { head, oid, selections: head.tables.map((table) => selectRows(table, from)) };
  const rules = masking ?? { tenant: {}, central: {} };
  const tables = await readColumns(client, ctx, { oid, tables: head.tables });
  const problems = maskingProblems(rules, tables);
  if (problems.length > 0) throw new TenantryError("TNT-428", { from, problems });
  const selections = tables.map((table) =>
    selectRows(table.copied, from, (column) => ({
      rule: ruleOf(rules, table, column),
      isText: table.columns.some(({ name, isText }) => name === column && isText),
    })),
  );
  await tryRules(client, from, selections);
  return { head, oid, selections };
}

interface CopiedTable extends MaskableTable {
  readonly copied: ArchivedTable;
}

/** What rules must know of the columns that are copied, in the order of the tables. */
async function readColumns(
  client: ClientBase,
  ctx: FleetContext,
  { oid, tables }: { readonly oid: string; readonly tables: readonly ArchivedTable[] },
): Promise<CopiedTable[]> {
  const [tenant, central] = await runStatements(client, [
    fleetQuery("clone/columns", [oid, ctx.partitionKey]),
    fleetQuery("clone/columns", ["central", "tenant_id"]),
  ]);
  type Row = MaskableColumn & { readonly table: string; readonly root: string };
  const rows = { tenant: tenant?.rows, central: central?.rows } as unknown as Record<
    ArchivedTable["place"],
    readonly Row[]
  >;
  return tables.map((copied) => {
    const found = rows[copied.place].filter(({ table }) => table === copied.name);
    const columns = found.filter(({ name }) => copied.columns.includes(name));
    // Fails closed: a column that was not found would have no rule to be asked for.
    if (columns.length !== copied.columns.length)
      throw new Error(`columns of ${copied.name} were not found`);
    return { place: copied.place, name: found[0]?.root ?? copied.name, columns, copied };
  });
}
