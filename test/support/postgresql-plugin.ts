import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { secret } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";
import type { TestCluster } from "./cluster.ts";
import { PluginProcess } from "./plugin-process.ts";
import { TestResource } from "./tenantry-plugin.ts";
import type { ResourceState } from "./tenantry-plugin.ts";

const STAND_IN = fileURLToPath(
  new URL("../../src/engine/postgresql/pulumi-resource-postgresql", import.meta.url),
);

/** An official plugin's executable, when it is on $PATH. */
export function officialPlugin(name = "postgresql"): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((directory) => join(directory, `pulumi-resource-${name}`))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A postgresql plugin, the stand-in or the official one, at work on a cluster. */
export class PostgresqlPlugin {
  readonly process: PluginProcess;

  private constructor(process: PluginProcess) {
    this.process = process;
  }

  static async start(
    cluster: TestCluster,
    options: { executable?: string; pendingCreates?: readonly string[] } = {},
  ): Promise<PostgresqlPlugin> {
    const plugin = await PluginProcess.start(options.executable ?? STAND_IN, [], {
      TENANTRY_PENDING_CREATES: JSON.stringify(options.pendingCreates ?? []),
    });
    await plugin.configure({
      host: cluster.host,
      port: String(cluster.port),
      username: cluster.user,
      password: secret(cluster.password),
      database: cluster.database,
      sslmode: "disable",
      superuser: "true",
      connectTimeout: "15",
      maxConnections: "4",
    });
    return new PostgresqlPlugin(plugin);
  }

  /** An object of a type such as `Role`, its state kept in the test. */
  object(type: string, name: string, state?: ResourceState): TestResource {
    return new TestResource(this.process, postgresqlType(type), name, state);
  }

  /** The inputs as Check completes them. */
  async checked(type: string, name: string, news: Properties): Promise<Properties> {
    return (await this.process.check(postgresqlUrn(type, name), news)).inputs;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

const postgresqlType = (type: string): string =>
  `postgresql:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;

/** The URN that `object` uses. */
export function postgresqlUrn(type: string, name: string): string {
  return `urn:pulumi:test::tenantry::${postgresqlType(type)}::${name}`;
}
