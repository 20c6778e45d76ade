import fc from "fast-check";
import { expect, it } from "vitest";
import { attachPartitions, lockForPartitions } from "../../src/core/partition.ts";
import type { SharedTable } from "../../src/core/partition.ts";

const owner = { schema: "tenant_o'x", key: "o'x", partitionKey: "isp_id" };
const table = (name: string, more: Partial<SharedTable> = {}): SharedTable => ({
  name,
  defaultSchema: "shared",
  defaultName: `${name}_default`,
  columns: ["id", "isp_id"],
  mayHaveOrphans: false,
  detached: false,
  ...more,
});

const textsOf = (tables: SharedTable[]) => attachPartitions(tables, owner).map(({ text }) => text);

it("builds aside, fills, locks, fills the rest and attaches", () => {
  const move =
    `with moved as (delete from only "shared"."t_default" where "isp_id" = 'o''x' returning "id", "isp_id") ` +
    `insert into "tenant_o'x"."t" ("id", "isp_id") overriding system value select "id", "isp_id" from moved`;
  expect(textsOf([table("t", { mayHaveOrphans: true })])).toEqual([
    `create table "tenant_o'x"."t" (like shared."t" including all)`,
    `alter table "tenant_o'x"."t" alter column "isp_id" set default 'o''x', add constraint "partition_key_check" check ("isp_id" = 'o''x')`,
    move,
    `lock table only shared."t" in share update exclusive mode`,
    `lock table "shared"."t_default" in access exclusive mode`,
    move,
    `alter table shared."t" attach partition "tenant_o'x"."t" for values in ('o''x')`,
  ]);
});

it("does without a DEFAULT partition where there is none", () => {
  const without = table("t", { defaultSchema: null, defaultName: null });
  const words = textsOf([without]).map((text) => text.split(" ")[0]);
  expect(words).toEqual(["create", "alter", "lock", "alter"]);
});

it("locks after all is built and before all is attached, always in the same order", () => {
  const names = ["a", "b", "c", "d"];
  const inOrder = lockForPartitions(
    names.map((name) => table(name)),
    "attach",
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: 4 }), (order) => {
      const tables = order.map((name) => table(name, { mayHaveOrphans: name < "c" }));
      const plan = textsOf(tables);
      const first = plan.findIndex((text) => text.startsWith("lock"));
      expect(plan.slice(first, first + inOrder.length)).toEqual(inOrder);
      expect(plan.findLastIndex((text) => text.startsWith("create"))).toBeLessThan(first);
      expect(plan.findIndex((text) => text.includes(" attach "))).toBeGreaterThan(first);
      expect(lockForPartitions(tables, "drop")).toEqual(
        names.flatMap((name) => [
          `lock table only shared."${name}" in access exclusive mode`,
          `lock table "shared"."${name}_default" in access exclusive mode`,
        ]),
      );
    }),
  );
});
