import { TenantryError } from "./errors.ts";
import { quoteIdentifier, quoteLiteral } from "./identifier.ts";
import { scanSql } from "./sql-scanner.ts";
import type { SqlStatement } from "./sql-statement.ts";
import { lineAt } from "./text-position.ts";

/** Values by name. `:"name"` becomes an identifier and `:'name'` a literal, as in psql. */
export type Placeholders = Readonly<Record<string, string>>;

/** The only placeholder that stands bare: a keyword, or nothing. */
export const CONCURRENTLY = "concurrently";

const BARE = /(?<!:):([A-Za-z_]\w*)/g;

/**
 * Fills the placeholders of a statement. Casts (`::type`), quoted text and comments are left alone.
 *
 * @throws {TenantryError} TNT-505 when a placeholder has no value, naming file and line.
 */
export function fillPlaceholders(statement: SqlStatement, values: Placeholders): SqlStatement {
  const { text, file } = statement;
  const value = (name: string, shown: string, offset: number): string => {
    const found = Object.hasOwn(values, name) ? values[name] : undefined;
    if (found !== undefined && (name === CONCURRENTLY) === (shown === `:${name}`)) return found;
    const line = (statement.line ?? 1) + lineAt(text, offset) - 1;
    throw new TenantryError("TNT-505", { file, line, shown, known: Object.keys(values) });
  };
  let filled = "";
  for (const { kind, start, end } of scanSql(text, file)) {
    const piece = text.slice(start, end);
    if (
      kind === "quoted" &&
      filled.endsWith(":") &&
      text[start - 1] === ":" &&
      text[start - 2] !== ":"
    ) {
      const found = value(piece.slice(1, -1), `:${piece}`, start);
      filled =
        filled.slice(0, -1) +
        (piece.startsWith("'") ? quoteLiteral(found) : quoteIdentifier(found));
    } else if (kind === "code") {
      filled += piece.replaceAll(BARE, (shown, name: string, at: number) =>
        value(name, shown, start + at),
      );
    } else filled += piece;
  }
  return { ...statement, text: filled };
}

/** Whether a statement has the placeholder `:concurrently`. */
export function isConcurrent({ text, file }: SqlStatement): boolean {
  return scanSql(text, file).some(
    ({ kind, start, end }) =>
      kind === "code" &&
      [...text.slice(start, end).matchAll(BARE)].some(([, name]) => name === CONCURRENTLY),
  );
}
