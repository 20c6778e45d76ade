import type * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import type { TlsMode } from "../core/tls.ts";
import type { Settings } from "../settings/settings.ts";
import { dockerServer } from "./docker-server.ts";
import { embeddedServer } from "./embedded-server.ts";
import { existingServer } from "./existing-server.ts";
import { TenantryProvider } from "./resources/tenantry-provider.ts";
import type { ArchiveSecretArgs } from "./resources/tenantry-provider.ts";

export interface ServerArgs {
  readonly settings: Settings;
  /** The administrator's password: static, so that a preview sees every input. */
  readonly adminPassword: pulumi.Input<string>;
  /** The private key of a certificate that is given. */
  readonly tlsKey?: pulumi.Input<string> | undefined;
  /** What opens the archives, and the bucket they are in. */
  readonly archiveSecrets?: ArchiveSecretArgs;
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
  readonly ready: pulumi.Resource;
  /** What holds the data: where it goes, everything inside goes with it. None where the server stays. */
  readonly data?: pulumi.Resource;
  /** What clients check the server's certificate by, where the stack has an authority of its own. */
  readonly authorityCertificate?: pulumi.Output<string | undefined>;
}

/** The PostgreSQL server of a stack, with its configuration, up to the point where a login works. */
export class Server extends pulumi.ComponentResource {
  /** Where applications find it. */
  readonly address: { readonly host: string; readonly port: number; readonly sslmode?: TlsMode };
  /** The login of the administrator, for the provider of what belongs to the whole cluster. */
  readonly administrator: postgresql.ProviderArgs;
  readonly provider: TenantryProvider;
  /** What everything inside the database depends on. */
  readonly ready: pulumi.Resource;
  /** For everything inside the server: a disposable one takes its contents with it. */
  readonly contained: pulumi.CustomResourceOptions;
  /** For whatever holds customers' data: it refuses to go, unless the stack is disposable. */
  readonly guarded: pulumi.CustomResourceOptions;
  readonly authorityCertificate: pulumi.Output<string | undefined> | undefined;

  constructor(name: string, args: ServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("tenantry:index:Server", name, {}, options);
    const { settings } = args;
    const { host, port, login, docker, existing } = settings.server;
    const { user, tls } = login;
    const password = pulumi.secret(args.adminPassword);
    this.address = { host, port, ...(existing && { sslmode: tls.mode }) };
    this.administrator = {
      ...{ host, port, username: user, password, database: login.database, sslmode: tls.mode },
      ...(tls.ca !== undefined && { sslrootcert: tls.ca }),
      // Only who surely is one reads the roles' passwords back.
      superuser: existing === undefined,
    };

    this.provider = new TenantryProvider(
      "tenantry",
      {
        ...{ host, port, user, password },
        ...(existing && { tls, maintenanceDatabase: login.database }),
        database: settings.database,
        stack: `${settings.project}/${settings.stack}`,
        roles: settings.roles,
        partitionKey: settings.partitionKey,
        archives: settings.archives,
        bucketAccess: settings.bucketAccess,
        ...args.archiveSecrets,
        disposable: settings.disposable,
        ...(settings.retention > 0 && { retention: settings.retention }),
      },
      { parent: this },
    );
    const given = {
      ...args,
      adminPassword: password,
      administrator: user,
      own: { parent: this, provider: this.provider },
    };
    const target = existing
      ? existingServer({ ...given, existing })
      : docker
        ? dockerServer({ ...given, docker })
        : embeddedServer(given);
    const { ready, data } = target;
    this.ready = ready;
    this.authorityCertificate = target.authorityCertificate;
    this.contained = settings.disposable && data ? { deletedWith: data } : {};
    this.guarded = { ...this.contained, protect: !settings.disposable };
    this.registerOutputs();
  }
}
