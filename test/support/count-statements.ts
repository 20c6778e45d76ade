import { parseSync } from "libpg-query";

/** How many statements PostgreSQL's own parser sees in a text; throws when it refuses it. After `loadModule()`. */
export function countStatements(sql: string): number {
  return (parseSync(sql) as { readonly stmts?: readonly unknown[] }).stmts?.length ?? 0;
}
