import * as pulumi from "@pulumi/pulumi";
import { toShards } from "../core/shard.ts";
import type { DeclaredTenant } from "../core/tenant.ts";
import type { Settings } from "../settings/settings.ts";
import type { Platform } from "./platform.ts";
import { FleetMigrations } from "./resources/fleet-migrations.ts";
import { TenantShard } from "./resources/tenant-shard.ts";
import { Tenant } from "./resources/tenant.ts";

export interface FleetArgs {
  readonly settings: Settings;
  readonly platform: Platform;
  /** SHA-256 of each file of `sql/tenant/` and `sql/shared/`, by file name. */
  readonly migrations: Readonly<Record<"tenant" | "shared", Readonly<Record<string, string>>>>;
}

/** Above this many tenants, one resource each makes a run take minutes. */
const MANY_TENANTS = 1_500;

/** All tenants: one resource for each entry of the list, named by its id; or one for each shard of them. */
export class Fleet extends pulumi.ComponentResource {
  readonly count: number;

  constructor(name: string, args: FleetArgs, options?: pulumi.ComponentResourceOptions) {
    super("tenantry:index:Fleet", name, {}, options);
    const { settings, platform, migrations } = args;
    const common = { parent: this, provider: platform.server.provider, dependsOn: platform.done };
    const { contained, guarded } = platform.server;
    const own = { ...guarded, ...common };

    this.count = settings.tenants.length;
    if (settings.layout === "shards") makeShards(settings.tenants, own);
    else makeTenants(settings.tenants, own);
    if (settings.layout === "tenants" && this.count > MANY_TENANTS)
      void pulumi.log.warn(
        `${this.count} tenants are one resource each: above some ${MANY_TENANTS} a run takes minutes. "npx tenantry layout shards" moves them into shards.`,
        this,
      );
    new FleetMigrations(
      "fleet-migrations",
      { ...migrations, ...settings.migrations },
      { ...common, ...contained },
    );
    this.registerOutputs();
  }
}

type OwnOptions = pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource };

function makeTenants(tenants: readonly DeclaredTenant[], own: OwnOptions): void {
  const declared = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const made = new Map<string, Tenant>();
  const make = (tenant: DeclaredTenant): Tenant => {
    const known = made.get(tenant.id);
    if (known) return known;
    // What the source is to become in this run, it is before it is copied.
    const source = declared.get(tenant.clone?.from ?? "");
    const one = new Tenant(tenant.id, tenant, {
      ...own,
      dependsOn: [own.dependsOn, ...(source ? [make(source)] : [])],
      protect: own.protect === true && tenant.state !== "retired",
    });
    made.set(tenant.id, one);
    return one;
  };
  tenants.forEach(make);
}

/** What a shard may lose, the plugin decides for each tenant; the shard itself goes only when it is empty. */
function makeShards(tenants: readonly DeclaredTenant[], own: OwnOptions): void {
  for (const shard of toShards(tenants))
    new TenantShard(shard, {
      ...own,
      protect: own.protect === true && Object.keys(shard.tenants).length > 0,
    });
}
