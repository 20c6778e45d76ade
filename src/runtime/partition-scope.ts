import type pg from "pg";
import type { ScopeOptions } from "./scope-options.ts";
import type { ScopeQueryConfig } from "./scoped-query.ts";
import type { Row, ScopeTransaction } from "./transaction.ts";

/** What is done in one partition; see `forPartition`. Nobody has to name the partition key in a statement. */
export interface PartitionScope {
  /** Whose partition it is: a tenant's id; in isolation `partitions` a value of the partition key. */
  readonly id: string;
  /** Runs one statement, in one round trip: `tenantQuery` of the pool. */
  query<R extends pg.QueryResultRow = Row>(
    sql: string | ScopeQueryConfig,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>>;
  /** Does work in one transaction: `withTenant` of the pool. */
  transaction<T>(work: (tx: ScopeTransaction) => Promise<T>, options?: ScopeOptions): Promise<T>;
}
