import { expect, it } from "vitest";
import { shapeProblems } from "../../src/core/shared-table-shape.ts";
import type { SharedTableShape } from "../../src/core/shared-table-shape.ts";

const column = (type: string, more = {}) => ({ type, notNull: true, hasDefault: false, ...more });
const right: SharedTableShape = {
  name: "events",
  byList: true,
  partitionedBy: ["isp_id"],
  hasDefault: true,
  primaryKey: ["id", "isp_id"],
  columns: { id: column("uuid", { hasDefault: true }), isp_id: column("text") },
};

it("finds nothing wrong with a table as it must be", () => {
  expect(shapeProblems(right, "isp_id")).toEqual([]);
});

it.each<[Partial<SharedTableShape>, RegExp]>([
  [{ byList: null, partitionedBy: null, hasDefault: false }, /partition by list \(isp_id\)$/],
  [{ byList: false }, /partition by list \(isp_id\)$/],
  [{ partitionedBy: [null] }, /partition by list/],
  [{ partitionedBy: ["isp_id", "id"] }, /partition by list/],
  [{ primaryKey: null }, /primary key must be \(id, isp_id\), and there is none$/],
  [{ primaryKey: ["isp_id", "id"] }, /primary key must be \(id, isp_id\), and is \(isp_id, id\)$/],
  [{ columns: { ...right.columns, id: column("uuid") } }, /id uuid default gen_random_uuid\(\)$/],
  [
    { columns: { ...right.columns, id: column("bigint", { hasDefault: true }) } },
    /id uuid default gen_random_uuid\(\)$/,
  ],
  [{ columns: { ...right.columns, isp_id: column("integer") } }, /isp_id text not null$/],
  [
    { columns: { ...right.columns, isp_id: column("text", { notNull: false }) } },
    /isp_id text not null$/,
  ],
  [{ hasDefault: false }, /events_default partition of shared\.events default$/],
])("%j is one problem, with the table's name", (wrong, message) => {
  const problems = shapeProblems({ ...right, ...wrong }, "isp_id");
  expect(problems).toEqual([expect.stringMatching(/^shared\.events: it/)]);
  expect(problems[0]).toMatch(message);
});

it("tells everything at once of a table that is none of it", () => {
  const nothing = { name: "events", byList: null, partitionedBy: null, hasDefault: false };
  expect(shapeProblems({ ...nothing, primaryKey: null, columns: null }, "isp_id")).toHaveLength(4);
});
