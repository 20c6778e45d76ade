import type { ClientBase } from "pg";
import { TenantryError } from "../../core/errors.ts";
import { shapeProblems } from "../../core/shared-table-shape.ts";
import type { SharedTableShape } from "../../core/shared-table-shape.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import type { DatabaseContext } from "../database-context.ts";
import { fleetQuery } from "../fleet-query.ts";

/**
 * Makes sure that every table of schema shared can have partitions. PostgreSQL is asked, in the transaction that made
 * them.
 *
 * @throws {TenantryError} TNT-840 with all that is wrong
 */
export async function checkShapes(
  client: ClientBase,
  { partitionKey }: Pick<DatabaseContext, "partitionKey">,
): Promise<void> {
  const [found] = await runStatements(client, [fleetQuery("partitions/shapes")]);
  const shapes = (found?.rows ?? []) as unknown as SharedTableShape[];
  const problems = shapes.flatMap((shape) => shapeProblems(shape, partitionKey));
  if (problems.length > 0) throw new TenantryError("TNT-840", { problems, partitionKey });
}
