import * as pulumi from "@pulumi/pulumi";

export interface TlsFilesArgs {
  /** The server's directory, relative to the project. */
  readonly directory: string;
  /** The image whose account gets the key. */
  readonly image: string;
  /** A certificate that people have, and its key, as PEM. */
  readonly given?: { readonly certificate: string; readonly key: pulumi.Input<string> };
  /** Without one: the names that the stack's own authority certifies. Raise the generation for another certificate. */
  readonly made?: {
    readonly stack: string;
    readonly names: readonly string[];
    readonly generation: number;
  };
}

/** The certificate of a server in a container, given or made by the stack's own authority, and its files. */
export class TlsFiles extends pulumi.CustomResource {
  /** The folder with the files. */
  declare readonly tlsDirectory: pulumi.Output<string>;
  /** SHA-256, of the certificate. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** What clients check the certificate by; none for one that was given. */
  declare readonly authorityCertificate: pulumi.Output<string | undefined>;

  constructor(name: string, args: TlsFilesArgs, options: pulumi.CustomResourceOptions) {
    super(
      "tenantry:index:TlsFiles",
      name,
      {
        ...args,
        tlsDirectory: undefined,
        fingerprint: undefined,
        authorityCertificate: undefined,
        certificate: undefined,
        key: undefined,
        authority: undefined,
      },
      { ...options, additionalSecretOutputs: ["key", "authority"] },
    );
  }
}
