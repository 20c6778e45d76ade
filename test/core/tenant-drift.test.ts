import fc from "fast-check";
import { expect, it } from "vitest";
import { DEFAULT_ROLES } from "../../src/core/roles.ts";
import { tenantDrift } from "../../src/core/tenant-drift.ts";

const spec = { id: "x", company: "X", state: "active", isolation: "shared" } as const;
const lines = fc.uniqueArray(
  fc.constantFrom("table a", "sequence s", "index i on a: btree (b)", "column a.b: integer"),
);
const relationsOf = (objects: readonly string[]) =>
  objects.filter((line) => /^(?:table|sequence) /.test(line));

it("names what is missing and what is not declared, and is empty when all agrees", () => {
  fc.assert(
    fc.property(lines, lines, (expected, objects) => {
      const drift = tenantDrift(spec, DEFAULT_ROLES, "nostromo_owner", {
        objects,
        expected,
        rights: [],
        relations: relationsOf(objects),
        strangers: [],
      });
      const both = expected.filter((line) => objects.includes(line)).length;
      expect(drift.objects).toHaveLength(expected.length + objects.length - 2 * both);
      // Every right is missing here: 7 of the schema, 4 a table, 2 a sequence.
      const rights =
        7 +
        objects.reduce(
          (sum, line) => sum + (line.startsWith("table") ? 4 : line.startsWith("sequence") ? 2 : 0),
          0,
        );
      expect(drift.rights).toHaveLength(rights);
      const given = drift.rights.map((line) => line.replace("missing right: ", ""));
      expect(
        tenantDrift(spec, DEFAULT_ROLES, "nostromo_owner", {
          objects,
          expected: objects,
          rights: given,
          relations: relationsOf(objects),
          strangers: [],
        }),
      ).toEqual({ rights: [], objects: [] });
    }),
  );
});

it("expects no way into a suspended tenant", () => {
  const catalog = {
    objects: [],
    expected: null,
    rights: ["usage on schema to nostromo_user"],
    relations: [],
    strangers: [],
  };
  const { rights } = tenantDrift(
    { ...spec, state: "suspended" },
    DEFAULT_ROLES,
    "nostromo_owner",
    catalog,
  );
  expect(rights).toContain("undeclared right: usage on schema to nostromo_user");
});
