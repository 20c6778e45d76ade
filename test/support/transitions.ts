import type { DeclaredTenant } from "../../src/core/tenant.ts";

/** A step in the life of a tenant: what is declared before and after it. */
export interface Transition {
  readonly name: string;
  readonly tenants: (life: Life) => readonly DeclaredTenant[];
  /** Whether it adds a migration. */
  readonly migrates?: boolean;
}

/** One tenant's names in the course of its life. */
export interface Life {
  readonly id: string;
  readonly renamed: string;
  readonly isolation: DeclaredTenant["isolation"];
  /** Its newest archive, as soon as it has one. */
  readonly archive: string;
}

const first = ({ id, isolation }: Life): DeclaredTenant => ({
  ...{ id, isolation, company: "A Company", state: "active" },
});
const second = (life: Life): DeclaredTenant => ({ ...first(life), id: life.renamed });

/** Each begins where the one before it ends. */
export const TRANSITIONS: readonly Transition[] = [
  { name: "create", tenants: (life) => [first(life)] },
  { name: "migrate", tenants: (life) => [first(life)], migrates: true },
  { name: "rename", tenants: (life) => [{ ...second(life), renamedFrom: life.id }] },
  { name: "suspend", tenants: (life) => [{ ...second(life), state: "suspended" }] },
  { name: "retire", tenants: (life) => [{ ...second(life), state: "retired" }] },
  { name: "bring back", tenants: (life) => [second(life)] },
  { name: "retire in use", tenants: (life) => [{ ...second(life), state: "retired" }] },
  { name: "remove", tenants: () => [] },
  { name: "restore", tenants: (life) => [{ ...second(life), restore: life.archive }] },
];
