import fc from "fast-check";
import { expect, it } from "vitest";
import { attachPartitions } from "../../src/core/partition.ts";
import type { SharedTable } from "../../src/core/partition.ts";

const owner = { schema: "tenant_o'x", key: "o'x", partitionKey: "isp_id" };
const table = (name: string, more: Partial<SharedTable> = {}): SharedTable => ({
  name,
  defaultSchema: "shared",
  defaultName: `${name}_default`,
  columns: ["id", "isp_id"],
  mayHaveOrphans: false,
  ...more,
});

it("builds aside, fills, locks, fills the rest and attaches", () => {
  const move =
    `with moved as (delete from "shared"."t_default" where "isp_id" = 'o''x' returning "id", "isp_id") ` +
    `insert into "tenant_o'x"."t" ("id", "isp_id") overriding system value select "id", "isp_id" from moved`;
  expect(attachPartitions([table("t", { mayHaveOrphans: true })], owner)).toEqual([
    `create table "tenant_o'x"."t" (like shared."t" including all)`,
    `alter table "tenant_o'x"."t" alter column "isp_id" set default 'o''x'`,
    move,
    `lock table "shared"."t_default" in access exclusive mode`,
    move,
    `alter table shared."t" attach partition "tenant_o'x"."t" for values in ('o''x')`,
  ]);
});

it("does without a DEFAULT partition where there is none", () => {
  const without = table("t", { defaultSchema: null, defaultName: null });
  expect(attachPartitions([without], owner).map((text) => text.split(" ")[0])).toEqual([
    "create",
    "alter",
    "alter",
  ]);
});

it("locks last and always in the same order, whatever order the tables come in", () => {
  const names = ["a", "b", "c", "d"];
  fc.assert(
    fc.property(
      fc.shuffledSubarray(names, { minLength: 4 }),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      (order, orphans) => {
        const tables = order.map((name) =>
          table(name, { mayHaveOrphans: orphans[names.indexOf(name)]! }),
        );
        const plan = attachPartitions(tables, owner);
        const locks = plan.filter((text) => text.startsWith("lock"));
        expect(locks).toEqual(
          names.map((name) => `lock table "shared"."${name}_default" in access exclusive mode`),
        );
        expect(plan.findLastIndex((text) => text.startsWith("create"))).toBeLessThan(
          plan.indexOf(locks[0]!),
        );
      },
    ),
  );
});
