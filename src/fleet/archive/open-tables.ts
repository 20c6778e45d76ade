import type pg from "pg";
import { quoteIdentifier } from "../../core/identifier.ts";
import type { SqlStatement } from "../../core/sql-statement.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { fleetQuery } from "../fleet-query.ts";
import { step } from "../tenant-migrations.ts";
import type { Room } from "./make-room.ts";

/**
 * Takes foreign keys and triggers away, so that rows can come in any order and people's triggers do not fire again, and
 * gives the statements that bring them back. Rows of a passing room are not written ahead: a proof of every archive
 * would send each byte of the database to the replicas and the archive of the log.
 */
export async function openTables(client: pg.Client, room: Room): Promise<SqlStatement[]> {
  const [keys, tables, unlogged] = await runStatements(client, [
    fleetQuery("archive/foreign-keys", [room.oid]),
    fleetQuery("fleet/tenant-tables", [room.oid]),
    ...(room.passing ? [fleetQuery("archive/unlogged-tables", [room.oid])] : []),
  ]);
  const foreignKeys = (keys?.rows ?? []) as { quoted: string; name: string; definition: string }[];
  const names = (tables?.rows ?? []).map(({ quoted }) => String(quoted));
  const alter = (what: string) => names.map((table) => `alter table ${table} ${what} trigger user`);
  await runStatements(
    client,
    step("opening the tables", [
      ...foreignKeys.map(
        ({ quoted, name }) => `alter table ${quoted} drop constraint ${quoteIdentifier(name)}`,
      ),
      ...alter("disable"),
      ...(unlogged?.rows ?? []).map(({ quoted }) => `alter table ${String(quoted)} set unlogged`),
    ]),
  );
  return step("closing the tables", [
    ...alter("enable"),
    ...foreignKeys.map(
      ({ quoted, name, definition }) =>
        `alter table ${quoted} add constraint ${quoteIdentifier(name)} ${definition}`,
    ),
  ]);
}
