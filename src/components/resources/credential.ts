import * as pulumi from "@pulumi/pulumi";

export interface CredentialArgs {
  /** The login role that the password is for. */
  readonly role: string;
  /** Raise it for a new password. */
  readonly generation: number;
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
