import { TenantryError } from "./errors.ts";
import type { Migration } from "./migration.ts";
import { newestVersion } from "./migration.ts";
import type { TenantSpec } from "./tenant.ts";

/**
 * The version a tenant should be at: its pin, or the newest.
 *
 * @param version where it is now
 * @throws {TenantryError} TNT-410 when the pin is no migration, TNT-409 when it lies below the tenant's version.
 */
export function targetVersion(
  { id, pin }: Pick<TenantSpec, "id" | "pin">,
  files: readonly Migration[],
  version: number,
): number {
  const newest = newestVersion(files);
  if (pin === undefined) return newest;
  if (!Number.isInteger(pin) || pin < 1 || pin > newest)
    throw new TenantryError("TNT-410", { id, pin, newest });
  if (pin < version) throw new TenantryError("TNT-409", { id, pin, version });
  return pin;
}

/** The migrations from a version (exclusive) to another (inclusive), in order. */
export function migrationsBetween(
  files: readonly Migration[],
  version: number,
  target: number,
): Migration[] {
  return files.filter(({ number }) => number > version && number <= target);
}

/** Whether a change of a tenant is about its version: it is pinned elsewhere, or migrations reach it again. */
export function changesVersion(
  before: Pick<TenantSpec, "state"> & { readonly pin?: number | undefined },
  after: Pick<TenantSpec, "state" | "pin">,
): boolean {
  return before.pin !== after.pin || (before.state === "retired" && after.state !== "retired");
}
