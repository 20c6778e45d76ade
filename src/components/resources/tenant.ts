import * as pulumi from "@pulumi/pulumi";
import type { DeclaredTenant } from "../../core/tenant.ts";

/** Everything of one tenant. Its spec is one property, since each property costs the SDK an Output. */
export class Tenant extends pulumi.CustomResource {
  constructor(
    name: string,
    { renamedFrom, ...spec }: DeclaredTenant,
    options: pulumi.CustomResourceOptions,
  ) {
    if (renamedFrom === undefined) super("tenantry:index:Tenant", name, { spec }, options);
    else
      super(
        "tenantry:index:Tenant",
        name,
        { spec, renamedFrom },
        { ...options, aliases: [{ name: renamedFrom }] },
      );
  }
}
