import * as pulumi from "@pulumi/pulumi";
import type { PartitionPlacement } from "../../core/partition.ts";
import type { Rotation } from "../../core/rotation.ts";

/** The shared schemas that migrations are kept for, in the order in which they are applied. */
export type PlatformArea = "books" | "central" | "parametros" | "shared";

export interface MigrationsArgs {
  readonly area: PlatformArea;
  /** SHA-256 of each file of `sql/<area>/`, by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Row level security on `central.users`; for the area `central` only. */
  readonly rowLevelSecurity?: boolean;
  /**
   * How the roles log in, by name: their changes are written to the audit log; for the area `central` only. No secret,
   * and to be given after the roles.
   */
  readonly rotations?: Readonly<Record<string, Rotation>>;
  /**
   * Whether applications use the shared tables themselves, under row level security (`values`); for the area `shared`
   * only. Default: `tenants`, and they do not.
   */
  readonly partitions?: PartitionPlacement;
}

/** The migrations of one shared schema, applied in order, each once. */
export class Migrations extends pulumi.CustomResource {
  constructor(name: string, args: MigrationsArgs, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:Migrations", name, { ...args }, options);
  }
}
