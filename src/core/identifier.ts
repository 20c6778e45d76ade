import { TenantryError } from "./errors.ts";

/** The longest identifier PostgreSQL keeps, in bytes (NAMEDATALEN - 1); it silently cuts longer ones. */
export const MAX_IDENTIFIER_BYTES = 63;

/**
 * Quotes an identifier for SQL, as `quote_ident` does but always with quotes.
 *
 * @throws {TenantryError} TNT-101 when it is empty, holds a NUL or is longer than 63 bytes: PostgreSQL would cut
 *   it and two names could meet.
 */
export function quoteIdentifier(name: string): string {
  if (name === "" || name.includes("\0") || Buffer.byteLength(name) > MAX_IDENTIFIER_BYTES)
    throw new TenantryError("TNT-101", { name });
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Quotes a text as a SQL literal, for statements that take no parameters (DDL, `SET`).
 *
 * @throws {TenantryError} TNT-102 when it holds a NUL, which no PostgreSQL text can.
 */
export function quoteLiteral(text: string): string {
  if (text.includes("\0")) throw new TenantryError("TNT-102", { text });
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
