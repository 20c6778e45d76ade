import { compareObjects, objectOf } from "../differences.ts";
import { tenantSchema } from "../names.ts";
import type { Finding } from "./finding.ts";

/** What tenants of a version should hold by the books, and which tenants; see sql/doctor/shapes.sql. */
export interface ShapeRow {
  readonly version: number;
  readonly tenants: readonly string[];
  readonly objects: readonly string[];
}

/**
 * Tenants of one version whose migrations left something else than those of most others did. What somebody changed by
 * hand before a migration ran is in the books since, and shows only here.
 */
export function examineShapes(rows: readonly ShapeRow[]): Finding[] {
  return [...Map.groupBy(rows, ({ version }) => version)].flatMap(([version, shapes]) => {
    const [usual, ...others] = shapes.toSorted(
      (a, b) =>
        b.tenants.length - a.tenants.length ||
        ((a.tenants[0] ?? "") < (b.tenants[0] ?? "") ? -1 : 1),
    );
    return others.flatMap(({ tenants, objects }) => {
      const { missing, undeclared, changed } = compareObjects(usual?.objects ?? [], objects);
      const most = `most tenants of version ${version}`;
      const differences = [
        ...missing.map((line) => ({ ...objectOf(line), found: `missing; ${most} have it` })),
        ...undeclared.map((line) => ({ ...objectOf(line), found: `${most} do not have it` })),
        ...changed.map(({ name, expected, actual }) => ({
          ...{ name, found: `${actual}; ${most} have ${expected}` },
        })),
      ];
      return tenants.flatMap((tenant) =>
        differences.map(({ name, found }): Finding => ({
          ...{ code: "DOC-24", subject: `${tenantSchema(tenant)} ${name}`, found, tenant },
        })),
      );
    });
  });
}
