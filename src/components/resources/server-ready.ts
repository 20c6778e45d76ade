import * as pulumi from "@pulumi/pulumi";

export interface ServerReadyArgs {
  /** `ConfigFiles.digest`: a change reloads the configuration. */
  readonly configuration: pulumi.Input<string>;
  /** How long to wait for a login, in seconds. */
  readonly deadlineSeconds: number;
}

/** A login that works, a configuration that is loaded: what everything inside the database waits for. */
export class ServerReady extends pulumi.CustomResource {
  constructor(name: string, args: ServerReadyArgs, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:ServerReady", name, { ...args }, options);
  }
}
