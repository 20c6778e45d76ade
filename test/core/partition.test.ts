import fc from "fast-check";
import { expect, it } from "vitest";
import { attachPartitions } from "../../src/core/partition.ts";
import { lockForPartitions } from "../../src/core/partition-locks.ts";
import type { SharedTable } from "../../src/core/shared-table.ts";

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

it("builds aside, locks, fills and attaches", () => {
  expect(textsOf([table("t")])).toEqual([
    `create table "tenant_o'x"."t" (like shared."t" including all)`,
    `alter table "tenant_o'x"."t" alter column "isp_id" set default 'o''x', add constraint "partition_key_check" check ("isp_id" = 'o''x')`,
    ...lockForPartitions([table("t")], "attach"),
    `with moved as (delete from only "shared"."t_default" where "isp_id" = 'o''x' returning "id", "isp_id") ` +
      `insert into "tenant_o'x"."t" ("id", "isp_id") overriding system value select "id", "isp_id" from moved`,
    `alter table shared."t" attach partition "tenant_o'x"."t" for values in ('o''x')`,
  ]);
});

it("does without a DEFAULT partition where there is none", () => {
  const without = table("t", { defaultSchema: null, defaultName: null });
  const words = textsOf([without]).map((text) => text.split(" ")[0]);
  expect(words).toEqual(["create", "alter", "lock", "set", "do", "alter"]);
  expect(lockForPartitions([without], "attach").join()).not.toContain("_default");
});

it("does nothing where nothing lacks", () => {
  expect(textsOf([])).toEqual([]);
});

it("locks after all is built and before all is filled and attached", () => {
  const names = ["a", "b", "c", "d"];
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: 4 }), (order) => {
      const tables = order.map((name) => table(name, { detached: name < "c" }));
      const does = attachPartitions(tables, owner).map((step) => step.does);
      expect(does).toEqual([
        ...["build", "build", "build", "build"],
        ...["lock", "lock", "lock"],
        ...names.flatMap(() => ["move", "attach"]),
      ]);
    }),
  );
});
