// The whole database as one Pulumi program: settings -> server -> platform -> tenants -> outputs.
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Fleet } from "./src/components/fleet.ts";
import { Platform } from "./src/components/platform.ts";
import { Server } from "./src/components/server.ts";
import { withoutStackTraces } from "./src/components/without-stack-traces.ts";
import { migrationChecksums } from "./src/fleet/migration-checksums.ts";
import { readAdminPassword } from "./src/settings/admin-password.ts";
import { hbaLines } from "./src/settings/hba-lines.ts";
import { loadSettings } from "./src/settings/load-settings.ts";
import { serverParameters } from "./src/settings/server-parameters.ts";

const root = import.meta.dirname;
const sql = join(root, "sql");
const config = new pulumi.Config();
const stack = pulumi.getStack();

const settings = loadSettings({
  get: (key) => config.get(key),
  keys: Object.keys(pulumi.runtime.allConfig()),
  project: pulumi.getProject(),
  stack,
  root,
});

const { server, platform, fleet } = withoutStackTraces(() => {
  const server = new Server("server", {
    settings,
    adminPassword: config.getSecret("adminPassword") ?? readAdminPassword(root, settings),
    tlsKey: config.getSecret("tlsKey"),
    archiveSecrets: {
      archivePassphrase: config.getSecret("archivePassphrase"),
      formerArchivePassphrases: config.getSecret("formerArchivePassphrases"),
      archiveSecretKey: config.getSecret("archiveSecretKey"),
    },
    parameters: serverParameters(settings),
    hba: hbaLines(settings),
  });
  const platform = new Platform("platform", {
    settings,
    server,
    migrations: {
      books: migrationChecksums(sql, "books"),
      central: migrationChecksums(sql, "central"),
      parametros: migrationChecksums(sql, "parametros"),
      shared: migrationChecksums(sql, "shared"),
    },
  });
  const fleet = new Fleet("fleet", {
    settings,
    platform,
    migrations: {
      tenant: migrationChecksums(sql, "tenant"),
      shared: migrationChecksums(sql, "shared"),
    },
  });
  return { server, platform, fleet };
});

/** How an application connects. */
export const connection = {
  ...server.address,
  database: settings.database,
  ...platform.logins.user,
  /** What to check the server's certificate by, when the stack's own authority made it. */
  authorityCertificate: server.authorityCertificate,
};
/** The name and the password of each role that logs in. */
export const logins = platform.logins;
export const tenantCount = fleet.count;
