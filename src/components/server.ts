import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { dockerServer } from "./docker-server.ts";
import { embeddedServer } from "./embedded-server.ts";
import type { ServerReady } from "./resources/server-ready.ts";
import { TenantryProvider } from "./resources/tenantry-provider.ts";

export interface ServerArgs {
  readonly settings: Settings;
  /** The administrator's password: static, so that a preview sees every input. */
  readonly adminPassword: pulumi.Input<string>;
  /** The private key of a certificate that is given. */
  readonly tlsKey?: pulumi.Input<string> | undefined;
  /** postgresql.conf, complete. */
  readonly parameters: Readonly<Record<string, string>>;
  /** pg_hba.conf, line by line. */
  readonly hba: readonly string[];
}

/** What a target makes its server of. */
export interface TargetArgs extends ServerArgs {
  readonly adminPassword: pulumi.Output<string>;
  /** The name of the superuser. */
  readonly administrator: string;
  /** For each resource of the server. */
  readonly own: { readonly parent: pulumi.Resource; readonly provider: TenantryProvider };
}

/** What a target gives. */
export interface TargetServer {
  /** What everything inside the database depends on. */
  readonly ready: ServerReady;
  /** What holds the data: where it goes, everything inside goes with it. */
  readonly data: pulumi.Resource;
  /** What clients check the server's certificate by, where the stack has an authority of its own. */
  readonly authorityCertificate?: pulumi.Output<string | undefined>;
}

/** The PostgreSQL server of a stack, with its configuration, up to the point where a login works. */
export class Server extends pulumi.ComponentResource {
  /** The name of the superuser, on every target of our own making. */
  static readonly administrator = "postgres";

  readonly host: string;
  readonly port: number;
  readonly adminPassword: pulumi.Output<string>;
  readonly provider: TenantryProvider;
  /** What everything inside the database depends on. */
  readonly ready: ServerReady;
  /** For everything inside the server: a disposable one takes its contents with it. */
  readonly contained: pulumi.CustomResourceOptions;
  /** For whatever holds customers' data: it refuses to go, unless the stack is disposable. */
  readonly guarded: pulumi.CustomResourceOptions;
  readonly authorityCertificate: pulumi.Output<string | undefined> | undefined;

  constructor(name: string, args: ServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("tenantry:index:Server", name, {}, options);
    const { settings } = args;
    this.host = settings.server.host;
    this.port = settings.server.port;
    this.adminPassword = pulumi.secret(args.adminPassword);

    this.provider = new TenantryProvider(
      "tenantry",
      {
        host: this.host,
        port: this.port,
        user: Server.administrator,
        password: this.adminPassword,
        database: settings.database,
        stack: `${settings.project}/${settings.stack}`,
        roles: settings.roles,
        partitionKey: settings.partitionKey,
        archives: settings.archives,
        disposable: settings.disposable,
      },
      { parent: this },
    );
    const { docker } = settings.server;
    const given = {
      ...args,
      adminPassword: this.adminPassword,
      administrator: Server.administrator,
      own: { parent: this, provider: this.provider },
    };
    const target = docker ? dockerServer({ ...given, docker }) : embeddedServer(given);
    const { ready, data } = target;
    this.ready = ready;
    this.authorityCertificate = target.authorityCertificate;
    this.contained = settings.disposable ? { deletedWith: data } : {};
    this.guarded = { ...this.contained, protect: !settings.disposable };
    this.registerOutputs();
  }
}
