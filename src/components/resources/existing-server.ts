import * as pulumi from "@pulumi/pulumi";
import type { Waiver } from "../../core/capabilities.ts";

export interface ExistingServerArgs {
  /** Another address must lead to the same server. */
  readonly host: string;
  readonly port: number;
  /** The settings that the server should have. They are compared, and never changed. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the stack does without, since the administrator may not do it. */
  readonly without: readonly Waiver[];
  /** How long to wait for a login, in seconds. */
  readonly deadlineSeconds: number;
}

/** A server that somebody else made, and a login that works: what everything inside the database waits for. */
export class ExistingServer extends pulumi.CustomResource {
  constructor(name: string, args: ExistingServerArgs, options: pulumi.CustomResourceOptions) {
    super("tenantry:index:ExistingServer", name, { ...args }, options);
  }
}
