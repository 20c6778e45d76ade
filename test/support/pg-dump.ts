import { dirname, join } from "node:path";
import { findPgDump } from "../../src/postgres/pg-dump.ts";
import type { PgDump } from "../../src/postgres/pg-dump.ts";

/** The pg_dump of version 16 or newer that is here: what TENANTRY_PG_DUMP names, or the one on $PATH. */
export const pgDump: PgDump | undefined = await findPgDump({
  path: process.env.TENANTRY_PG_DUMP,
}).catch(() => undefined);

/** Why no dump can be tried. */
export const noPgDump: string | undefined = pgDump
  ? undefined
  : "NO pg_dump OF VERSION 16 IS ON $PATH OR IN TENANTRY_PG_DUMP: nothing proves here that dumps are written and restored (the PyPI package pgserver has one)";

/** The program beside it, which reads what it writes; on $PATH, when it is there. */
export function pgRestore(): string {
  const [program = "pg_dump"] = pgDump?.command ?? [];
  return join(dirname(program), "pg_restore");
}
