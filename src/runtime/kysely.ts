// What applications with Kysely import: tenantry/runtime/kysely.
import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from "kysely";
import { TenantryError } from "../core/errors.ts";
import type { ScopeTransaction } from "./transaction.ts";

/**
 * A scope as a Kysely of its tables. It lasts as long as the scope does.
 *
 * @throws {TenantryError} from its queries: as the scope's; TNT-812 for Kysely's own transactions, TNT-818 for `stream`.
 */
export function tenantKysely<Database>(tx: ScopeTransaction): Kysely<Database> {
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new ScopeDriver(tx),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

const refuseTransaction = (word: string) => (): Promise<never> =>
  Promise.reject(new TenantryError("TNT-812", { word }));

/** The scope owns the connection and the transaction: there is nothing to take, begin or end. */
class ScopeDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(tx: ScopeTransaction) {
    this.#connection = {
      executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
        const { rows, command, rowCount } = await tx.query(sql, parameters);
        const writes = command !== "SELECT" && rowCount !== null;
        return {
          rows: rows as R[],
          ...(writes ? { numAffectedRows: BigInt(rowCount) } : {}),
        };
      },
      streamQuery: () => {
        throw new TenantryError("TNT-818", { what: "Kysely's stream()" });
      },
    };
  }

  readonly init = (): Promise<void> => Promise.resolve();
  readonly acquireConnection = (): Promise<DatabaseConnection> => Promise.resolve(this.#connection);
  readonly releaseConnection = (): Promise<void> => Promise.resolve();
  readonly destroy = (): Promise<void> => Promise.resolve();
  readonly beginTransaction = refuseTransaction("BEGIN");
  readonly commitTransaction = refuseTransaction("COMMIT");
  readonly rollbackTransaction = refuseTransaction("ROLLBACK");
}
