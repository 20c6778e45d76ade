import { migrateFleet } from "../fleet/migrate-fleet.ts";
import { readMigrations } from "../fleet/read-migrations.ts";
import { unlessGone } from "../fleet/unless-gone.ts";
import { PartialFailure } from "../protocol/plugin-failure.ts";
import type { ResourceHandler } from "../protocol/resource-handler.ts";
import type { Properties } from "../protocol/values.ts";
import { checkUnchangedFiles, migrationFiles, newestVersion } from "./check-files.ts";
import { problemsOf } from "./check-properties.ts";
import type { Session } from "./session.ts";

const ID = "fleet";

/** Every tenant at the newest migration. Tenants whose migration fails stay behind; the next run tries them again. */
export function fleetMigrationsHandler(session: Session): ResourceHandler {
  const migrate = async (
    inputs: Properties,
    preview: boolean,
    signal: AbortSignal,
  ): Promise<Properties> => {
    if (preview) return { ...inputs, version: newestVersion(inputs.tenant) };
    const { version, failures } = await migrateFleet(session.fleet(signal));
    const outputs = { ...inputs, version };
    if (failures.length === 0) return outputs;
    const reasons = failures.map(({ id, message }) => `tenant ${id}: ${message}`);
    throw new PartialFailure({ id: ID, outputs, reasons });
  };
  return {
    check: ({ olds, news }) => [
      ...problemsOf(news, { tenant: migrationFiles }),
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
