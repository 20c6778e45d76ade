import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrateFleet } from "../../src/fleet/migrate-fleet.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readSqlArea } from "../../src/fleet/sql-files.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { copySqlDirectory, preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
let sqlDirectory: string;

/** Everything the catalogs say of a schema that its tables' users could tell apart, as PostgreSQL itself writes it. */
const CATALOG = `
  with tables as (select c.* from pg_class c where c.relnamespace = $1::regnamespace)
  select line from (
    select format('%s %s %s %s', relkind, relname, relpersistence, reloptions) as line from tables
    union all
    select format('owner %s %s', relname, pg_get_userbyid(relowner)) from tables
    union all
    select format('acl %s %s', relname, (select array_agg(x::text order by x::text) from unnest(relacl) x)) from tables
    union all
    select format('column %s.%s %s %s %s %s %s %s %s', t.relname, a.attnum, a.attname,
      format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attcompression,
      pg_get_expr(d.adbin, d.adrelid))
    from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    where t.relkind in ('r', 'p', 'v')
    union all
    select format('index %s %s %s', i.indexrelid::regclass, i.indisvalid, pg_get_indexdef(i.indexrelid))
    from tables t join pg_index i on i.indrelid = t.oid
    union all
    select format('constraint %s %s %s', t.relname, k.conname, pg_get_constraintdef(k.oid))
    from tables t join pg_constraint k on k.conrelid = t.oid
    union all
    select format('trigger %s %s', t.relname, pg_get_triggerdef(g.oid))
    from tables t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
    union all
    select format('function %s', pg_get_functiondef(p.oid)) from pg_proc p where p.pronamespace = $1::regnamespace
    union all
    select format('sequence %s %s %s', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart)
    from tables t join pg_sequence s on s.seqrelid = t.oid
    union all
    select format('comment %s %s %s', t.relname, d.objsubid, d.description)
    from tables t join pg_description d on d.objoid = t.oid and d.classoid = 'pg_class'::regclass
    union all
    select format('parent %s %s', t.relname, i.inhparent::regclass)
    from tables t join pg_inherits i on i.inhrelid = t.oid
  ) facts order by line`;

async function catalogOf(id: string): Promise<string[]> {
  const facts = await platform.rows(CATALOG, [`tenant_${id}`]);
  return facts.map(({ line }) => String(line).replaceAll(id, "ID"));
}

beforeAll(async () => {
  sqlDirectory = copySqlDirectory();
  const write = (file: string, sql: string) => {
    writeFileSync(join(sqlDirectory, "tenant", file), sql);
  };
  write(
    "004_later.sql",
    "alter table employees add column level integer not null default 1 check (level > 0);\ncreate function twice(x int) returns int language sql begin atomic select x * 2; end;\n",
  );
  write(
    "005_index.sql",
    "create index :concurrently if not exists employees_level on employees (level);\n",
  );
  write("006_gone.sql", "drop index :concurrently if exists employees_level;\n");
  write(
    "007_again.sql",
    "create index :concurrently if not exists employees_level on employees (level desc);\n",
  );
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory });
});
afterAll(() => platform.close());

test("a tenant made at once and one that was migrated step by step have the same catalog", async () => {
  const { ctx, rows } = platform;
  const newest = readSqlArea(sqlDirectory, "tenant").length;
  await provisionTenant(ctx, spec("at_once"));
  await provisionTenant(ctx, spec("in_steps", { pin: 1 }));
  for (let pin = 2; pin < newest; pin += 1) await updateTenant(ctx, spec("in_steps", { pin }));
  await updateTenant(ctx, spec("in_steps"));
  await provisionTenant(ctx, spec("by_fleet", { pin: 2 }));
  await rows("update tenantry.registry set pin = null where id = 'by_fleet'");
  await migrateFleet(ctx);
  const expected = await catalogOf("at_once");
  expect(expected.length).toBeGreaterThan(50);
  expect(expected).toContainEqual(expect.stringMatching(/^index .*employees_level t .*level DESC/));
  expect(await catalogOf("in_steps")).toEqual(expected);
  expect(await catalogOf("by_fleet")).toEqual(expected);
  // The fingerprint that the registry keeps of each says the same: they share one.
  expect(
    await rows(
      "select count(distinct fingerprint)::int as n, min(version) as version from tenantry.registry",
    ),
  ).toEqual([{ n: 1, version: newest }]);
  // And it can differ.
  await rows("alter table tenant_in_steps.employees add column extra int");
  expect(await catalogOf("in_steps")).not.toEqual(expected);
});
