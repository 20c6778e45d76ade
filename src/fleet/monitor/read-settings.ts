import { settingDifferences } from "../../core/setting-differences.ts";
import type { ServerSetting, SettingDifference } from "../../core/setting-differences.ts";
import { runStatements } from "../../postgres/run-statements.ts";
import { withClient } from "../../postgres/with-client.ts";
import { fleetQuery } from "../fleet-query.ts";
import type { MonitorContext } from "./read-monitor.ts";

/**
 * The declared settings that the server has otherwise.
 *
 * @param ctx with a pool of `plain` sessions: what a session sets for itself hides what the server has
 * @param declared by name, as in postgresql.conf
 * @throws {TenantryError} those of `withClient` when PostgreSQL cannot be reached
 */
export async function readSettings(
  { pool }: MonitorContext,
  declared: Readonly<Record<string, string>>,
): Promise<SettingDifference[]> {
  const [result] = await withClient(pool, (client) =>
    runStatements(client, [fleetQuery("server/settings", [Object.keys(declared)])]),
  );
  return settingDifferences(declared, (result?.rows ?? []) as unknown as ServerSetting[]);
}
