import type { ClientBase } from "pg";
import { TenantryError } from "../../core/errors.ts";
import { PARTITIONS_SCHEMA } from "../../core/partition.ts";
import { takeLock } from "../../postgres/advisory-lock.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { step } from "../tenant-migrations.ts";
import type { PartitionsContext } from "./context.ts";

/** The comment on schema partitions: it says that the schema is ours. */
const MARK = "tenantry: partitions of the shared tables, by value";

/**
 * Makes schema partitions, unless it is there.
 *
 * @throws {TenantryError} TNT-847 when somebody else made a schema of that name
 */
export async function ensurePartitionsSchema(
  client: ClientBase,
  { signal }: Pick<PartitionsContext, "signal">,
): Promise<void> {
  await takeLock(client, `schema ${PARTITIONS_SCHEMA}`, "transaction", signal);
  const [found] = await runStatements(client, [
    {
      text: "select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = $1",
      values: [PARTITIONS_SCHEMA],
      file: "looking for schema partitions",
    },
  ]);
  const [schema] = found?.rows ?? [];
  if (schema === undefined)
    await runStatements(
      client,
      step("making schema partitions", [
        `create schema ${PARTITIONS_SCHEMA}`,
        `comment on schema ${PARTITIONS_SCHEMA} is '${MARK}'`,
      ]),
    );
  else if (schema.comment !== MARK)
    throw new TenantryError("TNT-847", { schema: PARTITIONS_SCHEMA, mark: MARK });
}
