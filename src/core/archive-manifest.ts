import { TenantryError } from "./errors.ts";
import type { KnownMigration } from "./migration.ts";
import { TENANT_ID } from "./names.ts";
import type { TenantIsolation } from "./tenant.ts";

/** Raised when older programs could not read what is written. */
export const ARCHIVE_FORMAT = 1;

/** The first and the last entry of an archive. */
export const HEAD_ENTRY = "contents.json";
export const MANIFEST_ENTRY = "manifest.json";

/** Whose table: one of the tenant's schema, or the tenant's rows of one in central. */
export type ArchivePlace = "tenant" | "central";

/** A table whose rows are in an archive. */
export interface ArchivedTable {
  readonly place: ArchivePlace;
  readonly name: string;
  /** In the order of the data; generated columns and the partition key are not among them. */
  readonly columns: readonly string[];
}

/** What is known of a table once it was read. */
export interface ArchivedRows {
  readonly rows: number;
  /** Of the data, before compression. */
  readonly bytes: number;
  /** SHA-256, in hexadecimal, of the data. */
  readonly digest: string;
}

/** Where a sequence stood. */
export interface ArchivedSequence {
  readonly name: string;
  /** A text, since it may be greater than a JavaScript number. */
  readonly value: string;
  /** Whether the value was given out already. */
  readonly called: boolean;
}

/** What an archive begins with: all that is needed to make room for its rows. */
export interface ArchiveHead {
  readonly format: number;
  readonly id: string;
  readonly key: string;
  readonly company: string;
  readonly isolation: TenantIsolation;
  /** The tenant's last migration. */
  readonly version: number;
  /** The tenant's migrations up to there. */
  readonly migrations: readonly KnownMigration[];
  readonly tables: readonly ArchivedTable[];
}

/** What an archive ends with. */
export interface ArchiveManifest extends Omit<ArchiveHead, "tables"> {
  /** Of the snapshot, ISO 8601. */
  readonly createdAt: string;
  /** The server's version. */
  readonly server: string;
  readonly stack: string;
  readonly tables: readonly (ArchivedTable & ArchivedRows)[];
  readonly sequences: readonly ArchivedSequence[];
}

/** The entry that holds a part of a table's rows. @param table its place in the list @param part both from 0 */
export const dataEntry = (table: number, part: number): string =>
  `data/${String(table + 1).padStart(5, "0")}/${String(part + 1).padStart(8, "0")}.copy`;

/** Which table an entry's rows belong to; undefined for another kind of entry. */
export function tableOfEntry(name: string): number | undefined {
  const digits = /^data\/(\d{5})\/\d{8}\.copy$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits) - 1;
}

/** `employees` or `central.users`, for people and the books. */
export const tableTitle = ({ place, name }: Pick<ArchivedTable, "place" | "name">): string =>
  place === "tenant" ? name : `${place}.${name}`;

/** The first entry of an archive. @param file for messages @throws {TenantryError} TNT-701, TNT-702 */
export const parseHead = (file: string, text: string): ArchiveHead =>
  parseEntry(file, text) as unknown as ArchiveHead;

/** The last entry of an archive. @param file for messages @throws {TenantryError} TNT-701, TNT-702 */
export const parseManifest = (file: string, text: string): ArchiveManifest =>
  parseEntry(file, text) as unknown as ArchiveManifest;

/** What both have, in the shapes that they need. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: (value) => typeof value === "string" && TENANT_ID.test(value),
  key: (value) => typeof value === "string",
  company: (value) => typeof value === "string",
  isolation: (value) => value === "shared" || value === "strict",
  version: (value) => Number.isInteger(value),
  migrations: Array.isArray,
  tables: (value) => Array.isArray(value) && value.every(isTable),
};

function isTable(value: unknown): boolean {
  const { place, name, columns } = value as Partial<ArchivedTable>;
  return (
    (place === "tenant" || (place === "central" && name === "users")) &&
    typeof name === "string" &&
    Array.isArray(columns) &&
    columns.every((column) => typeof column === "string")
  );
}

function parseEntry(file: string, text: string): Record<string, unknown> {
  const fail = (reason: string): never => {
    throw new TenantryError("TNT-701", { file, reason });
  };
  let value: Record<string, unknown> | null;
  try {
    value = JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return fail("what it says of itself cannot be read");
  }
  const { format } = value ?? {};
  if (value === null || typeof format !== "number") return fail("it does not say its format");
  if (format > ARCHIVE_FORMAT)
    throw new TenantryError("TNT-702", { file, format, known: ARCHIVE_FORMAT });
  const wrong = Object.entries(FIELDS).find(([name, holds]) => !holds(value[name]));
  return wrong ? fail(`its ${wrong[0]} is not what an archive has there`) : value;
}

/** What a table's rows should be and are not: nothing when they agree. */
export function rowsProblem(
  table: ArchivedTable & ArchivedRows,
  found: ArchivedRows,
): string | undefined {
  const title = tableTitle(table);
  if (table.rows !== found.rows) return `${title} has ${found.rows} rows, not ${table.rows}`;
  return table.digest === found.digest ? undefined : `${title} has other contents`;
}
