import { tenantSchema } from "../core/names.ts";
import { BEGINNINGS } from "../core/shard-record.ts";
import { changesVersion } from "../core/tenant-version.ts";
import type { Manager, TenantPlace, TenantSpec } from "../core/tenant.ts";
import { readArchiveHead } from "../fleet/archive/archive-file.ts";
import type { FleetContext } from "../fleet/context.ts";
import { provisionTenant } from "../fleet/provision-tenant.ts";
import { readTenant } from "../fleet/read-tenant.ts";
import { removeTenant } from "../fleet/remove-tenant.ts";
import { renameTenant } from "../fleet/rename-tenant.ts";
import { unlessGone } from "../fleet/unless-gone.ts";
import { updateTenant } from "../fleet/update-tenant.ts";
import { isObject } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import { previewClone } from "./preview-clone.ts";
import type { Session } from "./session.ts";

/** How a tenant is worked on, and for what declares it. */
export interface TenantRun {
  readonly session: Session;
  readonly manager: Manager;
  readonly preview: boolean;
  readonly signal: AbortSignal;
}

/** A tenant as it was left by the last run. */
export interface KnownTenant {
  readonly spec: TenantSpec;
  readonly key: string | null;
  readonly version: number | undefined;
}

/** Makes a tenant, or takes over the one that is there and ours. In a preview, tells what it can know of that. */
export async function makeTenant(
  { session, manager, preview, signal }: TenantRun,
  spec: TenantSpec,
  renamedFrom?: string,
): Promise<TenantPlace> {
  if (preview) {
    if (spec.restore !== undefined) await readArchiveHead(session.archives, spec.restore);
    if (spec.clone) await previewClone(session, spec.clone, signal);
    return { schema: tenantSchema(spec.id), key: spec.id, version: session.targetVersion(spec) };
  }
  const ctx = session.fleet(signal, manager);
  await rename(ctx, spec.id, renamedFrom);
  return provisionTenant(ctx, spec);
}

/** Brings a tenant to another spec; one that is gone is an error, since an empty one would hide the loss. */
export async function changeTenant(
  { session, manager, preview, signal }: TenantRun,
  old: KnownTenant,
  spec: TenantSpec,
  renamedFrom?: string,
): Promise<Omit<TenantPlace, "key"> & { readonly key: string | null }> {
  if (preview) {
    const planned = session.targetVersion(spec);
    const version = changesVersion(old.spec, spec) ? planned : (old.version ?? planned);
    return { schema: tenantSchema(spec.id), key: old.key, version };
  }
  const ctx = session.fleet(signal, manager);
  await rename(ctx, spec.id, renamedFrom);
  return updateTenant(ctx, spec);
}

async function rename(ctx: FleetContext, id: string, from: string | undefined): Promise<void> {
  if (from !== undefined) await renameTenant(ctx, from, id);
}

/**
 * Removes a tenant that its resource no longer has; where something else declares it, it stays, and is the other's from
 * now on.
 */
export async function leaveTenant(
  { session, manager, signal }: Omit<TenantRun, "preview">,
  id: string,
  retention: number | undefined,
): Promise<void> {
  const declared = session.declared.get(id);
  // A run that was cut off may have left the registry with who declared it then.
  if (declared && declared.manager !== manager)
    await updateTenant(session.fleet(signal, declared.manager), declared.spec);
  else await removeTenant(session.fleet(signal, manager), id, retention);
}

/** What a tenant is found to be: its spec, and what else its resource shows. */
export interface FoundTenant {
  readonly spec: Properties & { readonly id: string };
  readonly place: TenantPlace;
  readonly notes: Properties;
}

/**
 * A tenant as it is; undefined when it is gone. Two notes are there only when a difference was found: `drift`, which the
 * next update puts right, and `objects`, tables and the like that differ from what the migrations made. Those are a
 * person's to mend: dropping or rebuilding them could lose data.
 *
 * @param declared what was declared of it
 */
export async function findTenant(
  ctx: FleetContext,
  id: string,
  declared: Value | undefined,
): Promise<FoundTenant | undefined> {
  const facts = await unlessGone(() => readTenant(ctx, id));
  if (facts === undefined) return undefined;
  const { spec, drift, missingPartitions, ...place } = facts;
  const repairable = [
    ...drift.rights,
    ...missingPartitions.map((table) => `missing partition of shared.${table}`),
  ];
  return {
    spec: { ...(spec as unknown as FoundTenant["spec"]), ...unread(declared) },
    place,
    notes: {
      ...(repairable.length > 0 && { drift: repairable }),
      ...(drift.objects.length > 0 && { objects: drift.objects }),
    },
  };
}

/** What of a spec is not in the database's own words: it stays as it was declared. */
function unread(spec: Value | undefined): Properties {
  const { restore, clone, retention } = isObject(spec) ? spec : {};
  return {
    ...(restore !== undefined && { restore }),
    ...(clone !== undefined && { clone }),
    ...(retention !== undefined && { retention }),
  };
}

/** What of a spec still means something once the tenant is there. */
export function lastingSpec(spec: Properties): Properties {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !BEGINNINGS.includes(name)));
}
