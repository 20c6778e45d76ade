import * as pulumi from "@pulumi/pulumi";
import type { DeclaredTenant } from "../core/tenant.ts";
import type { Settings } from "../settings/settings.ts";
import type { Platform } from "./platform.ts";
import { FleetMigrations } from "./resources/fleet-migrations.ts";
import { Tenant } from "./resources/tenant.ts";

export interface FleetArgs {
  readonly settings: Settings;
  readonly platform: Platform;
  /** SHA-256 of each file of `sql/tenant/` and `sql/shared/`, by file name. */
  readonly migrations: Readonly<Record<"tenant" | "shared", Readonly<Record<string, string>>>>;
}

/** All tenants: one resource for each entry of the list, named by its id. */
export class Fleet extends pulumi.ComponentResource {
  readonly count: number;

  constructor(name: string, args: FleetArgs, options?: pulumi.ComponentResourceOptions) {
    super("tenantry:index:Fleet", name, {}, options);
    const { settings, platform, migrations } = args;
    const common = { parent: this, provider: platform.server.provider, dependsOn: platform.done };
    const { contained, guarded } = platform.server;

    const declared = new Map(settings.tenants.map((tenant) => [tenant.id, tenant]));
    const made = new Map<string, Tenant>();
    const make = (tenant: DeclaredTenant): Tenant => {
      const known = made.get(tenant.id);
      if (known) return known;
      // What the source is to become in this run, it is before it is copied.
      const source = declared.get(tenant.clone?.from ?? "");
      const one = new Tenant(tenant.id, tenant, {
        ...common,
        ...guarded,
        dependsOn: [platform.done, ...(source ? [make(source)] : [])],
        protect: guarded.protect === true && tenant.state !== "retired",
      });
      made.set(tenant.id, one);
      return one;
    };
    settings.tenants.forEach(make);
    new FleetMigrations(
      "fleet-migrations",
      { ...migrations, ...settings.migrations },
      { ...common, ...contained },
    );
    this.count = settings.tenants.length;
    this.registerOutputs();
  }
}
