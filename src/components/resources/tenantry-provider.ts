import * as pulumi from "@pulumi/pulumi";
import type { BucketAccess } from "../../core/archive-location.ts";
import type { RoleNames } from "../../core/roles.ts";
import type { Tls } from "../../core/tls.ts";

/** Where the database is and how the administrator reaches it: all known before anything runs. */
export interface TenantryProviderArgs extends ArchiveSecretArgs {
  /** Host name or address of the server. Static, like every field here: an unknown one would blank the preview. */
  readonly host: string;
  readonly port: number;
  /** The administrator, a superuser on servers of our making. */
  readonly user: string;
  readonly password: pulumi.Output<string>;
  /** Default: plain text. */
  readonly tls?: Tls;
  /** Where the administrator logs in before the application's database is there. Default: postgres. */
  readonly maintenanceDatabase?: string;
  /** The application's database. */
  readonly database: string;
  /** `<project>/<stack>`: what the books write beside each tenant that this stack made. */
  readonly stack: string;
  readonly roles: RoleNames;
  /** The column that shared tables are partitioned by. */
  readonly partitionKey: string;
  /** Where the tenants' archives go: a folder, or `s3://bucket/folder`. */
  readonly archives: string;
  /** How buckets are reached. */
  readonly bucketAccess: BucketAccess;
  /** Lifts every protection against the loss of data. */
  readonly disposable: boolean;
  /** Days for which a tenant stays retired before it may be removed. Default: none. */
  readonly retention?: number;
}

/** Secrets of the archives, each static like the rest. */
export interface ArchiveSecretArgs {
  /** New archives are encrypted with it. */
  readonly archivePassphrase?: pulumi.Output<string> | undefined;
  /** Others that open archives, one a line. */
  readonly formerArchivePassphrases?: pulumi.Output<string> | undefined;
  /** Of the bucket's access key. */
  readonly archiveSecretKey?: pulumi.Output<string> | undefined;
}

/** The tenantry plugin, configured for one server. */
export class TenantryProvider extends pulumi.ProviderResource {
  constructor(name: string, args: TenantryProviderArgs, options?: pulumi.ResourceOptions) {
    super("tenantry", name, { ...args }, options);
  }
}
