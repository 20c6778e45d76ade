import * as pulumi from "@pulumi/pulumi";

export interface EmbeddedServerArgs {
  /** The server's directory, relative to the project. */
  readonly directory: string;
  /** TCP port on 127.0.0.1 and ::1. */
  readonly port: number;
  /** The superuser that initdb makes. */
  readonly user: string;
  readonly password: pulumi.Input<string>;
  /** `ConfigFiles.startDigest`: a change asks for a restart. */
  readonly startDigest: pulumi.Input<string>;
  /** `allow` restarts the server for settings that need it, `deny` leaves them pending. */
  readonly restartPolicy: "allow" | "deny";
}

/** A PostgreSQL 16 from the npm package, on this machine. It goes on running after the command. */
export class EmbeddedServer extends pulumi.CustomResource {
  constructor(name: string, args: EmbeddedServerArgs, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:EmbeddedServer", name, { ...args }, options);
  }
}
