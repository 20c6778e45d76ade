import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_SCHEMAS, platformDefaultGrants, platformGrants } from "../core/privileges.ts";
import { declaredRoles } from "../core/declared-roles.ts";
import type { PlatformRole, RoleNames } from "../core/roles.ts";
import { currentLogin } from "../core/rotation.ts";
import type { LoginRole, LoginSettings, Settings } from "../settings/settings.ts";
import { Chain } from "./chain.ts";
import { makeCredentials, rotationsOf } from "./credentials.ts";
import type { Credential } from "./resources/credential.ts";
import { OwnerMembership } from "./resources/owner-membership.ts";
import { Migrations } from "./resources/migrations.ts";
import type { PlatformArea } from "./resources/migrations.ts";
import type { Server } from "./server.ts";

export interface PlatformArgs {
  readonly settings: Settings;
  readonly server: Server;
  /** SHA-256 of each migration file, by area and file name. */
  readonly migrations: Readonly<Record<PlatformArea, Readonly<Record<string, string>>>>;
}

/** How an application logs in. */
interface ApplicationLogin {
  readonly user: string;
  readonly password: pulumi.Output<string> | undefined;
}

/** What all tenants share: roles, database, schemas and their rights, and the migrations of those schemas. */
export class Platform extends pulumi.ComponentResource {
  readonly server: Server;
  /** With which name and password applications log in, by the role's part in the settings. */
  readonly logins: Readonly<Record<LoginRole, ApplicationLogin>>;
  /** The last resource of the platform: tenants depend on it. */
  readonly done: pulumi.Resource;

  readonly #settings: Settings;
  /** By the login's name. */
  readonly #credentials: ReadonlyMap<string, Credential>;
  readonly #chain: Chain;
  readonly #postgresql: pulumi.CustomResourceOptions;
  /** For what is inside the database: where the server stays, a disposable stack's goes with the database. */
  #inside: pulumi.CustomResourceOptions;

  constructor(name: string, args: PlatformArgs, options?: pulumi.ComponentResourceOptions) {
    super("tenantry:index:Platform", name, {}, options);
    const { settings, server, migrations } = args;
    this.#settings = settings;
    this.server = server;
    const provider = new postgresql.Provider(
      "postgresql",
      {
        ...server.administrator,
        connectTimeout: 15,
        maxConnections: 4,
      },
      { parent: this },
    );
    this.#postgresql = { parent: this, provider, ...server.contained };
    this.#inside = server.contained;
    this.#chain = new Chain(server.ready);

    // A password is no customer's data: losing the resource only means a new one.
    this.#credentials = makeCredentials(settings, { parent: this, provider: server.provider });
    this.logins = this.#currentLogins();
    this.#makeRoles();
    this.#makeDatabase();
    this.#grant();
    for (const area of ["books", "central", "parametros", "shared"] as const)
      this.#migrate(area, migrations[area]);
    this.done = this.#chain.last;
    this.registerOutputs();
  }

  /** The name and the password with which applications log in, for each role that does. */
  #currentLogins(): Platform["logins"] {
    const { logins, roles } = this.#settings;
    const login = (part: LoginRole): ApplicationLogin => {
      const { name: user } = currentLogin(roles[part], logins[part]);
      return { user, password: this.#credentials.get(user)?.password };
    };
    return {
      user: login("user"),
      app: login("app"),
      readonly: login("readonly"),
      monitor: login("monitor"),
      backup: login("backup"),
    };
  }

