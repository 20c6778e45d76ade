import type { TenantSpec } from "../../core/tenant.ts";
import type { FleetContext } from "../context.ts";
import { audit } from "../registry.ts";
import { fillTenant } from "./fill-tenant.ts";
import { loadArchive } from "./load-archive.ts";
import { absolute } from "./store/archive-store.ts";

/**
 * Makes a tenant with the rows of an archive, at the archive's migration, in one transaction. Its id is the declared
 * one, whatever the archive's was; it is suspended until its spec is applied.
 *
 * @returns whether it did: a tenant that is there already stays as it is
 * @throws {TenantryError} as `loadArchive` and `fillTenant`; nothing is changed then
 */
export function restoreTenant(
  ctx: FleetContext,
  spec: TenantSpec,
  archive: string,
): Promise<boolean> {
  const location = absolute(archive);
  return fillTenant(ctx, spec, {
    doing: "restoring",
    fill: async (client, makeRoom) => {
      const { manifest } = await loadArchive(client, ctx.archives, location, makeRoom);
      const { id: from, version, tables, sequences } = manifest;
      const note = audit(ctx, "tenant.restored", spec.id, null, {
        archive: location,
        from,
        version,
      });
      return { tables, sequences, notes: [note] };
    },
  });
}
