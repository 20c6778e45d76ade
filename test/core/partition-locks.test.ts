import fc from "fast-check";
import { expect, it } from "vitest";
import { lockForPartitions } from "../../src/core/partition-locks.ts";
import type { SharedTable } from "../../src/core/shared-table.ts";

const table = (name: string): SharedTable => ({
  ...{ name, defaultSchema: "shared", defaultName: `${name}_default` },
  ...{ columns: ["id"], mayHaveOrphans: false, detached: false },
});

it("keeps writers off a table that gets a partition, and everybody off one that loses one", () => {
  const [line, patience, attach] = lockForPartitions([table("t'x")], "attach");
  expect(line).toBe(`lock table only shared."t'x" in share update exclusive mode`);
  expect(patience).toBe("set local lock_timeout = '200ms'");
  expect(attach).toContain(`lock table only shared."t''x" in exclusive mode;
      lock table "shared"."t''x_default" in access exclusive mode;
      return;`);
  const drop = lockForPartitions([table("t")], "drop");
  expect(drop).toHaveLength(2);
  expect(drop[1]).toContain(`lock table only shared."t" in access exclusive mode;
      lock table "shared"."t_default" in access exclusive mode;`);
});

it("always takes them in the same order", () => {
  const names = ["a", "b", "c", "d"];
  const tables = (order: string[]) => order.map((name) => table(name));
  fc.assert(
    fc.property(
      fc.shuffledSubarray(names, { minLength: 4 }),
      fc.constantFrom("attach" as const, "drop" as const),
      (order, change) => {
        expect(lockForPartitions(tables(order), change)).toEqual(
          lockForPartitions(tables(names), change),
        );
      },
    ),
  );
});

it("locks nothing where nothing changes", () => {
  expect(lockForPartitions([], "attach")).toEqual([]);
});
