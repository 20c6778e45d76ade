import pg from "pg";
import { messageOf, TenantryError } from "../core/errors.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import { withoutRowValues } from "../core/without-row-values.ts";
import { caretAt, lineAt, offsetOf } from "../core/text-position.ts";

/**
 * The error of a statement: where it stands, PostgreSQL's words, and a caret under the place. Rows and bound values are
 * left out (see `withoutRowValues`), in the error behind it too: it goes to logs, to the registry and to people.
 */
export function toSqlError(statement: SqlStatement, cause: unknown): TenantryError {
  const { text, file, line, values } = statement;
  if (!(cause instanceof pg.DatabaseError))
    return new TenantryError(
      "TNT-402",
      { doing: placeOf(file, line), reason: messageOf(cause) },
      { cause },
    );
  const offset = cause.position === undefined ? undefined : offsetOf(text, Number(cause.position));
  const told = withoutRows(cause, values);
  return new TenantryError(
    "TNT-506",
    {
      place: placeOf(file, line && line + lineAt(text, offset ?? 0) - 1),
      message: told.message,
      sqlstate: told.code ?? "",
      caret: offset === undefined ? undefined : caretAt(text, offset),
      detail: told.detail,
      hint: told.hint,
    },
    { cause: told },
  );
}

/** The same error without what PostgreSQL quoted; its context, which quotes rows as well, is not taken over. */
function withoutRows(error: pg.DatabaseError, values: readonly unknown[] = []): pg.DatabaseError {
  const { code, severity, hint, schema, table, column, constraint, position } = error;
  const { message, detail } = withoutRowValues(error);
  const words = values.reduce<string>(
    (text, value) => text.replaceAll(`"${String(value)}"`, '"[value]"'),
    message,
  );
  const told = new pg.DatabaseError(words, words.length, error.name);
  const named = { code, severity, hint, schema, table, column, constraint, position };
  // With values, what is quoted may be one of them.
  return Object.assign(told, { ...named, detail: values.length > 0 ? undefined : detail });
}

const placeOf = (file: string, line: number | undefined): string =>
  line === undefined ? file : `${file}:${line}`;

/** The SQLSTATE behind an error, through the errors that wrap it. */
export function sqlstateOf(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.code;
  return error instanceof Error ? sqlstateOf(error.cause) : undefined;
}
