import type { Properties } from "../../protocol/values.ts";
import type { Databases, Sql } from "./databases.ts";
import { isKnown, textOf } from "./state-values.ts";

/** The database an object lies in: its own word, or the provider's. */
export function databaseOf(state: Properties, configured: string): string {
  return isKnown(state.database) ? textOf(state, "database") : configured;
}

/** Runs statements in a transaction in the object's database. */
export function within<T>(
  databases: Databases,
  state: Properties,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  return databases.transaction(databaseOf(state, databases.config.database), work);
}
