import * as pulumi from "@pulumi/pulumi";

export interface ServerReadyArgs {
  /** `ConfigFiles.digest`: a change reloads the configuration. */
  readonly configuration: pulumi.Input<string>;
  /** How long to wait for a login, in seconds. */
  readonly deadlineSeconds: number;
  /** The id of the server's container: another one is waited for again, and its log explains a failure. */
  readonly container?: pulumi.Input<string>;
  /** The administrator's password, where this resource sees to it: a server that still has the old one is given it. */
  readonly password?: pulumi.Input<string>;
  /** The fingerprint of the certificate that the server has to serve. */
  readonly certificate?: pulumi.Input<string>;
}

/** How long a server may take to accept a login, in seconds: crash recovery of a large WAL included. */
export const READY_DEADLINE_SECONDS = 120;

/** A login that works, a configuration that is loaded: what everything inside the database waits for. */
export class ServerReady extends pulumi.CustomResource {
  constructor(name: string, args: ServerReadyArgs, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:ServerReady", name, { ...args }, options);
  }
}
