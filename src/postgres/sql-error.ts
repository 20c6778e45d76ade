import pg from "pg";
import { messageOf, TenantryError } from "../core/errors.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import { caretAt, lineAt, offsetOf } from "../core/text-position.ts";

/**
 * The error of a statement: where it stands, PostgreSQL's words, and a caret under the place. For a statement with
 * values, what could quote them is left out: PostgreSQL's detail, and the values in its message.
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
  return new TenantryError(
    "TNT-506",
    {
      place: placeOf(file, line && line + lineAt(text, offset ?? 0) - 1),
      message: withoutValues(cause.message, values),
      sqlstate: cause.code ?? "",
      caret: offset === undefined ? undefined : caretAt(text, offset),
      detail: values === undefined ? cause.detail : undefined,
      hint: cause.hint,
    },
    { cause },
  );
}

/** PostgreSQL quotes a value it cannot read: `invalid input syntax for type integer: "..."`. */
const withoutValues = (message: string, values: readonly unknown[] = []): string =>
  values.reduce<string>(
    (text, value) => text.replaceAll(`"${String(value)}"`, '"[value]"'),
    message,
  );

const placeOf = (file: string, line: number | undefined): string =>
  line === undefined ? file : `${file}:${line}`;

/** The SQLSTATE behind an error, through the errors that wrap it. */
export function sqlstateOf(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.code;
  return error instanceof Error ? sqlstateOf(error.cause) : undefined;
}
