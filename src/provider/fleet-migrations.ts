import { DEFAULT_POLICY } from "../core/fleet-plan.ts";
import type { MigrationPolicy } from "../core/fleet-plan.ts";
import { SHARE } from "../core/share.ts";
import { migrateFleet } from "../fleet/migrate-fleet.ts";
import { readMigrations } from "../fleet/read-migrations.ts";
import { unlessGone } from "../fleet/unless-gone.ts";
import { PartialFailure } from "../protocol/plugin-failure.ts";
import type { ResourceHandler } from "../protocol/resource-handler.ts";
import type { Properties } from "../protocol/values.ts";
import { checkUnchangedFiles, migrationFiles, newestVersion } from "./check-files.ts";
import { integer, listOf, matching, optional, problemsOf, text } from "./check-properties.ts";
import type { Rule } from "./check-properties.ts";
import type { Session } from "./session.ts";

const ID = "fleet";

const share = matching(SHARE, "a share such as 5%");
const canary: Rule = (value) => (Array.isArray(value) ? listOf(text)(value) : share(value));
const maxFailures: Rule = (value) =>
  typeof value === "number" ? integer(0, 1_000_000)(value) : share(value);

const RULES = {
  tenant: migrationFiles,
  shared: optional(migrationFiles),
  canary: optional(canary),
  maxFailures: optional(maxFailures),
  wave: optional(integer(1, 1_000_000)),
};

const policyOf = ({ canary, maxFailures, wave }: Properties): MigrationPolicy =>
  ({
    ...DEFAULT_POLICY,
    ...(canary != null && { canary }),
    ...(maxFailures != null && { maxFailures }),
    ...(wave != null && { wave }),
  }) as MigrationPolicy;

/**
 * Every tenant at the newest migration and with its partition of each shared table. Tenants whose migration fails
 * stay behind; the next run tries them again.
 */
export function fleetMigrationsHandler(session: Session): ResourceHandler {
  const migrate = async (
    inputs: Properties,
    preview: boolean,
    signal: AbortSignal,
  ): Promise<Properties> => {
    if (preview) return { ...inputs, version: newestVersion(inputs.tenant) };
    const { version, failures, left } = await migrateFleet(session.fleet(signal), policyOf(inputs));
    const outputs = { ...inputs, version };
    if (failures.length === 0) return outputs;
    const reasons = [
      ...failures.map(({ id, message }) => `tenant ${id}: ${message}`),
      ...(left.length > 0
        ? [
            `${left.length} more ${left.length === 1 ? "tenant was" : "tenants were"} left as before, since too many failed`,
          ]
        : []),
    ];
    throw new PartialFailure({ id: ID, outputs, reasons });
  };
  return {
    check: ({ olds, news }) => [
      ...problemsOf(news, RULES),
      ...checkUnchangedFiles("tenant", "sql/tenant", olds.tenant, news.tenant),
    ],
    create: async ({ inputs, preview, signal }) => ({
      id: ID,
      outputs: await migrate(inputs, preview, signal),
    }),
    update: ({ news, preview, signal }) => migrate(news, preview, signal),
    read: async ({ id, inputs, outputs, signal }) => {
      // Who is behind is each tenant's own fact; here only whether there is a fleet.
      const ran = await unlessGone(() => readMigrations(session.fleet(signal), "books"));
      return ran && { id, inputs, outputs };
    },
    delete: () => {
      session.requireDisposable("The version of the fleet");
      return Promise.resolve();
    },
  };
}
