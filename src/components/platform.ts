import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { PLATFORM_SCHEMAS, platformDefaultGrants, platformGrants } from "../core/privileges.ts";
import { platformRoles } from "../core/roles.ts";
import type { LoginRole, Settings } from "../settings/settings.ts";
import { Chain } from "./chain.ts";
import { Credential } from "./resources/credential.ts";
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

/** What all tenants share: roles, database, schemas and their rights, and the migrations of those schemas. */
export class Platform extends pulumi.ComponentResource {
  readonly server: Server;
  /** Passwords of the login roles, by their part in the settings. */
  readonly credentials: ReadonlyMap<LoginRole, Credential>;
  /** The last resource of the platform: tenants depend on it. */
  readonly done: pulumi.Resource;

  readonly #settings: Settings;
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

    this.credentials = this.#makeCredentials();
    this.#makeRoles();
    this.#makeDatabase();
    this.#grant();
    for (const area of ["books", "central", "parametros", "shared"] as const)
      this.#migrate(area, migrations[area]);
    this.done = this.#chain.last;
    this.registerOutputs();
  }

  #makeCredentials(): ReadonlyMap<LoginRole, Credential> {
    const { logins, roles } = this.#settings;
    // A password is no customer's data: losing the resource only means a new one.
    const options = { parent: this, provider: this.server.provider };
    return new Map(
      (Object.keys(logins) as LoginRole[]).map((login) => [
        login,
        new Credential(
          `credential-${login}`,
          { role: roles[login], generation: logins[login].generation },
          options,
        ),
      ]),
    );
  }

  #makeRoles(): void {
    const { logins, roles } = this.#settings;
    const loginOf = new Map((Object.keys(logins) as LoginRole[]).map((key) => [roles[key], key]));
    for (const role of platformRoles(roles, this.#settings.server.existing?.without)) {
      const login = loginOf.get(role.name);
      const password = login && this.credentials.get(login)?.verifier;
      this.#chain.add(
        (link) =>
          new postgresql.Role(
            `role-${role.name}`,
            {
              name: role.name,
              login: role.login,
              roles: [...role.memberOf],
              bypassRowLevelSecurity: role.bypassRowLevelSecurity,
              replication: role.replication,
              ...(password && { password }),
              ...(login && { connectionLimit: logins[login].connectionLimit }),
            },
            {
              ...this.#postgresql,
              ...this.server.guarded,
              ...link,
              // Strict tenants hand their roles to it, and see to that themselves.
              ...(role.name === roles.user && { ignoreChanges: ["roles"] }),
            },
          ),
      );
    }
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
    for (const { role, on, name, privileges } of platformGrants(roles, database))
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
    this.#chain.add(
      (link) =>
        new Migrations(
          `migrations-${area}`,
          {
            area,
            files,
            ...(area === "central" && { rowLevelSecurity: this.#settings.rowLevelSecurity }),
          },
          { parent: this, provider: server.provider, ...this.#inside, ...link },
        ),
    );
  }
}
