import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { messageOf, TenantryError } from "../core/errors.ts";
import { parseIndicadores } from "../core/indicadores.ts";
import type { Indicador } from "../core/indicadores.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import { audit } from "./registry.ts";

/** What a load did; the three add up to the rows of the file. */
export interface LoadedIndicadores {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** A value that was written, and the one that stood there before, digit for digit. */
interface WrittenValue {
  /** `UF 2026-01-31`. */
  readonly name: string;
  readonly added: boolean;
  readonly valor: string;
  readonly former: string | null;
}

/**
 * Loads a CSV of UF, UTM and IPC (see `parseIndicadores`) into `parametros.indicadores`, as the owner and in one
 * transaction. Values that are there already under the same date are corrected. What was loaded, and each correction,
 * is in the audit log; a load that changes nothing is not.
 *
 * @throws {TenantryError} TNT-550 when the file cannot be read, TNT-551 with every mistake in it, TNT-552 when the
 *   database has no such table yet. Nothing is changed then.
 */
export async function loadIndicadores(
  { pool, roles, signal, ...run }: Pick<FleetContext, "pool" | "roles" | "signal" | "runId">,
  file: string,
): Promise<LoadedIndicadores> {
  const { rows, problems } = parseIndicadores(readText(file));
  if (problems.length > 0) throw new TenantryError("TNT-551", { file, problems });
  const statement = fleetQuery("fleet/load-indicadores", columns(rows));
  try {
    return await withTransaction(pool, { role: roles.owner, signal }, async (client) => {
      const [result] = await runStatements(client, [statement]);
      const written = (result?.rows ?? []) as unknown as WrittenValue[];
      const added = written.filter((value) => value.added).length;
      const loaded = { added, changed: written.length - added };
      if (written.length > 0) {
        const [before, after] = corrections(written);
        const facts = { file: basename(file), ...loaded, ...after };
        await runStatements(client, [audit(run, "indicadores.loaded", null, before, facts)]);
      }
      return { ...loaded, unchanged: rows.length - written.length };
    });
  } catch (cause) {
    if (sqlstateOf(cause) !== SQLSTATE.undefinedTable) throw cause;
    throw new TenantryError("TNT-552", { database: pool.options.database ?? "" }, { cause });
  }
}

/** The values that were corrected, as they were and as they are, by their names. */
function corrections(written: readonly WrittenValue[]): [object, object] {
  const corrected = written.filter(({ added }) => !added);
  return [
    Object.fromEntries(corrected.map(({ name, former }) => [name, former])),
    Object.fromEntries(corrected.map(({ name, valor }) => [name, valor])),
  ];
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
