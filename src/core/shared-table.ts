import { quoteIdentifier } from "./identifier.ts";

/** A table of schema shared that is partitioned by tenant. */
export interface SharedTable {
  readonly name: string;
  /** Its DEFAULT partition, with its schema; null when it has none. */
  readonly defaultSchema: string | null;
  readonly defaultName: string | null;
  /** The columns a row consists of; generated ones left out. */
  readonly columns: readonly string[];
  /** Whether DEFAULT may hold rows: it has pages on disk. */
  readonly mayHaveOrphans: boolean;
  /** Whether the tenant has the table already, beside the shared one: it was retired. */
  readonly detached: boolean;
}

/** Its name in SQL. */
export const parentOf = ({ name }: Pick<SharedTable, "name">): string =>
  `shared.${quoteIdentifier(name)}`;

/** The name of its DEFAULT partition in SQL; `undefined` when it has none. */
export const defaultOf = ({
  defaultSchema,
  defaultName,
}: Pick<SharedTable, "defaultSchema" | "defaultName">): string | undefined =>
  defaultSchema === null || defaultName === null
    ? undefined
    : `${quoteIdentifier(defaultSchema)}.${quoteIdentifier(defaultName)}`;
