import type pg from "pg";
import { quoteIdentifier } from "../../core/identifier.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { step } from "../tenant-migrations.ts";

/** Under these the same rows always are the same text, whatever the server, database or role prefer. */
const STABLE = [
  "client_encoding = 'UTF8'",
  "datestyle = 'ISO, YMD'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
  "extra_float_digits = 1",
  "bytea_output = 'hex'",
  "xmlbinary = 'base64'",
  "lc_monetary = 'C'",
  "synchronize_seqscans = off",
  "statement_timeout = 0",
  "idle_in_transaction_session_timeout = 0",
  "row_security = off",
];

/**
 * What fails is told here, without the row. PostgreSQL would quote it in the server's log: the value that does not fit,
 * the line of the COPY, all of a row that a constraint refuses. Only who may set this can keep it from that: a
 * superuser, or who was granted it.
 */
const UNLOGGED =
  "select set_config('log_min_messages', 'fatal', true) where has_parameter_privilege('log_min_messages', 'set')";

/** Begins a transaction of the owner role in which rows are copied. Its errors are not in the server's log. */
export async function beginCopying(client: pg.Client, mode: string, owner: string): Promise<void> {
  await runStatements(
    client,
    step("beginning to copy", [
      `begin ${mode}`,
      UNLOGGED,
      `set local role ${quoteIdentifier(owner)}`,
      ...STABLE.map((setting) => `set local ${setting}`),
    ]),
  );
}
