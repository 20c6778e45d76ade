import { error, show } from "./entry.ts";

/** 5xx: migrations and SQL files. */
export const MIGRATION_ERRORS = {
  "TNT-501": error<{ file: string }>({
    title: "A migration's file name",
    text: ({ file }) =>
      `${file} is no name for a migration: three digits or more, "_", and words of a-z, 0-9 and "_", such as 004_bonuses.sql. Rename it.`,
    remedy: "The number is the order in which migrations run.",
  }),
  "TNT-502": error<{ file: string; number: number; expected: number }>({
    title: "Migrations out of order",
    text: ({ file, number, expected }) =>
      `${file} has number ${number} where ${expected} is due: the migrations of a folder are numbered from 1, without gaps or repeats. Renumber the ones that have not run yet.`,
    remedy:
      "Two branches that each add a migration give the same number twice. Renumber the one that came later.",
  }),
  "TNT-503": error<{ file: string; found: string }>({
    title: "A migration edited after it ran",
    text: ({ file, found }) =>
      `${found} differs from what ran as ${file}. Nothing was run. Put the file back as it was, and write the change as a new migration.`,
    remedy:
      "A migration that ran is history: its checksum is in the books. Editing it would leave old and new tenants different. Restore the file from version control and add another one.",
  }),
  "TNT-504": error<{ file: string }>({
    title: "A migration that is gone",
    text: ({ file }) =>
      `${file} ran in this database but is not there any more. Nothing was run. Put the file back.`,
    remedy:
      "New tenants run every migration from the first, so files stay. An older checkout than the one that was deployed last also lacks files.",
  }),
  "TNT-505": error<{ file: string; line: number; shown: string; known: readonly string[] }>({
    title: "An unknown placeholder",
    text: ({ file, line, shown, known }) =>
      `${file}:${line}: ${shown} is no placeholder here. Known are ${known.map((name) => (name === "concurrently" ? ":concurrently" : `:"${name}"`)).join(", ")} (names; with single quotes the same as text).`,
    remedy:
      "Placeholders are psql's: `:\"name\"` becomes a quoted identifier, `:'name'` a quoted text; only `:concurrently` stands bare. A colon that is none can be written with a space after it.",
  }),
  "TNT-506": error<{
    place: string;
    message: string;
    sqlstate: string;
    caret?: string | undefined;
    detail?: string | undefined;
    hint?: string | undefined;
  }>({
    title: "PostgreSQL refused a statement",
    text: ({ place, message, sqlstate, caret, detail, hint }) =>
      [
        `${place}: ${message} (SQLSTATE ${sqlstate}).`,
        caret?.replaceAll(/^/gm, "  "),
        detail && `  Detail: ${detail}`,
        hint && `  Hint: ${hint}`,
      ]
        .filter(Boolean)
        .join("\n"),
    remedy:
      "The message names file, line and PostgreSQL's own reason, less what stands in rows; the SQLSTATE is explained in appendix A of its manual. The transaction was rolled back, so that nothing of it was kept. Correct the file if it has not run anywhere yet, else what it meets in the database.",
  }),
  "TNT-507": error<{ file: string; line: number }>({
    title: "What may stand beside :concurrently",
    text: ({ file, line }) =>
      `${file}:${line}: a migration with :concurrently runs outside a transaction on live tenants, so it may hold only "create index :concurrently if not exists ..." and "drop index :concurrently if exists ...". Move this statement to a migration of its own.`,
    remedy:
      "Such a file is repeated from its start after a crash; only statements that can be repeated may be in it.",
  }),
  "TNT-508": error<{ file: string; line: number; mark: string }>({
    title: "A quote that is never closed",
    text: ({ file, line, mark }) =>
      `${file}:${line}: ${mark} opens a quote or comment that is never closed. Close it.`,
    remedy: "The rest of the file would be part of that quote.",
  }),
  "TNT-509": error<{ directory: string; reason: string }>({
    title: "Migrations that cannot be read",
    text: ({ directory, reason }) =>
      `The folder ${directory} cannot be read: ${reason}. Nothing was run.`,
    remedy: "Each area of migrations is a folder below sql/.",
  }),
  "TNT-510": error<{ file: string; line: number; command: string }>({
    title: "A migration that ends its transaction",
    text: ({ file, line, command }) =>
      `${file}:${line}: "${command}" may not stand in a migration, which runs in a transaction together with others. Remove it.`,
    remedy:
      "A tenant is made whole or not at all because all its migrations are one transaction; a COMMIT among them would keep half of it.",
  }),
  "TNT-511": error<{ file: string }>({
    title: "A migration with nothing in it",
    text: ({ file }) =>
      `The file ${file} holds no statement. Nothing was run. Write the migration, or remove the file until you do.`,
    remedy:
      "A migration that ran cannot be edited any more, so an empty one is refused before it is remembered as done.",
  }),
  "TNT-550": error<{ file: string; reason: string }>({
    title: "A file that cannot be read",
    text: ({ file, reason }) =>
      `The file ${show(file)} cannot be read: ${reason}. Nothing was loaded.`,
    remedy: "Check the path and your rights on the file, and run the command again.",
  }),
  "TNT-551": error<{
    file: string;
    problems: readonly { readonly line: number; readonly problem: string }[];
  }>({
    title: "A list of indicators with mistakes",
    text: ({ file, problems }) =>
      `${file} has ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}. Nothing was loaded. Correct and load it again:\n${problems
        .map(({ line, problem }) => `  ${file}:${line}: ${problem}`)
        .join("\n")}`,
    remedy:
      "Every line is checked before anything is loaded, and every mistake is listed. The header is `indicador,fecha,valor`; a line is for example `UF,2026-01-31,39485.65`. UTM and IPC are dated the first day of their month. A file with semicolons may have decimal commas.",
  }),
  "TNT-552": error<{ database: string }>({
    title: "No table for indicators yet",
    text: ({ database }) =>
      `The database ${show(database)} has no table parametros.indicadores. Nothing was loaded. Run "npx tenantry up" first.`,
    remedy:
      "`up` creates the schema `parametros` and its tables. Indicators can be loaded afterwards.",
  }),
} as const;
