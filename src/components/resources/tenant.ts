import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../core/tenant.ts";

/** Everything of one tenant. Its spec is one property, since each property costs the SDK an Output. */
export class Tenant extends pulumi.CustomResource {
  constructor(name: string, spec: TenantSpec, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:Tenant", name, { spec }, options);
  }
}
