import * as pulumi from "@pulumi/pulumi";

/** Either a generation, or the overlap of the role's members. */
export interface CredentialArgs {
  /** The login role that the password is for. */
  readonly role: string;
  /** Raise it for a new password. */
  readonly generation?: number;
  /** How far its members are, for a role that keeps the password it had before them. */
  readonly overlap?: { readonly generation: number; readonly confirmed?: number };
}

/** A random password and its SCRAM verifier: only the verifier ever reaches the server. */
export class Credential extends pulumi.CustomResource {
  declare readonly password: pulumi.Output<string>;
  declare readonly verifier: pulumi.Output<string>;

  constructor(name: string, args: CredentialArgs, options: pulumi.CustomResourceOptions) {
    super(
      "tenantry:index:Credential",
      name,
      { ...args, password: undefined, verifier: undefined },
      { ...options, additionalSecretOutputs: ["password", "verifier"] },
    );
  }
}
