import * as pulumi from "@pulumi/pulumi";
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

    for (const tenant of settings.tenants)
      new Tenant(tenant.id, tenant, {
        ...common,
        ...guarded,
        protect: guarded.protect === true && tenant.state !== "retired",
      });
    new FleetMigrations(
      "fleet-migrations",
      { ...migrations, ...settings.migrations },
      { ...common, ...contained },
    );
    this.count = settings.tenants.length;
    this.registerOutputs();
  }
}
