import * as pulumi from "@pulumi/pulumi";

export interface OwnerMembershipArgs {
  /** The owner role. */
  readonly role: string;
  readonly administrator: string;
}

/**
 * The administrator's membership in the owner role. Who is no superuser may hand on a role that it made, and act as
 * it only as its member.
 */
export class OwnerMembership extends pulumi.CustomResource {
  constructor(name: string, args: OwnerMembershipArgs, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:OwnerMembership", name, { ...args }, options);
  }
}
