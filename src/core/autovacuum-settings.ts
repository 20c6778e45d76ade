import type { Migration } from "./migration.ts";
import { migrationStatements } from "./migration.ts";

/** A table's settings of autovacuum, by name: `autovacuum_vacuum_scale_factor` to `0.05`. */
export type AutovacuumSettings = ReadonlyMap<string, string>;

const NAME = '(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")';
const ALTER = new RegExp(
  `^alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?(${NAME})\\s+(set|reset)\\s*\\((.*)\\)$`,
  "is",
);
const RENAME = new RegExp(
  `^alter\\s+table\\s+(?:if\\s+exists\\s+)?(${NAME})\\s+rename\\s+to\\s+(${NAME})$`,
  "is",
);
const PARAMETER = /^((?:toast\.)?autovacuum_\w+)\s*(?:=\s*'?([^']*)'?)?$/is;

/**
 * What the tenant migrations say about autovacuum, by table: their statements `alter table .. set (autovacuum_.. = ..)`
 * and `reset (..)`, each of its own, and tables that are renamed on the way.
 *
 * @param upTo the last migration that counts
 */
export function declaredAutovacuum(
  files: readonly Migration[],
  upTo: number,
): ReadonlyMap<string, AutovacuumSettings> {
  const tables = new Map<string, Map<string, string>>();
  const statements = files
    .filter(({ number }) => number <= upTo)
    .flatMap((file) => migrationStatements("tenant", file));
  for (const { text } of statements) {
    const [, from = "", to = ""] = RENAME.exec(text) ?? [];
    const renamed = tables.get(unquote(from));
    if (renamed !== undefined) {
      tables.delete(unquote(from));
      tables.set(unquote(to), renamed);
    }
    const [, name = "", verb = "", list = ""] = ALTER.exec(text) ?? [];
    const settings = tables.get(unquote(name)) ?? new Map<string, string>();
    for (const part of list.split(",")) {
      const [, parameter = "", value = ""] = PARAMETER.exec(part.trim()) ?? [];
      if (parameter === "") continue;
      if (verb.toLowerCase() === "set") settings.set(parameter.toLowerCase(), value.trim());
      else settings.delete(parameter.toLowerCase());
      tables.set(unquote(name), settings);
    }
  }
  return tables;
}

const unquote = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
