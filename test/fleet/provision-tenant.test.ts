import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listTenants } from "../../src/fleet/list-tenants.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { readTenant } from "../../src/fleet/read-tenant.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
});
afterAll(() => platform.close());

describe("provisionTenant", () => {
  it("makes schema, tables, indexes, partitions, registry, audit and ledger rows", async () => {
    const { ctx, admin } = platform;
    const place = await provisionTenant(ctx, spec("one", { company: "Uno SpA" }));
    expect(place).toEqual({ schema: "tenant_one", key: "one", version: 3 });
    const { rows } = await admin.query<{ relname: string; kind: string }>(
      "select relname, relkind::text as kind from pg_class where relnamespace = 'tenant_one'::regnamespace and relkind in ('r', 'i') order by 1",
    );
    expect(rows.filter(({ kind }) => kind === "r").map(({ relname }) => relname)).toEqual([
      "absences",
      "contracts",
      "conversations",
      "employees",
      "messages",
      "payroll",
      "payroll_items",
    ]);
    expect(await readTenant(ctx, "one")).toEqual({
      spec: spec("one", { company: "Uno SpA" }),
      schema: "tenant_one",
      key: "one",
      version: 3,
      drift: { rights: [], objects: [] },
      missingPartitions: [],
    });
    expect(await listTenants(ctx)).toMatchObject([
      { id: "one", schema: "tenant_one", company: "Uno SpA", state: "active", version: 3 },
    ]);
  });
});