  #makeRoles(): void {
    const { logins, roles, server } = this.#settings;
    const limits: Partial<Record<keyof RoleNames, LoginSettings>> = logins;
    for (const role of declaredRoles(roles, { logins, without: server.existing?.without })) {
      const { name, part, isMember } = role;
      const password = this.#credentials.get(name)?.verifier;
      const connectionLimit = part && limits[part]?.connectionLimit;
      const login = part && { connectionLimit, ...(password && { password }) };
      // A member owns nothing, and goes when overlap ends.
      this.#makeRole(role, isMember ? this.server.contained : this.server.guarded, login);
    }
  }

  #makeRole(
    role: PlatformRole,
    options: pulumi.CustomResourceOptions,
    login: Partial<postgresql.RoleArgs> = {},
  ): void {
    this.#chain.add(
      (link) =>
        new postgresql.Role(
          `role-${role.name}`,
          {
            name: role.name,
            login: role.login,
            ...(role.memberOf && { roles: [...role.memberOf] }),
            bypassRowLevelSecurity: role.bypassRowLevelSecurity,
            replication: role.replication,
            ...login,
          },
          {
            ...this.#postgresql,
            ...options,
            ...link,
            // Its memberships are the tenants'.
            ...(role.memberOf === undefined && { ignoreChanges: ["roles"] }),
          },
        ),
    );
  }

  #makeDatabase(): void {
    const { database, roles, server, disposable } = this.#settings;
    if (server.existing)
      this.#chain.add(
        (link) =>
          new OwnerMembership(
            "owner-membership",
            { role: roles.owner, administrator: server.login.user },
            { parent: this, provider: this.server.provider, ...link },
          ),
      );
    const made = this.#chain.add(
      (link) =>
        new postgresql.Database(
          `database-${database}`,
          {
            name: database,
            owner: roles.owner,
            encoding: "UTF8",
            lcCollate: "C.UTF-8",
            lcCtype: "C.UTF-8",
            template: "template0",
            connectionLimit: -1,
            allowConnections: true,
          },
          { ...this.#postgresql, ...this.server.guarded, ...link },
        ),
    );
    if (server.existing && disposable) this.#inside = { deletedWith: made };
    for (const schema of PLATFORM_SCHEMAS)
      this.#chain.add(
        (link) =>
          new postgresql.Schema(
            `schema-${schema}`,
            { database, name: schema, owner: roles.owner, ifNotExists: false, dropCascade: false },
            { ...this.#postgresql, ...this.server.guarded, ...this.#inside, ...link },
          ),
      );
    if (!server.existing?.without.includes("pg_stat_statements"))
      this.#chain.add(
        (link) =>
          new postgresql.Extension(
            "extension-pg_stat_statements",
            { database, name: "pg_stat_statements", schema: "extensions" },
            { ...this.#postgresql, ...this.#inside, ...link },
          ),
      );
  }

  #grant(): void {
    const { database, roles } = this.#settings;
    for (const { role, on, name, privileges } of platformGrants(
      roles,
      database,
      this.#settings.partitions,
    ))
      this.#chain.add(
        (link) =>
          new postgresql.Grant(
            `grant-${on}-${name}-${role}`,
            {
              database,
              role,
              objectType: on,
              privileges: [...privileges],
              ...(on === "schema" && { schema: name }),
            },
            { ...this.#postgresql, ...this.#inside, ...link },
          ),
      );
    for (const { role, schema, objects, privileges } of platformDefaultGrants(roles))
      this.#chain.add(
        (link) =>
          new postgresql.DefaultPrivileges(
            `default-${schema}-${objects}-${role}`,
            {
              database,
              schema,
              owner: roles.owner,
              role,
              objectType: objects,
              privileges: [...privileges],
            },
            { ...this.#postgresql, ...this.#inside, ...link },
          ),
      );
  }

  #migrate(area: PlatformArea, files: Readonly<Record<string, string>>): void {
    const { server } = this;
    const { partitions, rowLevelSecurity } = this.#settings;
    this.#chain.add(
      (link) =>
        new Migrations(
          `migrations-${area}`,
          {
            area,
            files,
            // It comes after the roles, which have their passwords by then.
            ...(area === "central" && { rowLevelSecurity, rotations: rotationsOf(this.#settings) }),
            ...(area === "shared" && partitions === "values" && { partitions }),
          },
          { parent: this, provider: server.provider, ...this.#inside, ...link },
        ),
    );
  }
}
