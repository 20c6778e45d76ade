import type { FleetFact } from "../core/fleet-status.ts";
import { quoteIdentifier, quoteLiteral } from "../core/identifier.ts";
import { lockKey } from "../core/lock-key.ts";
import { migrationStatements, newestVersion, runsConcurrently } from "../core/migration.ts";
import type { Migration } from "../core/migration.ts";
import type { SqlStatement } from "../core/sql-statement.ts";
import { tenantSchema } from "../core/names.ts";
import { migrationsBetween } from "../core/tenant-version.ts";
import { tenantMark } from "../core/tenant.ts";
import { runStatements } from "../postgres/run-statements.ts";
import { withClient } from "../postgres/with-client.ts";
import { withTransaction } from "../postgres/with-transaction.ts";
import type { FleetContext } from "./context.ts";
import { fleetQuery } from "./fleet-query.ts";
import type { FleetView } from "./inspect-fleet.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { enterSchema, tenantStatements } from "./tenant-migrations.ts";
import { tenantLock } from "./tenant-session.ts";

interface Shape {
  readonly version: number;
  readonly fingerprint: string | null;
  readonly exact?: boolean | null;
}

/**
 * Runs a migration for many tenants, each in one transaction that goes to the server as one text: a round trip a
 * tenant. What the migration makes of a schema is learned from a tenant that had exactly what it should have; for the
 * others of that shape it is written down without looking at their catalogs again.
 */
export class MigrationReplay {
  readonly #ctx: FleetContext;
  readonly #fleet: FleetView;
  readonly #statements = new Map<number, readonly SqlStatement[]>();
  /** The fingerprint after a migration, by its number and the fingerprint before. */
  readonly #shapes = new Map<string, string>();
  /** Who was the first to learn what a migration makes of a shape, by the same. */
  readonly #firstLearners = new Map<string, Promise<unknown>>();

  constructor(ctx: FleetContext, fleet: FleetView) {
    this.#ctx = ctx;
    this.#fleet = fleet;
  }

  /**
   * Brings a tenant to its version.
   *
   * @returns whether it did; otherwise the tenant is at some version up to it, and has to be looked at
   */
  async migrate(fact: FleetFact): Promise<boolean> {
    if (fact.failed || !fact.attached || fact.fingerprint === null) return false;
    const { files } = this.#fleet;
    let before = fact.fingerprint;
    const newest = newestVersion(files);
    const goal = Math.min(fact.pin ?? newest, newest);
    for (const migration of migrationsBetween(files, fact.version, goal)) {
      if (runsConcurrently(this.#statementsOf(migration))) return false;
      const after = await this.#run(fact, migration, before);
      if (after === undefined) return false;
      before = after;
    }
    return true;
  }

  /** One tenant learns, while the others wait for what it finds: learning is slow, and gives each the same. */
  async #run(fact: FleetFact, migration: Migration, before: string): Promise<string | undefined> {
    const key = keyOf(migration, before);
    const first = this.#firstLearners.get(key);
    if (first === undefined) {
      const learning = this.#learn(fact, migration, before);
      this.#firstLearners.set(key, Promise.allSettled([learning]));
      return await learning;
    }
    await first;
    const known = this.#shapes.get(key);
    return await (known === undefined
      ? this.#learn(fact, migration, before)
      : this.#replay(fact, migration, known));
  }

  /** Step by step, and remembers what came of it if the tenant had exactly what it should have. */
  async #learn({ id }: FleetFact, migration: Migration, before: string) {
    const was = await this.#shapeOf(id, "fleet/read-shape");
    await migrateTenant(this.#ctx, id, { upTo: migration.number });
    const is = await this.#shapeOf(id, "fleet/recorded-shape");
    if (is?.version !== migration.number || is.fingerprint === null) return undefined;
    const isExemplary = was?.exact === true && was.fingerprint === before;
    if (isExemplary && was.version === migration.number - 1)
      this.#shapes.set(keyOf(migration, before), is.fingerprint);
    return is.fingerprint;
  }

  async #shapeOf(id: string, query: string): Promise<Shape | undefined> {
    const { pool, roles } = this.#ctx;
    const [shape] = await withTransaction(pool, { role: roles.owner }, (client) =>
      runStatements(client, [fleetQuery(query, [id])]),
    );
    return shape?.rows[0] as unknown as Shape | undefined;
  }

  /** As one text. Whatever goes wrong undoes it; the way step by step then meets the cause, and says it. */
  async #replay(fact: FleetFact, migration: Migration, after: string): Promise<string | undefined> {
    const file = `migrating tenant ${fact.id}`;
    const text = this.#textOf(fact, migration, after);
    try {
      await withClient(this.#ctx.pool, (client) => runStatements(client, [{ text, file }]));
      return after;
    } catch {
      this.#ctx.signal?.throwIfAborted();
      return undefined;
    }
  }

  #textOf({ id, key }: FleetFact, migration: Migration, after: string): string {
    const { roles, stack, runId } = this.#ctx;
    const { number, name, checksum } = migration;
    const mark = tenantMark(key, stack);
    const lock = lockKey(tenantLock(id));
    const [tenant, run] = [quoteLiteral(id), runId === undefined ? "null" : quoteLiteral(runId)];
    const texts = (statements: readonly SqlStatement[]) => statements.map(({ text }) => text);
    return [
      "begin",
      // A crash of the server may undo the last of them, books and all; who ends the run waits for the disk once.
      "set local synchronous_commit = off",
      `set local role ${quoteIdentifier(roles.owner)}`,
      `select tenantry.enter_tenant(${tenant}, ${quoteLiteral(stack)}, ${number - 1}, ${quoteLiteral(mark)}, ${quoteLiteral(lock)})`,
      ...texts(enterSchema(tenantSchema(id))),
      ...texts(
        tenantStatements(
          this.#ctx,
          this.#fleet.database,
          { id, key },
          this.#statementsOf(migration),
        ),
      ),
      `select tenantry.leave_tenant(${tenant}, ${number}, ${quoteLiteral(name)}, ${quoteLiteral(checksum)}, ${quoteLiteral(after)}, ${run})`,
      "commit",
      // A statement may end with a comment, which must not hide the semicolon.
    ].join("\n;\n");
  }

  #statementsOf(migration: Migration): readonly SqlStatement[] {
    const found = this.#statements.get(migration.number);
    if (found !== undefined) return found;
    const statements = migrationStatements("tenant", migration);
    this.#statements.set(migration.number, statements);
    return statements;
  }
}

const keyOf = ({ number }: Migration, before: string): string => `${number} ${before}`;
