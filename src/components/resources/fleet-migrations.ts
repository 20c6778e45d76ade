import * as pulumi from "@pulumi/pulumi";
import type { MigrationPolicy } from "../../core/fleet-plan.ts";

export interface FleetMigrationsArgs extends MigrationPolicy {
  /** SHA-256 of each file of `sql/tenant/`, by file name. */
  readonly tenant: Readonly<Record<string, string>>;
  /** The same of `sql/shared/`: each tenant gets its partition of a new table. */
  readonly shared: Readonly<Record<string, string>>;
}

/**
 * Brings every tenant to the newest migration and gives it the partitions of new shared tables. Tenants do not depend
 * on it, nor it on them.
 */
export class FleetMigrations extends pulumi.CustomResource {
  constructor(name: string, args: FleetMigrationsArgs, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:FleetMigrations", name, { ...args }, options);
  }
}
