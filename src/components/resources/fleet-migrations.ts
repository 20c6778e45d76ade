import * as pulumi from "@pulumi/pulumi";

export interface FleetMigrationsArgs {
  /** SHA-256 of each file of `sql/tenant/`, by file name. */
  readonly tenant: Readonly<Record<string, string>>;
}

/** Brings every tenant to the newest migration. Tenants do not depend on it, nor it on them. */
export class FleetMigrations extends pulumi.CustomResource {
  constructor(name: string, args: FleetMigrationsArgs, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:FleetMigrations", name, { ...args }, options);
  }
}
