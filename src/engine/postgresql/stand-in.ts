import type { PluginDefinition } from "../../protocol/plugin-definition.ts";
import { database } from "./database.ts";
import { Databases } from "./databases.ts";
import { defaultPrivileges } from "./default-privileges.ts";
import { extension } from "./extension.ts";
import { grant } from "./grant.ts";
import { objectHandler } from "./object-handler.ts";
import { checkProviderConfig, providerConfig } from "./provider-config.ts";
import { role } from "./role.ts";
import { schema } from "./schema.ts";

/** The version of the official plugin that the stand-in stands for: that of the @pulumi/postgresql in use. */
const VERSION = "3.18.1";

/**
 * The local engine's stand-in for Pulumi's postgresql plugin: the resource types this project's program uses, with
 * the same effects in the database and the same inputs, outputs and ids in the state, so that the official plugin
 * sees nothing to change later.
 *
 * @param pendingCreates the URNs whose objects may be there already
 */
export function postgresqlStandIn(pendingCreates: ReadonlySet<string>): PluginDefinition {
  let databases = new Databases(providerConfig({}));
  const context = { databases: () => databases, pendingCreates };
  const types = [role, database, schema, extension, grant, defaultPrivileges];
  return {
    name: "postgresql",
    version: VERSION,
    checkConfig: checkProviderConfig,
    configure: (args) => {
      databases = new Databases(providerConfig(args));
    },
    resources: Object.fromEntries(types.map((type) => [type.token, objectHandler(type, context)])),
    close: () => databases.close(),
  };
}
