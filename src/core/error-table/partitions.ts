import { error, nameSome, show } from "./entry.ts";

/** 84x and 85x: partitions. */
export const PARTITION_ERRORS = {
  "TNT-840": error<{ problems: readonly string[]; partitionKey: string }>({
    title: "A shared table that is not partitioned as it must be",
    text: ({ problems, partitionKey }) =>
      `sql/shared leaves tables that tenants cannot have partitions of; nothing was changed:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct the migration: npx tenantry generate partitioned-table NAME --key ${partitionKey} writes one as it must be.`,
    remedy:
      "A table of `sql/shared/` is partitioned by list of the partition key alone. It has `id uuid default gen_random_uuid()`, the key as `text not null`, the primary key (id, key), and a DEFAULT partition for rows that come before their tenant. PostgreSQL's catalog is asked after the migrations ran, in the same transaction. A table that belongs to nobody in particular goes to `sql/parametros/` or `sql/central/`.",
  }),
  "TNT-841": error<{ id: string }>({
    title: "Partitions of a tenant that is not there",
    text: ({ id }) =>
      `There is no tenant ${show(id)}, whose schema its partitions would lie in. Nothing was changed. Add it (npx tenantry add ${id}) and run npx tenantry up, which makes its partitions too.`,
    remedy:
      "A tenant's partitions lie in its schema, and are made with it. A stack whose application has no tenant schemas says `tenantry:partitions: values`.",
  }),
  "TNT-842": error<{ id: string }>({
    title: "Partitions of a retired tenant",
    text: ({ id }) =>
      `The tenant ${show(id)} is retired: its partitions were taken out of the shared tables, and stay out. Nothing was changed. To bring it back, give it the state active and run npx tenantry up.`,
    remedy:
      "A retired tenant's tables hold what its archive holds. Rows that come later wait in DEFAULT until it is active again, or are deleted by hand.",
  }),
  "TNT-843": error<{ key: string }>({
    title: "What cannot be a value of the partition key",
    text: ({ key }) =>
      `${show(key)} cannot have partitions: a value begins with a letter or digit, and holds letters a-z and A-Z, digits and the characters _ . : @ - only.`,
    remedy: "Ids, numbers and uuids are values. The value becomes part of its partitions' names.",
  }),
  "TNT-844": error<{ key: string; table: string; room: number }>({
    title: "A value that is too long for the name of its partition",
    text: ({ key, table, room }) =>
      `The value ${show(key)} has ${key.length} characters, and the name of its partition of shared.${table} has room for ${room}: "${table}/" goes before it, and PostgreSQL keeps 63 bytes. Nothing was changed. Use a shorter value, or a table with a shorter name.`,
    remedy:
      "Names of partitions are never cut and never hashed, since two values could then share one. A uuid has 36 characters, and fits tables with names of up to 26.",
  }),
  "TNT-845": error<{ id: string; state: string }>({
    title: "A tenant's partitions go with the tenant",
    text: ({ id, state }) =>
      `${show(id)} is a tenant, and its partitions are dropped with it. Nothing was changed. ${state === "retired" ? "It is retired: take it off the list" : "Give it the state retired, and run npx tenantry up, which archives its rows; take it off the list then"}, and run npx tenantry up.`,
    remedy:
      "A tenant is removed only while a proven archive holds its rows; see the runbook on retiring. `partitions destroy` is for values that are no tenants.",
  }),
  "TNT-846": error<{ batchSize: number; largest: number }>({
    title: "A batch size that is none",
    text: ({ batchSize, largest }) =>
      `The batch size ${batchSize} is none: it is a whole number of rows from 1 to ${largest}. The default is 10000.`,
    remedy: "So many rows of a table are moved and attached in one transaction.",
  }),
  "TNT-847": error<{ schema: string; mark: string }>({
    title: "A schema partitions that is not ours",
    text: ({ schema, mark }) =>
      `The database has a schema ${show(schema)} that tenantry did not make: its comment is not ${show(mark)}. Nothing was changed. Rename it, or drop it.`,
    remedy: "Partitions of values lie in a schema of their own, which nobody else writes to.",
  }),
  "TNT-848": error<{
    key: string;
    expected: number;
    rows: number;
    tables: readonly { readonly table: string; readonly rows: number }[];
  }>({
    title: "Partitions with another number of rows",
    text: ({ key, expected, rows, tables }) =>
      `The partitions of ${show(key)} hold ${rows} rows (${nameSome(tables.map((table) => `${table.table} ${table.rows}`))}), and ${expected} were to be dropped. Nothing was dropped. Keep the rows elsewhere first; to lose them, run npx tenantry partitions destroy ${key} --rows ${rows}.`,
    remedy:
      "Rows are dropped by nobody who does not say how many. They are counted again while nobody can write.",
  }),
  "TNT-849": error<{ option: string; rule: string }>({
    title: "An option of openPartitions that cannot be",
    text: ({ option, rule }) =>
      `The option ${show(option)} of openPartitions ${rule}. It takes pool, owner (the owner role), partitionKey (a column such as tenant_id) and stack (such as tenantry/prod); and placement, which is tenants or values.`,
    remedy: "They are what the stack's settings say: `roles.owner`, `partitionKey`, `partitions`.",
  }),
  "TNT-850": error<{ problems: readonly string[] }>({
    title: "A partitioned table that cannot be written",
    text: ({ problems }) =>
      `The table cannot be; nothing was written:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Write npx tenantry generate partitioned-table NAME COLUMN:TYPE ... --key KEY.`,
    remedy:
      "The command writes common columns. Any other type, default, check or index is yours to write into the file, until it ran.",
  }),
  "TNT-851": error<{ key: string; stack: string; partitionKey: string }>({
    title: "Another partition key than the stack's",
    text: ({ key, stack, partitionKey }) =>
      `The shared tables of stack ${show(stack)} are partitioned by ${partitionKey}, not by ${show(key)}. Nothing was written. Write --key ${partitionKey}; or, before the first up of that stack, set tenantry:partitionKey to ${show(key)} in its stack file.`,
    remedy:
      'All shared tables of a stack have one key, the setting `tenantry:partitionKey`. The migration itself says `:"partition_key"`, so that each stack gets its own.',
  }),
  "TNT-852": error<{ key: string }>({
    title: "No such partition",
    text: ({ key }) =>
      `Partition not found: ${show(key)} has no partition of any shared table. Check the value; "npx tenantry partitions list" shows those that have some, and "npx tenantry partitions create ${key}" makes them.`,
    remedy:
      "The scope of a partition opens for a value that has one. A value that is mistyped would read nothing, and its rows would wait in DEFAULT with nobody to fetch them.",
  }),
  "TNT-853": error<{ database: string }>({
    title: "A database whose shared tables are not for applications",
    text: ({ database }) =>
      `The pool was made for partitions without tenant schemas, and in the database ${show(database)} this role does not reach the shared tables. Connect as the application's role (npx tenantry env) of a stack with "tenantry:partitions: values" after its "npx tenantry up"; or make the pool with the isolation of the stack's tenants: shared or strict.`,
    remedy:
      "Where there are tenant schemas, applications have no rights on the shared tables: each tenant's partition lies in its schema. The rights, the row level security and the function central.has_partition come with `npx tenantry up` of a stack that says `tenantry:partitions: values`.",
  }),
  "TNT-854": error<{ problems: readonly string[] }>({
    title: "A shared table whose rows are not kept apart",
    text: ({ problems }) =>
      `Without tenant schemas, row level security keeps the values of the shared tables apart. It would not; nothing was changed:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Take out of the migration, or of the database, what stands here: a policy that is not restrictive, a right beyond select, insert, update and delete, a right on a partition, a view that is not security_invoker.`,
    remedy:
      "In a stack with `tenantry:partitions: values`, `npx tenantry up` gives each table of `sql/shared/` the application's rights and forced row level security: the rows of the value in `app.current_tenant` and no others. Then PostgreSQL's catalog is asked, in the same transaction, whether anything passes by that: policies add to each other, TRUNCATE, REFERENCES and TRIGGER ask no policy, a partition has none of its parent's, and a view reads with its owner's rights unless it has `security_invoker = true`.",
  }),
} as const;
