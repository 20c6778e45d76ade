import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyMigrations } from "../../../src/fleet/apply-migrations.ts";
import { newPartitionedTable } from "../../../src/fleet/partitions/new-partitioned-table.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../../support/cluster.ts";
import { preparePlatform, smallSqlDirectory, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

const sqlDirectory = smallSqlDirectory();
let platform: TestPlatform;

beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory });
});
afterAll(() => platform.close());

const generate = (name: string, columns: string[]) =>
  newPartitionedTable(sqlDirectory, name, columns, {
    partitionKey: "tenant_id",
    partitions: "tenants",
  });

describe("a generated table", () => {
  it("gets the next number, is as it must be, and gives a tenant its partition", async () => {
    expect(generate("tickets", ["topic:text", "fee:numeric(12, 2):null"])).toBe(
      "sql/shared/003_tickets.sql",
    );
    expect(await applyMigrations(platform.ctx, "shared")).toEqual({ version: 3, applied: [3] });
    await provisionTenant(platform.ctx, spec("first"));
    await platform.rows("insert into tenant_first.tickets (topic) values ('a')");
    expect(await platform.rows("select tenant_id, topic, fee from shared.tickets")).toEqual([
      { tenant_id: "first", topic: "a", fee: null },
    ]);
  });

  it("is refused twice, and with columns that cannot be; nothing is written", () => {
    expect(() => generate("tickets", [])).toThrow(/sql\/shared\/003_tickets\.sql already.*TNT-652/);
    expect(() => generate("others", ["a:text; drop schema x"])).toThrow(/TNT-850/);
    expect(() => readFileSync(join(sqlDirectory, "shared/004_others.sql"))).toThrow(/ENOENT/);
  });
});

describe("a shared table that cannot have partitions", () => {
  it.each([
    [
      "create table shared.notes (id int)",
      /shared\.notes: it must be partition by list \(tenant_id\)/,
    ],
    [
      `create table shared.notes (id uuid default gen_random_uuid(), :"partition_key" text, primary key (id, :"partition_key")) partition by list (:"partition_key")`,
      /it needs a partition for what has none: create table shared\.notes_default/,
    ],
    [
      `create table shared.notes (id uuid not null, tenant_id text not null, primary key (id, tenant_id)) partition by list (tenant_id); create table shared.notes_default partition of shared.notes default`,
      /it needs a column id uuid default/,
    ],
  ])("%s is refused, and nothing of it stays", async (sql, message) => {
    const file = join(sqlDirectory, "shared/004_notes.sql");
    writeFileSync(file, `${sql};\n`);
    const attempt = applyMigrations(platform.ctx, "shared");
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toMatchObject({ code: "TNT-840" });
    rmSync(file);
    expect(await platform.rows("select to_regclass('shared.notes') as name")).toEqual([
      { name: null },
    ]);
    expect(await applyMigrations(platform.ctx, "shared")).toEqual({ version: 3, applied: [] });
  });
});
