import { eq } from "drizzle-orm";
import { pgTable, text } from "drizzle-orm/pg-core";
import type { Generated } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { tenantDrizzle } from "../../src/runtime/drizzle.ts";
import { createTenantPool } from "../../src/runtime/index.ts";
import type { TenantPool } from "../../src/runtime/index.ts";
import { tenantKysely } from "../../src/runtime/kysely.ts";
import { sharedCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

interface Database {
  conversations: { id: Generated<string>; topic: string };
}

let platform: TestPlatform;
let pool: TenantPool;
beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  for (const id of ["k", "d"]) await provisionTenant(platform.ctx, spec(id));
  pool = createTenantPool({ ...platform.login(platform.roles.user), max: 1 });
});
afterAll(async () => {
  await pool.end();
  await platform.close();
});

test("Kysely reads and writes the scope's tenant, and leaves the transaction to the scope", async () => {
  await pool.withTenant("k", async (tx) => {
    const db = tenantKysely<Database>(tx);
    const inserted = await db
      .insertInto("conversations")
      .values({ topic: "of k" })
      .executeTakeFirstOrThrow();
    expect(inserted.numInsertedOrUpdatedRows).toBe(1n);
    const updated = await db
      .updateTable("conversations")
      .set({ topic: "of k, too" })
      .where("topic", "=", "of k")
      .executeTakeFirstOrThrow();
    expect(updated.numUpdatedRows).toBe(1n);
  });
  await pool.withTenant("k", async (tx) => {
    const db = tenantKysely<Database>(tx);
    expect(await db.selectFrom("conversations").select("topic").execute()).toEqual([
      { topic: "of k, too" },
    ]);
    await expect(db.transaction().execute(() => Promise.resolve())).rejects.toThrow("TNT-812");
    await expect(
      db.selectFrom("conversations").selectAll().stream()[Symbol.asyncIterator]().next(),
    ).rejects.toThrow("TNT-818");
  });
  expect((await pool.tenantQuery("d", "select topic from conversations")).rows).toEqual([]);
});

test("Drizzle does, with prepared queries", async () => {
  const conversations = pgTable("conversations", { topic: text("topic").notNull() });
  await pool.withTenant("d", async (tx) => {
    const db = tenantDrizzle(tx, { schema: { conversations } });
    await db.insert(conversations).values({ topic: "of d" });
    const byTopic = db.select().from(conversations).where(eq(conversations.topic, "of d"));
    expect(await byTopic.prepare("by_topic").execute()).toEqual([{ topic: "of d" }]);
    expect(await db.query.conversations.findMany()).toEqual([{ topic: "of d" }]);
    await expect(db.transaction(() => Promise.resolve())).rejects.toMatchObject({
      cause: { code: "TNT-812" },
    });
  });
  expect(
    await pool.withTenant("d", async (tx) =>
      tenantDrizzle(tx).select({ topic: conversations.topic }).from(conversations),
    ),
  ).toEqual([{ topic: "of d" }]);
});
