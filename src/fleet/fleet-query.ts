import { readFileSync } from "node:fs";
import type { SqlStatement } from "../core/sql-statement.ts";

const texts = new Map<string, string>();

/**
 * A named query of the fleet's own, `sql/<name>.sql` of this package.
 *
 * @param values for `$1` ...
 */
export function fleetQuery(name: string, values: readonly unknown[] = []): SqlStatement {
  const file = `sql/${name}.sql`;
  const text = texts.get(file) ?? readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  texts.set(file, text);
  return { text, values, file, line: 1 };
}
