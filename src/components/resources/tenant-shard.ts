import * as pulumi from "@pulumi/pulumi";
import type { Shard } from "../../core/shard.ts";

/** The tenants of one shard. They are one property, since each property costs the SDK an Output. */
export class TenantShard extends pulumi.CustomResource {
  constructor(shard: Shard, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:TenantShard", `shard-${shard.number}`, { ...shard }, options);
  }
}
