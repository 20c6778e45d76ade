import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Pool } from "pg";
import { TenantryError } from "../core/errors.ts";
import type { Migration } from "../core/migration.ts";
import { Semaphore } from "../core/semaphore.ts";
import { targetVersion } from "../core/tenant-version.ts";
import type { Manager, TenantSpec } from "../core/tenant.ts";
import { readSqlArea } from "../fleet/sql-files.ts";
import { archiveSecrets } from "../fleet/archive/store/archive-secrets.ts";
import { ArchiveStore } from "../fleet/archive/store/archive-store.ts";
import type { FleetContext } from "../fleet/context.ts";
import type { Connection } from "../postgres/pool.ts";
import { createPool } from "../postgres/pool.ts";
import { MAINTENANCE_DATABASE } from "../server/login.ts";
import type { Configuration } from "./configuration.ts";

function archivesOf(configuration: Configuration): ArchiveStore {
  const { archives, bucketAccess } = configuration;
  const secrets = archiveSecrets(configuration, process.env);
  return new ArchiveStore({
    place: archives,
    bucketAccess,
    secrets: () => Promise.resolve(secrets),
  });
}

/** What the resources of one plugin process share: its configuration, and connections made at first use. */
export class Session {
  #configuration: Configuration | undefined;
  #pool: Pool | undefined;
  #archives: ArchiveStore | undefined;
  #tenantMigrations: readonly Migration[] | undefined;
  /** An engine starts the plugin anew for each run. */
  readonly #runId = randomUUID();
  /** What this run declares, by the tenant's id: a preview finds it here and not yet in the database. */
  readonly declared = new Map<string, { readonly manager: Manager; readonly spec: TenantSpec }>();
  /** For the tenants of all shards: no more of them at once than there are connections. */
  readonly slots = new Semaphore(4);
  /** The plugin runs in the project's root. */
  readonly #sqlDirectory = join(process.cwd(), "sql");

  configure(configuration: Configuration): void {
    this.#configuration = configuration;
  }

  /** @throws {TenantryError} TNT-471 before the engine has configured the plugin. */
  get configuration(): Configuration {
    if (this.#configuration === undefined)
      throw new TenantryError("TNT-471", { plugin: "tenantry" });
    return this.#configuration;
  }

  /** The administrator's login where it is possible before the application's database exists. */
  get administrator(): Connection {
    const { host, port, user, password, tls, maintenanceDatabase } = this.configuration;
    const database = maintenanceDatabase ?? MAINTENANCE_DATABASE;
    return { host, port, user, password, tls, database };
  }

  /** What the use cases of the fleet work with. @param manager what declares the tenants they are about */
  fleet(signal: AbortSignal, manager?: Manager): FleetContext {
    const { database, stack, roles, partitionKey, disposable, retention } = this.configuration;
    this.#pool ??= createPool({ ...this.administrator, database });
    const common = { stack, roles, partitionKey, disposable, retention, signal, manager };
    return {
      ...common,
      archives: this.archives,
      pool: this.#pool,
      sqlDirectory: this.#sqlDirectory,
      runId: this.#runId,
    };
  }

  /** Where the tenants' archives are. */
  get archives(): ArchiveStore {
    return (this.#archives ??= archivesOf(this.configuration));
  }

  /** The version a tenant will have, for a preview. */
  targetVersion(spec: TenantSpec): number {
    this.#tenantMigrations ??= readSqlArea(this.#sqlDirectory, "tenant");
    return targetVersion(spec, this.#tenantMigrations, 0);
  }

  /** Refuses to remove what holds data, unless the stack says that its data is worth nothing. */
  requireDisposable(resource: string): void {
    if (!this.configuration.disposable) throw new TenantryError("TNT-470", { resource });
  }

  async close(): Promise<void> {
    await this.#pool?.end();
  }
}
