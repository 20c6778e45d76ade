import { readFileSync } from "node:fs";
import type { PluginDefinition } from "../protocol/plugin-definition.ts";
import { configFilesHandler } from "./config-files.ts";
import { checkConfiguration } from "./configuration.ts";
import type { Configuration } from "./configuration.ts";
import { credentialHandler } from "./credential.ts";
import { embeddedServerHandler } from "./embedded-server.ts";
import { existingServerHandler } from "./existing-server.ts";
import { fleetMigrationsHandler } from "./fleet-migrations.ts";
import { migrationsHandler } from "./migrations.ts";
import { ownerMembershipHandler } from "./owner-membership.ts";
import { serverReadyHandler } from "./server-ready.ts";
import { Session } from "./session.ts";
import { tenantHandler } from "./tenant.ts";
import { tenantShardHandler } from "./tenant-shard.ts";
import { tlsFilesHandler } from "./tls-files.ts";

/** The Pulumi plugin `tenantry`: a handler for each type of resource, sharing one session. */
export function tenantryPlugin(): PluginDefinition {
  const session = new Session();
  return {
    name: "tenantry",
    version: packageVersion(),
    resources: {
      "tenantry:index:ConfigFiles": configFilesHandler(session),
      "tenantry:index:TlsFiles": tlsFilesHandler(session),
      "tenantry:index:EmbeddedServer": embeddedServerHandler(session),
      "tenantry:index:ExistingServer": existingServerHandler(session),
      "tenantry:index:OwnerMembership": ownerMembershipHandler(session),
      "tenantry:index:ServerReady": serverReadyHandler(session),
      "tenantry:index:Credential": credentialHandler(),
      "tenantry:index:Migrations": migrationsHandler(session),
      "tenantry:index:Tenant": tenantHandler(session),
      "tenantry:index:TenantShard": tenantShardHandler(session),
      "tenantry:index:FleetMigrations": fleetMigrationsHandler(session),
    },
    checkConfig: checkConfiguration,
    configure: (args) => {
      session.configure(args as unknown as Configuration);
    },
    close: () => session.close(),
  };
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
