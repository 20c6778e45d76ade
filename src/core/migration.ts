import { createHash } from "node:crypto";
import { TenantryError } from "./errors.ts";
import { isConcurrent } from "./sql-placeholders.ts";
import { splitSql } from "./sql-statement.ts";
import type { SqlStatement } from "./sql-statement.ts";

/** The directories of migrations below sql/. */
export type MigrationArea = "books" | "central" | "parametros" | "shared" | "tenant";

/** A file of migrations. */
export interface Migration {
  readonly number: number;
  /** Its file name, `001_employees.sql`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 in hexadecimal, of the text with line ends as LF. */
  readonly checksum: string;
}

/** A migration that ran, as the books keep it. */
export type KnownMigration = Pick<Migration, "number" | "name" | "checksum">;

const LINE_COMMENT = /--.*$/gm;
const FILE_NAME = /^(\d{3,})_[a-z0-9_]+\.sql$/;

/**
 * Puts the files of an area in order.
 *
 * @param files text by file name
 * @throws {TenantryError} TNT-501 for a name that is not `NNN_words.sql`, TNT-502 when the numbers do not run from 1
 *   without gaps and repeats, TNT-511 for a file with no statement in it.
 */
export function toMigrations(area: MigrationArea, files: ReadonlyMap<string, string>): Migration[] {
  const migrations = [...files].map(([name, text]): Migration => {
    const digits = FILE_NAME.exec(name)?.[1];
    if (digits === undefined) throw new TenantryError("TNT-501", { file: `sql/${area}/${name}` });
    const sql = text.replaceAll("\r\n", "\n");
    // Once it ran it could never be written any more.
    if (sql.replaceAll(LINE_COMMENT, "").trim() === "")
      throw new TenantryError("TNT-511", { file: `sql/${area}/${name}` });
    return {
      number: Number(digits),
      name,
      sql,
      checksum: createHash("sha256").update(sql).digest("hex"),
    };
  });
  migrations.sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
  migrations.forEach(({ number, name }, index) => {
    if (number !== index + 1)
      throw new TenantryError("TNT-502", {
        file: `sql/${area}/${name}`,
        number,
        expected: index + 1,
      });
  });
  return migrations;
}

/**
 * Makes sure that what ran is still what the files say.
 *
 * @throws {TenantryError} TNT-503 for a file that was edited or renamed after it ran, TNT-504 for one that is gone.
 */
export function checkUnchanged(
  area: MigrationArea,
  files: readonly Migration[],
  known: readonly KnownMigration[],
): void {
  for (const { number, name, checksum } of known) {
    const file = `sql/${area}/${name}`;
    const migration = files[number - 1];
    if (migration === undefined) throw new TenantryError("TNT-504", { file });
    if (migration.checksum !== checksum || migration.name !== name)
      throw new TenantryError("TNT-503", { file, found: `sql/${area}/${migration.name}` });
  }
}

/** The number of the newest migration; 0 when there is none. */
export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.length;
}

const TRANSACTION_CONTROL =
  /^(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i;

/**
 * The statements of a migration, placeholders not yet filled.
 *
 * @throws {TenantryError} TNT-508 when a quote or comment is never closed, TNT-510 for a statement that begins or
 *   ends a transaction.
 */
export function migrationStatements(area: MigrationArea, migration: Migration): SqlStatement[] {
  const statements = splitSql(migration.sql, `sql/${area}/${migration.name}`);
  for (const { text, file, line = 1 } of statements) {
    const command = TRANSACTION_CONTROL.exec(text)?.[0];
    if (command !== undefined) throw new TenantryError("TNT-510", { file, line, command });
  }
  return statements;
}

/** What may stand beside `:concurrently`: statements that can be repeated after a crash. */
const REPEATABLE =
  /^(?:create\s+(?:unique\s+)?index\s+:concurrently\s+if\s+not\s+exists|drop\s+index\s+:concurrently\s+if\s+exists)\s/i;

/**
 * Whether a tenant's migration runs outside a transaction on a live tenant.
 *
 * @throws {TenantryError} TNT-507 when it does, and holds a statement that could not be repeated after a crash.
 */
export function runsConcurrently(statements: readonly SqlStatement[]): boolean {
  if (!statements.some(isConcurrent)) return false;
  for (const { text, file, line = 1 } of statements)
    if (!REPEATABLE.test(text)) throw new TenantryError("TNT-507", { file, line });
  return true;
}

/** The most characters of a migration's words. */
const MOST_CHARACTERS = 60;

/**
 * The file name of the migration after these.
 *
 * @param words what it does, `add_bonus`
 * @throws {TenantryError} TNT-651 for words that make no file name, TNT-652 when a migration has them already.
 */
export function nextMigrationName(
  files: readonly Pick<Migration, "name">[],
  words: string,
  area: MigrationArea,
): string {
  if (!/^[a-z][a-z0-9_]*$/.test(words) || words.length > MOST_CHARACTERS)
    throw new TenantryError("TNT-651", { words, proposal: proposeWords(words) });
  const same = files.find(({ name }) => name.replace(/^\d+_/, "") === `${words}.sql`);
  if (same !== undefined) throw new TenantryError("TNT-652", { file: `sql/${area}/${same.name}` });
  return `${String(files.length + 1).padStart(3, "0")}_${words}.sql`;
}

const proposeWords = (words: string): string =>
  words
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/\.sql$/, "")
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, MOST_CHARACTERS);
