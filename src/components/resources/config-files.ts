import * as pulumi from "@pulumi/pulumi";

export interface ConfigFilesArgs {
  /** The server's directory, relative to the project. */
  readonly directory: string;
  /** postgresql.conf: every setting that is written, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** pg_hba.conf, line by line, first match wins. */
  readonly hba: readonly string[];
  /** For a server in a container. */
  readonly container?: {
    /** The image whose program checks the files. */
    readonly image: string;
    /** The administrator's password. */
    readonly password: pulumi.Input<string>;
    readonly name: string;
    /** The port on this machine, which no other program may have when the container comes. */
    readonly port: number;
    /** The address of this machine that the port is published on. */
    readonly address: string;
  };
}

/** postgresql.conf and pg_hba.conf, checked by the server's own binary before they replace the old ones. */
export class ConfigFiles extends pulumi.CustomResource {
  /** Hash of both files. */
  declare readonly digest: pulumi.Output<string>;
  /** Hash of the settings that PostgreSQL takes only at start. */
  declare readonly startDigest: pulumi.Output<string>;
  /** For a server in a container: the folder with both files, and the file with the password. */
  declare readonly configDirectory: pulumi.Output<string>;
  declare readonly passwordFile: pulumi.Output<string>;

  constructor(name: string, args: ConfigFilesArgs, options: pulumi.CustomResourceOptions) {
    super(
      "tenantry:index:ConfigFiles",
      name,
      {
        ...args,
        digest: undefined,
        startDigest: undefined,
        configDirectory: undefined,
        passwordFile: undefined,
      },
      options,
    );
  }
}
