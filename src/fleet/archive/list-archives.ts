import type { ClientBase } from "pg";
import { runStatements } from "../../postgres/run-statements.ts";
import { withTransaction } from "../../postgres/with-transaction.ts";
import type { FleetContext } from "../context.ts";
import { fleetQuery } from "../fleet-query.ts";
import { withoutBooks } from "../tenant-session.ts";

/** An archive as the books know it. */
export interface BookedArchive {
  readonly number: string;
  readonly id: string;
  readonly key: string;
  readonly version: number;
  /** Where it was written: a path on the machine that wrote it, or `s3://bucket/key`. */
  readonly location: string;
  readonly bytes: number;
  readonly checksum: string;
  /** By the table's name; `central.users` for the rows of another schema. */
  readonly rowCounts: Readonly<Record<string, number>>;
  readonly createdAt: Date;
  /** When a restore of it gave the same rows; null until then. */
  readonly provenAt: Date | null;
}

/** The archives in the books, the newest first, in the transaction under way. @param key of one tenant; null for all */
export async function bookedArchives(
  client: ClientBase,
  key: string | null,
): Promise<BookedArchive[]> {
  const [found] = await runStatements(client, [fleetQuery("archive/archives", [key])]);
  return (found?.rows ?? []) as unknown as BookedArchive[];
}

/**
 * Every archive in the books, the newest first.
 *
 * @throws {TenantryError} TNT-415 when the database has no books
 */
export async function listArchives(ctx: FleetContext): Promise<BookedArchive[]> {
  try {
    return await withTransaction(ctx.pool, { role: ctx.roles.owner }, (client) =>
      bookedArchives(client, null),
    );
  } catch (cause) {
    throw withoutBooks(ctx, cause);
  }
}
