import { readFileSync } from "node:fs";
import { messageOf, TenantryError } from "../core/errors.ts";
import { parseIndicadores } from "../core/indicadores.ts";
import type { Indicador } from "../core/indicadores.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";

/** What a load did; the three add up to the rows of the file. */
export interface LoadedIndicadores {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

/**
 * Loads a CSV of UF, UTM and IPC (see `parseIndicadores`) into `parametros.indicadores`, as the owner and in one
 * transaction. Values that are there already under the same date are corrected.
 *
 * @throws {TenantryError} TNT-550 when the file cannot be read, TNT-551 with every mistake in it, TNT-552 when the
 *   database has no such table yet. Nothing is changed then.
 */
export async function loadIndicadores(
  { pool, roles, signal }: Pick<FleetContext, "pool" | "roles" | "signal">,
  file: string,
): Promise<LoadedIndicadores> {
  const { rows, problems } = parseIndicadores(readText(file));
  if (problems.length > 0) throw new TenantryError("TNT-551", { file, problems });
  const statement = fleetQuery("fleet/load-indicadores", columns(rows));
  try {
    const [result] = await withTransaction(pool, { role: roles.owner, signal }, (client) =>
      runStatements(client, [statement]),
    );
    const written = result?.rows ?? [];
    const added = written.filter((row) => row.added === true).length;
    return {
      added,
      changed: written.length - added,
      unchanged: rows.length - written.length,
    };
  } catch (cause) {
    if (sqlstateOf(cause) !== SQLSTATE.undefinedTable) throw cause;
    throw new TenantryError("TNT-552", { database: pool.options.database ?? "" }, { cause });
  }
}

const columns = (rows: readonly Indicador[]): string[][] => [
  rows.map(({ indicador }) => indicador),
  rows.map(({ fecha }) => fecha),
  rows.map(({ valor }) => valor),
];

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new TenantryError("TNT-550", { file, reason: messageOf(cause) }, { cause });
  }
}
