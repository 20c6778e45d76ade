import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { ConfigFiles } from "./resources/config-files.ts";
import { EmbeddedServer } from "./resources/embedded-server.ts";
import { ServerReady } from "./resources/server-ready.ts";
import { TenantryProvider } from "./resources/tenantry-provider.ts";

/** How long a server may take to accept a login, in seconds: crash recovery of a large WAL included. */
const READY_DEADLINE_SECONDS = 120;

export interface ServerArgs {
  readonly settings: Settings;
  /** The administrator's password: static, so that a preview sees every input. */
  readonly adminPassword: pulumi.Input<string>;
  /** postgresql.conf, complete. */
  readonly parameters: Readonly<Record<string, string>>;
  /** pg_hba.conf, line by line. */
  readonly hba: readonly string[];
}

/**
 * The PostgreSQL server of a stack, with its configuration, up to the point where a login works.
 *
 * On the target `embedded` it is a process on this machine, in `.tenantry/<stack>/server`.
 */
export class Server extends pulumi.ComponentResource {
  /** The name of the superuser, on every target of our own making. */
  static readonly administrator = "postgres";

  readonly host = "127.0.0.1";
  readonly port: number;
  readonly adminPassword: pulumi.Output<string>;
  readonly provider: TenantryProvider;
  /** What everything inside the database depends on. */
  readonly ready: ServerReady;
  /** For everything inside the server: a disposable one takes its contents with it. */
  readonly contained: pulumi.CustomResourceOptions;
  /** For whatever holds customers' data: it refuses to go, unless the stack is disposable. */
  readonly guarded: pulumi.CustomResourceOptions;

  constructor(name: string, args: ServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("tenantry:index:Server", name, {}, options);
    const { settings, parameters, hba } = args;
    const directory = `.tenantry/${settings.stack}/server`;
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
        disposable: settings.disposable,
      },
      { parent: this },
    );
    const own = { parent: this, provider: this.provider };

    const configuration = new ConfigFiles("configuration", { directory, parameters, hba }, own);
    const server = new EmbeddedServer(
      "postgresql",
      {
        directory,
        port: this.port,
        user: Server.administrator,
        password: this.adminPassword,
        startDigest: configuration.startDigest,
        restartPolicy: settings.server.restartPolicy,
      },
      { ...own, protect: !settings.disposable },
    );
    this.contained = settings.disposable ? { deletedWith: server } : {};
    this.guarded = { ...this.contained, protect: !settings.disposable };
    this.ready = new ServerReady(
      "ready",
      { configuration: configuration.digest, deadlineSeconds: READY_DEADLINE_SECONDS },
      { ...own, ...this.contained, dependsOn: server },
    );
    this.registerOutputs();
  }
}
